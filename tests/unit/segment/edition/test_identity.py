"""Ids go with the articles through corrections, and pages in any order end in the ids of the whole."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.segment.article import Caption, Jump, LineRef, SegmentedArticle, Weather
from services.segment.edition import identity
from services.segment.edition.identity import KnownArticle, assign_ids, from_state, is_fragment, reduced, to_state
from tests.unit.segment.by_hand import segmented

ISSUE = "渔港日报/2023-08-15"
FISHING = segmented(
    "本报讯 今晨六时，三百零五艘渔船驶出渔港，为期三个半月的休渔期结束。",
    "渔民陈大海说，今年的鱼比往年多，头一网就有两千斤，船上的冰不够用。",
    headline="休渔期满渔港今晨开渔",
)
BRIDGE = segmented(
    "跨海大桥的最后一段钢箱梁昨日吊装到位，大桥全线合龙，明年春天通车。",
    "大桥全长十二公里，双向六车道，建成后从县城到港口只要二十分钟。",
    headline="跨海大桥全线合龙",
)
SCHOOL = segmented(
    "全县新建的七所小学昨日同时开学，四千多名孩子走进了新教室。",
    "新学校都有食堂和操场，山里的孩子不必再走一个小时的路。",
    headline="七所新小学昨日开学",
)
FORECAST = Weather("多云", "偏南风2级", 26, 33, "今日多云，偏南风2级，26℃到33℃")
WEATHER = segmented(kind="weather", weather=FORECAST)


def after(*versions: list[SegmentedArticle]) -> tuple[KnownArticle, ...]:
    known: tuple[KnownArticle, ...] = ()
    for version, articles in enumerate(versions, start=1):
        known = from_state(to_state(assign_ids(ISSUE, articles, known, version)))
    return known


def ids(*versions: list[SegmentedArticle]) -> list[str]:
    return [one.article_id for one in after(*versions) if one.alive]


def rewritten(article: SegmentedArticle, old: str, new: str) -> SegmentedArticle:
    blocks = tuple(replace(block, text=block.text.replace(old, new)) for block in article.blocks)
    return replace(article, headline=article.headline.replace(old, new), blocks=blocks)


def test_every_article_gets_an_id_of_its_issue_and_twins_get_two() -> None:
    first, second, third = ids([FISHING, BRIDGE, FISHING])
    assert len({first, second, third}) == 3
    for article_id in (first, second, third):
        issue, _, digits = article_id.rpartition("/")
        assert (issue, len(digits), int(digits, 16) >= 0) == (ISSUE, 12, True)


def test_the_same_version_again_changes_nothing() -> None:
    once = after([FISHING, BRIDGE, FISHING, WEATHER])
    assert after([FISHING, BRIDGE, FISHING, WEATHER], [FISHING, BRIDGE, FISHING, WEATHER]) == once


@pytest.mark.parametrize(
    "corrected",
    [
        rewritten(FISHING, "三百零五", "三百五十"),
        rewritten(FISHING, "休渔期满渔港今晨开渔", "三百余艘渔船出海"),
        replace(FISHING, blocks=(*FISHING.blocks, *BRIDGE.blocks[:1])),
        replace(FISHING, blocks=FISHING.blocks[::-1]),
        replace(FISHING, headline="", blocks=FISHING.blocks),
        replace(FISHING, captions=(Caption("渔船驶出渔港。", "王摄影", (LineRef(1, 9),)),)),
        replace(FISHING, kind="brief", pages=(2,)),
    ],
    ids=["a word", "another headline", "a paragraph more", "turned round", "headline gone", "a caption", "moved"],
)
def test_a_corrected_article_keeps_its_id(corrected: SegmentedArticle) -> None:
    before = ids([FISHING, SCHOOL])
    assert ids([FISHING, SCHOOL], [SCHOOL, corrected]) == before[::-1]


def test_another_extraction_of_the_same_page_keeps_the_ids() -> None:
    """Line breaks, full-width forms and spaces are the extractor's, not the article's."""
    again = replace(
        FISHING, blocks=tuple(replace(b, text=b.text.replace("，", " ,\n").replace("。", "．")) for b in FISHING.blocks)
    )
    assert reduced(again) == reduced(FISHING)
    assert ids([FISHING, BRIDGE], [again, BRIDGE]) == ids([FISHING, BRIDGE])


def test_a_new_article_does_not_inherit_the_id_of_one_that_is_gone() -> None:
    (gone,) = ids([FISHING])
    known = after([FISHING], [BRIDGE])
    assert [one.alive for one in known] == [True, False]
    assert known[0].article_id != gone == known[1].article_id


def test_an_article_that_comes_back_has_its_id_again() -> None:
    first = ids([FISHING, BRIDGE])
    assert ids([FISHING, BRIDGE], [BRIDGE], [BRIDGE], [FISHING, BRIDGE]) == first


def test_of_an_article_that_splits_the_larger_part_keeps_the_id() -> None:
    whole = replace(FISHING, blocks=(*FISHING.blocks, *BRIDGE.blocks[:1]))
    (one,) = ids([whole])
    large, small = ids([whole], [FISHING, replace(BRIDGE, blocks=BRIDGE.blocks[:1])])
    assert large == one != small


def test_of_articles_that_merge_the_likelier_id_stays_and_the_other_is_withdrawn() -> None:
    merged = replace(FISHING, blocks=(*FISHING.blocks, *BRIDGE.blocks[:1]))
    fishing, bridge = ids([FISHING, replace(BRIDGE, blocks=BRIDGE.blocks[:1])])
    known = after([FISHING, replace(BRIDGE, blocks=BRIDGE.blocks[:1])], [merged])
    assert [(one.article_id, one.alive) for one in known] == [(fishing, True), (bridge, False)]


def test_another_days_forecast_is_still_the_issues_forecast() -> None:
    other = Weather("大雨", "东北风8级", 20, 22, "今日大雨，东北风8级，20℃到22℃")
    before = ids([WEATHER, FISHING])
    assert ids([WEATHER, FISHING], [FISHING, segmented(kind="weather", weather=other)]) == before[::-1]


FROM_ONE = Jump("from", 1, "上接1版", LineRef(3, 1))
TO_THREE = Jump("to", 3, "下转3版", LineRef(1, 9))
HEAD = replace(FISHING, blocks=FISHING.blocks[:1], jumps=(TO_THREE,))
REST = segmented(FISHING.blocks[1].text, page=3, jump=FROM_ONE, flags=("jump-unresolved", "body-only"))
JOINED = replace(FISHING, pages=(1, 3), jumps=(TO_THREE, FROM_ONE))


def issue_of(pages: frozenset[int]) -> list[SegmentedArticle]:
    """Return the articles of an issue with a story from page 1 to 3, as far as its pages are there."""
    articles = []
    if 1 in pages:
        articles += [JOINED if 3 in pages else HEAD, WEATHER]
    if 2 in pages:
        articles.append(replace(BRIDGE, pages=(2,)))
    if 3 in pages:
        articles += [replace(SCHOOL, pages=(3,)), *([] if 1 in pages else [REST])]
    return articles


def test_a_continuation_without_its_beginning_is_a_fragment() -> None:
    assert is_fragment(REST)
    assert not is_fragment(HEAD)
    assert not is_fragment(JOINED)


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])), ids=str)
def test_pages_in_any_order_end_in_the_ids_of_the_whole_at_once(order: tuple[int, ...]) -> None:
    versions = [issue_of(frozenset(order[:known])) for known in (1, 2, 3)]
    assert ids(*versions) == ids(issue_of(frozenset({1, 2, 3})))


@given(st.lists(st.lists(st.sampled_from([FISHING, BRIDGE, SCHOOL, WEATHER, JOINED, REST]), max_size=5), max_size=5))
def test_no_id_is_ever_given_twice_or_forgotten(versions: list[list[SegmentedArticle]]) -> None:
    known: tuple[KnownArticle, ...] = ()
    for version, articles in enumerate(versions, start=1):
        before = {one.article_id for one in known}
        known = assign_ids(ISSUE, articles, known, version)
        given_out = [one.article_id for one in known]
        assert len(given_out) == len(set(given_out))
        assert before <= set(given_out)
        assert [one.alive for one in known] == [True] * len(articles) + [False] * (len(known) - len(articles))
        assert from_state(to_state(known)) == known


def digits(number: int) -> str:
    """Return a text that no other number's is like."""
    return "".join(hashlib.sha256(f"{number}/{part}".encode()).hexdigest() for part in range(3))


def test_what_is_known_of_articles_gone_is_bounded_and_those_gone_last_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every one was withdrawn again with each version, and kept with its text: four corrections a day for a year."""
    monkeypatch.setattr(identity, "KEPT_GONE", 20)
    known: tuple[KnownArticle, ...] = ()
    for version in range(1, 31):
        story = segmented(digits(version))
        known = assign_ids(ISSUE, [story], known, version)
        if version > 1:
            assert known[1].gone_at == version
    assert [one.gone_at for one in known] == [0, *range(30, 10, -1)]


def test_all_that_goes_at_once_is_withdrawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is for what has been withdrawn already."""
    monkeypatch.setattr(identity, "KEPT_GONE", 20)
    known = assign_ids(ISSUE, [segmented(digits(number)) for number in range(25)], (), 1)
    gone = assign_ids(ISSUE, [], known, 2)
    assert [len(gone), len(assign_ids(ISSUE, [], gone, 3))] == [25, 20]


def standing(*versions: list[SegmentedArticle], version: int = 9) -> list[KnownArticle]:
    """Return what a rewind knows: everything with its text, and of what is withdrawn the id alone."""
    return [replace(one, text=one.text if one.alive else "", alive=False, gone_at=version) for one in after(*versions)]


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])), ids=str)
@pytest.mark.parametrize("first_order", list(permutations([1, 2, 3]))[::2], ids=str)
def test_after_a_rewind_the_ids_that_stand_are_given_again_in_whatever_order_pages_come(
    order: tuple[int, ...], first_order: tuple[int, ...]
) -> None:
    """Ids were made from the first revision that came; after the rewind another may come first."""
    edited = [rewritten(article, "今晨", "昨晨") for article in issue_of(frozenset({1, 2, 3}))]
    before = [*(issue_of(frozenset(first_order[:known])) for known in (1, 2, 3)), edited]
    known: tuple[KnownArticle, ...] = tuple(standing(*before))
    for version, pages in enumerate((1, 2, 3), 1):
        known = assign_ids(ISSUE, issue_of(frozenset(order[:pages])), known, version)
    known = assign_ids(ISSUE, edited, known, 9)
    assert [one.article_id for one in known if one.alive] == ids(*before)
    assert {one.article_id for one in after(*before)} <= {one.article_id for one in known}


def test_after_a_rewind_what_is_not_made_again_is_withdrawn() -> None:
    """So an archive that was doubled by an earlier rewind has each article once again."""
    twice = standing([FISHING, BRIDGE], [FISHING, SCHOOL])
    doubled = [*twice, replace(twice[0], article_id=f"{ISSUE}/0123456789ab")]
    known = assign_ids(ISSUE, [FISHING, SCHOOL], doubled, 9)
    assert [one.article_id for one in known if one.alive] == ids([FISHING, BRIDGE], [FISHING, SCHOOL])
    assert {one.article_id for one in known if not one.alive} == {
        f"{ISSUE}/0123456789ab",
        ids([FISHING, BRIDGE])[1],
    }


def history(versions: list[list[SegmentedArticle]], known: tuple[KnownArticle, ...]) -> list[list[str]]:
    """Return the ids at each version."""
    found = []
    for version, articles in enumerate(versions, start=1):
        known = assign_ids(ISSUE, articles, known, version)
        found.append([one.article_id for one in known if one.alive])
    return found


EDITED = [rewritten(FISHING, "今晨", "昨晨"), rewritten(FISHING, "三百零五", "三百"), rewritten(BRIDGE, "十二", "三十")]
HALF = replace(FISHING, blocks=FISHING.blocks[:1])


@given(
    st.lists(
        st.lists(st.sampled_from([FISHING, *EDITED, HALF, BRIDGE, WEATHER, JOINED, REST]), max_size=4),
        min_size=1,
        max_size=5,
    )
)
@example([[FISHING], [EDITED[0], EDITED[0]]])
@example([[FISHING], [EDITED[0], EDITED[1]], [EDITED[1]]])
def test_a_rewind_through_the_same_versions_gives_every_version_the_same_ids(
    versions: list[list[SegmentedArticle]],
) -> None:
    """Articles with equal texts exchanged their ids, and an article got the id of a later one that is like it."""
    known = tuple(sorted(standing(*versions, version=len(versions)), key=lambda one: one.article_id))
    assert history(versions, known) == history(versions, ())
