"""From a segmented issue to messages: every article, every withdrawal, and the record of the issue, last."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from schemas.article import Article, IssueRecord, LineSpan, Withdrawal
from schemas.issue import Issue, Page
from services.segment.article import (
    Block,
    Byline,
    Caption,
    FurnitureLine,
    Jump,
    LineRef,
    PlacedLine,
    Quality,
    SegmentedArticle,
    SegmentedIssue,
    Weather,
)
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids
from services.segment.edition.messages import line_spans, messages
from tests.unit.segment.by_hand import segmented

ISSUE = Issue(
    issue_id="渔港日报/2023-08-15",
    paper="渔港日报",
    date=dt.date(2023, 8, 15),
    date_assumed=True,
    revision=7,
    version=7 * 2048 + 1,
    pages=(Page(page=1, revision=7, text="…"), Page(page=3, revision=6, text="…")),
)
STORY = SegmentedArticle(
    kind="story",
    pages=(1, 3),
    headline="渔港今晨开渔",
    kicker="休渔期结束",
    deck="三百艘渔船出海",
    label="民生",
    bylines=(Byline("陈小海", "记者"),),
    source="本报讯",
    blocks=(
        Block("paragraph", "本报讯 今晨渔船出港。", (LineRef(1, 4), LineRef(1, 5), LineRef(3, 1))),
        Block("subhead", "鱼多", (LineRef(3, 3),)),
    ),
    captions=(Caption("渔船出港。", "王摄影", (LineRef(1, 9),)),),
    jumps=(Jump("to", 3, "下转3版", LineRef(1, 5)),),
    weather=None,
    lines=(
        PlacedLine(1, 2, "headline"),
        PlacedLine(1, 3, "headline"),
        PlacedLine(1, 4, "body"),
        PlacedLine(1, 5, "body"),
        PlacedLine(1, 7, "body"),
        PlacedLine(3, 1, "body"),
    ),
    confidence=0.875,
    flags=("low-confidence",),
)
FORECAST = segmented(kind="weather", weather=Weather("多云", None, 26, 33, "今日多云，26到33℃"))
FURNITURE = (FurnitureLine(1, 10, "slogan"), FurnitureLine(1, 11, "slogan"), FurnitureLine(1, 12, "folio"))


def whole(*articles: SegmentedArticle) -> SegmentedIssue:
    return SegmentedIssue(articles, FURNITURE, Quality(9, 9, len(articles), 0, 0, 0, 1))


def made(*versions: SegmentedIssue) -> list[Article | Withdrawal | IssueRecord]:
    known = ()
    for number, version in enumerate(versions, start=1):
        known = assign_ids(ISSUE.issue_id, version.articles, known, number)
    return list(messages(ISSUE, correct(versions[-1], known, (), {})))


def test_articles_come_in_their_order_and_the_issues_record_last() -> None:
    story, forecast, record = made(whole(STORY, FORECAST))
    assert isinstance(story, Article)
    assert isinstance(forecast, Article)
    assert isinstance(record, IssueRecord)
    assert (story.headline, forecast.weather and forecast.weather.high_celsius) == ("渔港今晨开渔", 33)


def test_an_article_carries_all_that_was_found_and_the_issues_version() -> None:
    story = made(whole(STORY))[0]
    assert isinstance(story, Article)
    assert (story.issue_id, story.revision, story.version, story.date_assumed) == (ISSUE.issue_id, 7, 14337, True)
    assert (story.kicker, story.deck, story.label, story.source) == ("休渔期结束", "三百艘渔船出海", "民生", "本报讯")
    assert [(byline.role, byline.name) for byline in story.bylines] == [("记者", "陈小海")]
    assert [(block.kind, block.text) for block in story.body] == [
        ("paragraph", "本报讯 今晨渔船出港。"),
        ("subhead", "鱼多"),
    ]
    assert [(caption.text, caption.credit) for caption in story.captions] == [("渔船出港。", "王摄影")]
    assert [(jump.direction, jump.page, jump.span.first) for jump in story.jumps] == [("to", 3, 5)]
    assert (story.pages, story.confidence, story.flags) == ((1, 3), 0.875, ("low-confidence",))


def test_the_spans_of_an_article_are_its_lines_run_by_run() -> None:
    story = made(whole(STORY))[0]
    assert isinstance(story, Article)
    assert [(span.page, span.first, span.last, span.role) for span in story.spans] == [
        (1, 2, 3, "headline"),
        (1, 4, 5, "body"),
        (1, 7, 7, "body"),
        (3, 1, 1, "body"),
    ]


def test_lines_out_of_order_stay_in_the_order_they_are_read() -> None:
    lines = [LineRef(1, 8), LineRef(1, 9), LineRef(1, 2), LineRef(2, 3), LineRef(2, 3)]
    assert line_spans(lines) == (
        LineSpan(page=1, first=8, last=9),
        LineSpan(page=1, first=2, last=2),
        LineSpan(page=2, first=3, last=3),
        LineSpan(page=2, first=3, last=3),
    )


def test_what_is_gone_is_withdrawn_with_this_version_and_with_every_later_one() -> None:
    gone = made(whole(STORY, FORECAST))[0]
    assert isinstance(gone, Article)
    for versions in ([whole(STORY, FORECAST), whole(FORECAST)], [whole(STORY), whole(FORECAST), whole(FORECAST)]):
        kept, withdrawal, _ = made(*versions)
        assert isinstance(kept, Article)
        assert withdrawal == Withdrawal(
            article_id=gone.article_id,
            issue_id=ISSUE.issue_id,
            paper=ISSUE.paper,
            date=ISSUE.date,
            revision=7,
            version=14337,
        )


def test_an_issue_without_pages_withdraws_all_its_articles() -> None:
    found = made(whole(STORY, FORECAST), SegmentedIssue((), (), Quality(0, 0, 0, 0, 0, 0, 0)))
    assert [message.type for message in found] == ["withdrawal", "withdrawal", "issue"]


def test_the_record_holds_pages_furniture_and_quality() -> None:
    record = made(whole(STORY))[-1]
    assert isinstance(record, IssueRecord)
    assert (record.pages, record.version) == ((1, 3), 14337)
    assert [(span.first, span.last, span.kind) for span in record.furniture] == [(10, 11, "slogan"), (12, 12, "folio")]
    quality = record.quality
    assert (quality.articles, quality.lines, quality.low_confidence, quality.good_confidence) == (1, 9, 0, 1)


def test_the_same_version_gives_the_same_bytes() -> None:
    twice = [[message.encode() for message in made(whole(STORY, FORECAST))] for _ in range(2)]
    assert twice[0] == twice[1]
    other = made(whole(replace(STORY, headline="开渔"), FORECAST))
    assert [message.encode() for message in other] != twice[0]
