"""Features of each row that do not need its role: a vector for every row, computed for a whole page at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.row_shape import chains, characters, column_widths, layout, pattern_flags, support
from services.segment.evidence.row_words import repeated_phrases, repeated_words
from services.segment.features import Features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.segment.arrays import Flags, Floats
    from services.segment.page.page import Page

MOST_PAGES = 4  # most pages that count when the same row is printed on several
FAR = 99.0  # distance to the next row of a kind if there is none
_MOST_AWAY = 40  # largest distance to the next row of a kind that counts
_FULL = 1.1  # characters by which the width of a full line may differ from its column
_HEADING = 1.5  # a row may be a heading if it is more than these characters short of its column
_FURNITURE = (
    "editor",
    "issue_number",
    "contact",
    "publisher",
    "weekday",
    "date_only",
    "folio",
    "teaser",
    "paper_name",
    "weather",
)
_NEXT = (-2, -1, 1, 2)  # offsets of the neighbours whose features are read
_CONTEXT = (
    "width",
    "ratio",
    "short_by",
    "gap",
    "indented",
    "length",
    "first_class",
    "last_class",
    "ends_comma",
    "ends_sentence",
    "share_digit",
    "blanks",
    "torn",
    "reporter_start",
    "lead",
    "photo_end",
    "photo_word",
    "bracketed",
    "jump_only",
    "caption_start",
    "words_elsewhere",
    "phrase_any",
    "phrase_after",
    "vertical",
    "spaced",
    "furniture_like",
    "stops",
    "split_number",
    "open_brackets",
    "support",
    "to_page_width",
    "chain_size",
)
_FARTHER = (-4, -3, 3, 4)
_FAR_CONTEXT = (
    "ratio",
    "ends_sentence",
    "gap",
    "torn",
    "furniture_like",
    "reporter_start",
    "lead",
    "width",
    "last_class",
    "phrase_any",
)
_DISTANCES = (
    "reporter_start",
    "lead",
    "photo_end",
    "bracketed",
    "jump_only",
    "full",
    "furniture_like",
    "ends_sentence",
    "bullet",
    "heading_like",
    "numbered",
)
_COUNTED = ("full", "gap", "ends_sentence", "torn", "heading_like")
_SPANS = (3, 8, 20)  # rows before and after a row in which these features are counted


def _distances(flag: Flags) -> tuple[Floats, Floats]:
    """Return the rows since the last and until the next flagged row (0 on a flagged row), at most `FAR`."""
    n = len(flag)
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(flag, index, -1000))
    following = np.minimum.accumulate(np.where(flag, index, n + 1000)[::-1])[::-1]
    return np.minimum(index - last, FAR).astype(float), np.minimum(following - index, FAR).astype(float)


def _shift(values: Floats, by: int, fill: float = -1.0) -> Floats:
    """Return `values[i + by]` for each i, and `fill` outside the page."""
    out = np.full_like(values, fill)
    if by == 0:
        return values
    if abs(by) >= len(values):
        return out
    if by > 0:
        out[:-by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


def row_features(page: Page, pages_holding: Mapping[str, int]) -> Features:
    """Compute the features of each row of a page (rows x features).

    Args:
        page: the page.
        pages_holding: number of pages of the issue on which each `plain` text occurs, including this page.
    """
    column = column_widths(page)
    own: dict[str, Floats] = {}
    own |= layout(page, column)
    own |= characters(page)
    flags = pattern_flags(page)
    own |= {name: flag.astype(float) for name, flag in flags.items()}
    own |= repeated_words(page)
    own |= repeated_phrases(page)
    own["torn"] = page.torn.astype(float)
    own |= chains(page, own)
    own["support"] = support(own["width"])
    own["to_page_width"] = own["width"] / own["page_column"]
    held = [min(MOST_PAGES, max(1, pages_holding.get(row.plain, 1))) for row in page.rows]
    own["recurs"] = np.array(held, float) - 1
    own["furniture_like"] = np.minimum(np.asarray(sum(own[name] for name in _FURNITURE)), 3)
    own["full"] = (np.abs(own["short_by"]) < _FULL).astype(float)
    own["heading_like"] = (
        (own["ends_sentence"] == 0) & (own["ends_comma"] == 0) & (own["short_by"] > _HEADING) & (own["stops"] == 0)
    ).astype(float)
    around = _around(own, len(page))
    return Features((*own, *around), np.array([*own.values(), *around.values()]).T)


def _around(own: Mapping[str, Floats], size: int) -> dict[str, Floats]:
    """Describe what is around each of `size` rows, from the rows' own features."""
    out: dict[str, Floats] = {}
    for name in _DISTANCES:
        since, until = _distances(own[name] > 0)
        out[f"since_{name}"] = np.minimum(_shift(since, -1, FAR) + 1, _MOST_AWAY)
        out[f"until_{name}"] = np.minimum(_shift(until, 1, FAR) + 1, _MOST_AWAY)
    for steps, names in ((_NEXT, _CONTEXT), (_FARTHER, _FAR_CONTEXT)):
        for by in steps:
            out |= {f"{name}@{by:+d}": _shift(own[name], by) for name in names}
    index = np.arange(size)
    for span in _SPANS:
        low, high = np.maximum(index - span, 0), np.minimum(index + span + 1, size)
        for name in _COUNTED:
            total = np.concatenate(([0.0], np.cumsum(own[name])))
            out[f"{name}_before_{span}"] = total[index] - total[low]
            out[f"{name}_after_{span}"] = total[high] - total[index + 1]
    return out
