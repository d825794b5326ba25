"""Sets running text with another lead and in columns of another width."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from services.segment.page.rows import printed_width
from services.segment.roles import BODY
from training.segmentation.corpus import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.segmentation.variants.lines import Line
    from training.segmentation.variants.style import Style

_LEAD = re.compile(
    "^[【〔\\[]?(?:本报讯|(?:据)?新华社[^，。]{0,16}?电|本报[^，。]{0,14}?[讯电]|中新社[^，。]{0,14}?电|[^，。]{1,5}讯)"
    "[】〕\\]]?[ \u3000]*(?:[（(\\[][^（）()\\[\\]]{0,40}[)）\\]])?(?:记者[^，。：]{2,14}报道[：:])?[ \u3000]*"
)
_HANGING = frozenset("，。、；：！？”’）》」』,;:!?)")


def _wrapped(text: str, width: float, indent: float) -> list[str]:
    """Set a paragraph in lines of `width` full-width characters; the first line is shorter by `indent`."""
    made: list[str] = []
    current, used, limit = "", 0.0, width - indent
    for character in text:
        wide = printed_width(character)
        if used + wide > limit and current and character not in _HANGING:
            made.append(current)
            current, used, limit = "", 0.0, width
        current += character
        used += wide
    return [*made, current] if current.strip() else made


def reset(lines: Sequence[Line], style: Style) -> list[Line]:
    """Set running text with another lead and in columns of another width; paragraphs keep their frames' shares."""
    if style.width is None and style.lead is None:
        return list(lines)
    paragraphs: dict[str, list[list[int]]] = {}
    for k, line in enumerate(lines):
        if line.role == BODY and line.article != NOBODY:
            own = paragraphs.setdefault(line.article, [])
            if line.start or not own:
                own.append([])
            own[-1].append(k)
    put: dict[int, list[Line]] = {}
    for own in paragraphs.values():
        usual = Counter(round(printed_width(lines[k].text)) for rows in own for k in rows).most_common(1)[0][0]
        width = max(7.0, round(usual * style.width)) if style.width else float(max(usual, 7))
        for number, rows in enumerate(own):
            text = "".join(lines[k].text for k in rows)
            if number == 0 and style.lead is not None and style.random.random() < 0.8:
                bare = _LEAD.sub("", text)
                text = (style.filled(style.lead) if style.lead else "") + (bare or text)
            elif not style.width:
                continue
            indent = 2.0 if lines[rows[0]].indented or style.indent else 0.0
            _share(put, lines, rows, _wrapped(text, width, indent))
    return [x for k, line in enumerate(lines) for x in put.get(k, [line])]


def _share(put: dict[int, list[Line]], lines: Sequence[Line], rows: Sequence[int], texts: Sequence[str]) -> None:
    """Give the lines `texts` the places of `rows`, in proportion."""
    first = lines[rows[0]]
    for place, k in enumerate(rows):
        low, high = (round(len(texts) * p / len(rows)) for p in (place, place + 1))
        put[k] = [
            replace(
                lines[k],
                text=text,
                gap=first.gap if n == 0 else lines[k].gap if n == low else 0,
                start=first.start and n == 0,
                indented=first.indented and n == 0,
            )
            for n, text in enumerate(texts[low:high], low)
        ]
