"""Where an article is printed, in words that a person can follow to the page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from schemas.page import page_value
from services.desk.archive.provenance import places_of, read_lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.article import LineSpan
    from schemas.tagged import TaggedArticle


def citation(article: TaggedArticle) -> str:
    """Return paper, day, pages and lines, such as 茂名日报 2023-08-15 第1版 第2-6、9行."""
    return f"{article.paper} {article.date.isoformat()} {where(article.spans)}"


def where(spans: Iterable[LineSpan]) -> str:
    """Return pages and lines in words, such as 第1版 第2-6、9行; 第A2版 第1行."""
    places = sorted({(place.page, place.line) for place in places_of(spans)})
    parts = []
    for page, on_page in groupby(places, key=lambda place: place[0]):
        lines = [line for _, line in on_page]
        parts.append(f"第{page_value(page)}版 第{'、'.join(_runs(lines))}行")
    return "; ".join(parts)


def blocks_of(article: TaggedArticle, pages: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the paragraphs, subheads and captions with their printed lines.

    Args:
        article: the article.
        pages: the text of each page of its issue, as published; a page that is missing gives lines without text.
    """
    read = {page: read_lines_of(text) for page, text in pages.items()}
    parts: list[tuple[str, str, Sequence[LineSpan]]] = [(block.kind, block.text, block.spans) for block in article.body]
    parts += [("caption", caption.text, caption.spans) for caption in article.captions]
    found = []
    for kind, text, spans in parts:
        lines = []
        for place in places_of(spans):
            printed = read.get(place.page, ())
            line = {"page": page_value(place.page), "line": place.line}
            lines.append(line | ({"text": printed[place.line - 1]} if place.line <= len(printed) else {}))
        found.append({"kind": kind, "text": text, "cite": where(spans), "lines": lines})
    return found


def _runs(lines: list[int]) -> list[str]:
    """Return sorted numbers as runs: 2, 3, 4, 9 is 2-4 and 9."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
