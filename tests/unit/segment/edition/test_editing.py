"""Two articles joined, one cut in two: the parts that corrections of whole issues do not reach."""

from __future__ import annotations

from dataclasses import replace

from services.segment.article import Block, LineRef, PlacedLine, SegmentedArticle, Weather
from services.segment.edition.editing import join, split, with_headline
from tests.unit.segment.by_hand import segmented
from tests.unit.segment.laid_out import Item, Paper


def forecast(line: int, text: str) -> SegmentedArticle:
    weather = Weather("多云", None, 26, 33, text)
    return replace(segmented(kind="weather", weather=weather), lines=(PlacedLine(1, line, "weather"),))


def texts(article: SegmentedArticle) -> list[str]:
    return [block.text for block in article.blocks]


def test_a_second_forecast_follows_the_first_as_a_paragraph() -> None:
    joined = join(forecast(1, "今日多云，26到33℃"), forecast(2, "明日大雨"))
    assert (joined.kind, joined.weather and joined.weather.text) == ("weather", "今日多云，26到33℃")
    assert joined.blocks == (Block("paragraph", "明日大雨", (LineRef(1, 2),)),)
    assert [line.role for line in joined.lines] == ["weather", "body"]


def test_a_story_that_a_forecast_is_joined_to_has_its_values_and_stays_a_story() -> None:
    story = segmented("台风明日登陆。" * 30, headline="台风来了")
    joined = join(story, forecast(9, "今日大雨"))
    assert (joined.kind, joined.weather and joined.weather.text) == ("story", "今日大雨")


def test_a_continuation_under_the_same_headline_does_not_repeat_it() -> None:
    head, rest = Item(("一段。",), headline="渔港开渔"), Item(("二段。",), headline="渔港开渔", page=3)
    paper = Paper()
    joined = join(paper.article(head), paper.article(rest))
    assert (texts(joined), joined.pages) == (["一段。", "二段。"], (1, 3))


def test_a_title_with_its_deck_makes_a_story_of_a_body_and_a_long_one_is_no_brief() -> None:
    paper = Paper()
    body = paper.article(Item(("长" * 100,)))
    title = paper.article(Item(headline="题", deck="副题", label="民生"))
    more = paper.article(Item(("长" * 100,)))
    joined = join(join(body, title), more)
    assert (joined.headline, joined.deck, joined.label, joined.kind, joined.flags) == (
        "题",
        "副题",
        "民生",
        "story",
        (),
    )


def test_a_jump_to_what_was_joined_is_resolved_and_one_that_is_split_off_goes_along() -> None:
    paper = Paper()
    head = paper.article(Item(("一段。", "二段。"), headline="题", jump=3))
    assert head.flags == ("jump-unresolved",)
    assert join(head, paper.article(Item(("三段。",), page=3))).flags == ()
    halves = split(head, 1, "又题", lambda ref: paper.pages[ref.page][ref.line - 1])
    assert halves is not None
    assert [(len(half.jumps), half.flags) for half in halves] == [(0, ()), (1, ("jump-unresolved",))]


def test_a_heading_without_its_text_stays_when_all_of_it_is_split_off() -> None:
    paper = Paper()
    halves = split(paper.article(Item(("一段。",), headline="题")), 0, "", lambda _: "")
    assert halves is not None
    assert [(half.kind, half.headline, half.flags) for half in halves] == [
        ("notice", "题", ("title-only",)),
        ("brief", "", ("body-only",)),
    ]


def test_a_headline_given_to_a_photo_takes_the_orphans_flag_away() -> None:
    photo = Paper().article(Item(captions=("渔船出港。",)))
    assert photo.flags == ("orphan-caption",)
    assert with_headline(photo, "开渔").flags == ()
