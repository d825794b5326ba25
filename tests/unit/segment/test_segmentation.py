"""The invariants of segmentation, and one page whose reading is plain."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segment.article import SegmentedIssue
from services.segment.models.shipped import shipped_models
from services.segment.page.rows import squeeze
from services.segment.segmentation import segment_issue, segment_with
from services.segment.views.spans import prediction

BRIDGE = [
    "　　本报讯（记者 杨帆）昨日上午，",
    "跨越清江的新桥正式建成通车。新桥",
    "全长两公里，双向六车道，比原来的",
    "老桥缩短路程十五分钟。",
    "　　市民陈女士说，以前过江要绕很",
    "远的路，现在几分钟就能到对岸，上",
    "班方便多了。",
]
LIBRARY = [
    "　　新华社北京5月4日电 国家图书馆",
    "今天举办青年读书日活动，邀请多位",
    "作家同青年读者交流读书体会。活动",
    "现场还展出了一批珍贵的古籍。",
    "　　据介绍，图书馆今后每月都将举",
    "办一次这样的读书活动。",
]
PAGE = "\n".join(
    [
        "清江日报",
        "2021年5月5日 星期三",
        "",
        "清江新桥建成通车",
        "",
        *BRIDGE,
        "",
        "国家图书馆举办青年读书日活动",
        "",
        *LIBRARY,
        "",
        "今日天气：晴，东风2-3级，温度18℃-26℃",
        "",
    ]
)

_letters = st.text(
    alphabet=st.sampled_from(list("的是在新闻记者本报讯（）。，：“”℃下转上接第3版摄图/ab1 \u3000\f\r\x00😀\ud840é")),
    max_size=40,
)
_page = st.lists(_letters, max_size=40).map("\n".join)


def places(issue: SegmentedIssue) -> list[tuple[int, int]]:
    return sorted(
        chain(((x.page, x.line) for a in issue.articles for x in a.lines), ((f.page, f.line) for f in issue.furniture))
    )


def printed(pages: dict[int, str]) -> list[tuple[int, int]]:
    return sorted((p, n) for p, text in pages.items() for n, line in enumerate(text.split("\n"), 1) if squeeze(line))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.integers(1, 9), _page, max_size=3))
def test_every_line_is_in_exactly_one_place(pages: dict[int, str]) -> None:
    """No line is lost and none is placed twice."""
    issue = segment_issue(pages)
    assert places(issue) == printed(pages)
    assert issue.quality.placed == issue.quality.lines == len(printed(pages))


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.integers(1, 9), _page, max_size=3))
def test_the_same_pages_give_the_same_articles(pages: dict[int, str]) -> None:
    """The order in which pages were gathered does not matter either."""
    assert segment_issue(pages) == segment_with(shipped_models(), dict(reversed(pages.items())))


def test_pages_that_arrive_one_by_one_end_in_the_articles_of_the_whole_issue() -> None:
    """What is remembered of a page is read anew where another page changes how often its lines are printed."""
    pages = {n: "\n".join(["清江日报", f"第{n}版", "", *(BRIDGE if n % 2 else LIBRARY)]) for n in range(1, 6)}
    known: dict[int, str] = {}
    for number in (3, 1, 5, 2, 4):
        known[number] = pages[number]
        assert segment_issue(known) == segment_with(shipped_models(), known)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    """Any characters whatever, lone carriage returns and unpaired halves of characters among them."""
    assert places(segment_issue({1: text})) == printed({1: text})


def test_an_empty_issue_has_no_articles() -> None:
    """Nothing comes from nothing."""
    assert segment_issue({}).articles == ()
    assert segment_issue({1: "", 2: " \n\u3000\n\f"}).articles == ()


def test_a_line_of_a_million_characters_is_one_line() -> None:
    """Length alone harms nothing."""
    issue = segment_issue({1: "长" * 1_000_000})
    assert places(issue) == [(1, 1)]


def test_two_stories_and_the_weather_are_told_apart() -> None:
    """A page anyone can read is read."""
    issue = segment_issue({1: PAGE})
    stories = {a.headline: a for a in issue.articles if a.blocks}
    assert set(stories) == {"清江新桥建成通车", "国家图书馆举办青年读书日活动"}
    bridge = stories["清江新桥建成通车"]
    assert [b.name for b in bridge.bylines] == ["杨帆"]
    assert bridge.source == "本报讯"
    assert [b.text[:8] for b in bridge.blocks] == ["本报讯（记者杨帆", "市民陈女士说，以"]
    weather = next(a.weather for a in issue.articles if a.weather)
    assert (weather.sky, weather.wind, weather.low_celsius, weather.high_celsius) == ("晴", "东风2-3级", 18, 26)


def test_spans_hold_every_line_once() -> None:
    """The exchange form loses nothing; a weather item counts as furniture there."""
    spans = prediction(segment_issue({1: PAGE}))
    found = [s for a in spans["articles"] for v in a["lines"].values() for s in v] + [
        s for v in spans["furniture"].values() for s in v
    ]
    lines = sorted(n for s in found for n in range(s[1], s[-1] + 1) if squeeze(PAGE.split("\n")[n - 1]))
    assert lines == [n for _, n in printed({1: PAGE})]
    assert spans["furniture"]["weather"]


def test_work_on_an_issue_can_be_ended_between_its_portions() -> None:
    """A worker that must stop, or whose issue takes too long, asks there; several pages make several portions."""
    asked = []

    def between() -> None:
        asked.append(len(asked))
        if len(asked) == 2:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        segment_issue({1: "甲" + PAGE, 2: "乙" + PAGE, 3: "丙" + PAGE}, between)
    assert asked == [0, 1]
