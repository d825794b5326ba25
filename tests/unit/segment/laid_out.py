"""Issues by hand whose articles have lines of their own on pages, with ids and corrections for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from schemas.correction import Change, Correction
from services.segment.article import (
    Block,
    Byline,
    Caption,
    Jump,
    LineRef,
    PlacedLine,
    SegmentedArticle,
    SegmentedIssue,
)
from services.segment.articles.assembly import quality_of
from services.segment.articles.rendering import flags_of, kind_of, source_of
from services.segment.edition.identity import KnownArticle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.article import Role

ISSUE = "渔港日报/2023-08-15"
NOON = dt.datetime(2023, 8, 15, 4, tzinfo=dt.UTC)
CHANGE: TypeAdapter[Change] = TypeAdapter(Change)


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on the page, from above: label, heading, bylines, text (## before subheads), captions, jump."""

    text: tuple[str, ...] = ()
    headline: str = ""
    kicker: str = ""
    deck: str = ""
    bylines: tuple[Byline, ...] = ()
    captions: tuple[str, ...] = ()
    jump: int | None = None
    label: str = ""
    page: int = 1


@dataclass(slots=True)
class Paper:
    """An issue in the making: what is set line by line."""

    pages: dict[int, list[str]] = field(default_factory=dict)

    def set_line(self, page: int, text: str) -> LineRef:
        """Print one more line of a page."""
        lines = self.pages.setdefault(page, [])
        lines.append(text)
        return LineRef(page, len(lines))

    def article(self, item: Item) -> SegmentedArticle:
        """Print an item and return the article it makes."""
        placed: list[PlacedLine] = []

        def put(role: Role, text: str) -> LineRef:
            ref = self.set_line(item.page, text)
            placed.append(PlacedLine(ref.page, ref.line, role))
            return ref

        parts: tuple[tuple[Role, str], ...] = (
            ("label", item.label),
            ("kicker", item.kicker),
            ("headline", item.headline),
            ("deck", item.deck),
        )
        for role, text in parts:
            if text:
                put(role, text)
        for byline in item.bylines:
            put("byline", f"■{byline.role} {byline.name}")
        blocks = []
        for text in item.text:
            if text.startswith("##"):
                blocks.append(Block("subhead", text[2:], (put("subhead", text[2:]),)))
            else:
                half = (len(text) + 1) // 2
                refs = tuple(put("body", part) for part in (text[:half], text[half:]) if part)
                blocks.append(Block("paragraph", text, refs))
        captions = tuple(Caption(text, None, (put("caption", text),)) for text in item.captions)
        jumps = ()
        if item.jump is not None:
            jumps = (Jump("to", item.jump, f"下转{item.jump}版", put("jump", f"下转{item.jump}版")),)
        return SegmentedArticle(
            kind=kind_of(blocks, captions),
            pages=(item.page,) if placed else (),
            headline=item.headline,
            kicker=item.kicker,
            deck=item.deck,
            label=item.label,
            bylines=item.bylines,
            source=source_of(blocks),
            blocks=tuple(blocks),
            captions=captions,
            jumps=jumps,
            weather=None,
            lines=tuple(placed),
            confidence=0.9,
            flags=flags_of(item.headline, blocks, captions, 0.9, unresolved=bool(jumps)),
        )


def issue_of(*items: Item) -> tuple[SegmentedIssue, tuple[KnownArticle, ...], dict[int, str]]:
    """Return an issue of `items`, what is known of their ids (000000000000, 000000000001, …), and its pages."""
    paper = Paper()
    articles = tuple(paper.article(item) for item in items)
    known = tuple(
        KnownArticle(article_id(n), one.kind, "", fragment=False, alive=True) for n, one in enumerate(articles)
    )
    total = sum(len(lines) for lines in paper.pages.values())
    pages = {page: "\n".join(lines) for page, lines in paper.pages.items()}
    return SegmentedIssue(articles, (), quality_of(articles, (), total)), known, pages


def article_id(number: int) -> str:
    """Return the id of the article of that number."""
    return f"{ISSUE}/{number:012x}"


def correction(
    number: int, article: int | str, change: dict[str, Any], *, by: str = "周敏", minute: int | None = None
) -> Correction:
    """Return a correction whose id and time its number decides."""
    return Correction(
        correction_id=f"{number + 0xC0:012x}{number:020x}",
        article_id=article if isinstance(article, str) else article_id(article),
        by=by,
        at=NOON + dt.timedelta(minutes=number if minute is None else minute),
        change=CHANGE.validate_python(change, strict=False),
    )


def undone(corrections: Sequence[Correction]) -> list[Correction]:
    """Return what takes back all of `corrections`."""
    return [
        correction(len(corrections) + n, one.article_id, {"change": "take_back", "taken_back": one.correction_id})
        for n, one in enumerate(corrections)
    ]
