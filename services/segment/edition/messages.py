"""Turn a segmented issue into messages of the topic `articles`."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from schemas.article import (
    Article,
    Block,
    Byline,
    Caption,
    DamageCount,
    Forecast,
    FurnitureSpan,
    IssueRecord,
    Jump,
    LineSpan,
    Quality,
    RoleSpan,
    Weather,
    Withdrawal,
)
from services.segment.edition.boxes import article_boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from schemas.issue import Issue
    from services.segment.article import FurnitureLine, LineRef, PlacedLine
    from services.segment.article import Weather as WeatherItem
    from services.segment.edition.corrections import CorrectedArticle, CorrectedIssue

Line = TypeVar("Line", "LineRef", "PlacedLine", "FurnitureLine")


def messages(
    issue: Issue, corrected: CorrectedIssue, generation: int = 0
) -> Iterator[Article | Withdrawal | IssueRecord]:
    """Yield every message of this version: its articles, the withdrawals, and the issue's record.

    `differences.due` decides which of them are sent: those that changed.

    Args:
        issue: the version.
        corrected: its articles, as editors corrected them.
        generation: orders messages of the same id and version; a rewind makes the next generation.
    """
    for one in corrected.articles:
        yield article_message(issue, one, generation)
    for article_id in corrected.withdrawn:
        yield Withdrawal(
            article_id=article_id,
            issue_id=issue.issue_id,
            paper=issue.paper,
            date=issue.date,
            revision=issue.revision,
            version=issue.version,
            generation=generation,
        )
    yield record_message(issue, corrected, generation)


def _weather_message(weather: WeatherItem) -> Weather:
    return Weather(
        sky=weather.sky,
        wind=weather.wind,
        low_celsius=weather.low_celsius,
        high_celsius=weather.high_celsius,
        text=weather.text,
        forecasts=tuple(Forecast(**asdict(one)) for one in weather.forecasts),
        warnings=weather.warnings,
    )


def article_message(issue: Issue, corrected: CorrectedArticle, generation: int = 0) -> Article:
    """Return one article as a message."""
    article = corrected.article
    weather = article.weather
    return Article(
        article_id=corrected.article_id,
        issue_id=issue.issue_id,
        paper=issue.paper,
        date=issue.date,
        revision=issue.revision,
        version=issue.version,
        generation=generation,
        date_assumed=issue.date_assumed,
        pages=article.pages,
        kind=article.kind,
        headline=article.headline,
        kicker=article.kicker,
        deck=article.deck,
        label=article.label,
        bylines=tuple(Byline(name=byline.name, role=byline.role) for byline in article.bylines),
        source=article.source,
        body=tuple(Block(kind=b.kind, text=b.text, spans=line_spans(b.lines)) for b in article.blocks),
        captions=tuple(Caption(text=c.text, credit=c.credit, spans=line_spans(c.lines)) for c in article.captions),
        jumps=tuple(
            Jump(direction=j.direction, page=j.page, text=j.text, span=line_spans([j.line])[0]) for j in article.jumps
        ),
        weather=_weather_message(weather) if weather else None,
        spans=tuple(
            RoleSpan(page=first.page, first=first.line, last=last.line, role=first.role)
            for first, last in _runs(article.lines, lambda line: line.role)
        ),
        confidence=article.confidence,
        headline_confidence=article.headline_confidence,
        flags=article.flags,
        topics_chosen=corrected.topics,
        corrections=corrected.corrections,
        boxes=article_boxes(article.lines, issue.pages),
    )


def record_message(issue: Issue, corrected: CorrectedIssue, generation: int = 0) -> IssueRecord:
    """Return the issue's record: its furniture, its quality, and the corrections that no article can show."""
    quality = corrected.quality
    return IssueRecord(
        issue_id=issue.issue_id,
        paper=issue.paper,
        date=issue.date,
        revision=issue.revision,
        version=issue.version,
        generation=generation,
        pages=tuple(page.page for page in issue.pages),
        furniture=tuple(
            FurnitureSpan(page=first.page, first=first.line, last=last.line, kind=first.kind)
            for first, last in _runs(corrected.furniture, lambda line: line.kind)
        ),
        quality=Quality(
            lines=quality.lines,
            placed=quality.placed,
            articles=quality.articles,
            title_only=quality.title_only,
            body_only=quality.body_only,
            orphan_captions=quality.orphan_captions,
            low_confidence=quality.low_confidence,
            fair_confidence=quality.fair_confidence,
            good_confidence=quality.good_confidence,
            high_confidence=quality.high_confidence,
            damaged_text=quality.damaged_text,
            interleaved_columns=quality.interleaved_columns,
            unreadable_characters=quality.damage.unread,
            lines_cleaned=quality.damage.lines,
            damage=tuple(DamageCount(kind=kind, lines=lines) for kind, lines in quality.damage.kinds),
        ),
        corrections=corrected.homeless,
        ignored=issue.ignored,
    )


def line_spans(lines: Iterable[LineRef]) -> tuple[LineSpan, ...]:
    """Return lines as spans of consecutive lines, in the order given."""
    return tuple(LineSpan(page=a.page, first=a.line, last=b.line) for a, b in _runs(list(lines), lambda _: None))


def _runs(lines: Sequence[Line], trait: Callable[[Line], object]) -> Iterator[tuple[Line, Line]]:
    """Yield the first and last line of each run of consecutive lines with the same trait."""
    numbered = enumerate(lines)
    for _, run in groupby(numbered, key=lambda item: (item[1].page, item[1].line - item[0], trait(item[1]))):
        members = [line for _, line in run]
        yield members[0], members[-1]
