"""Describes the look and content of each row, by itself and within its stretch and its block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.page.page import CLOSING, DASH, DIGIT, HAN, LATIN, OPENING, PAUSE, STOP
from services.segment.page.patterns import COMPILED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.segment.arrays import Flags, Floats
    from services.segment.page.page import Page

_COLUMN = 6.5  # least width of a full line of a column, in full-width characters


def pattern_flags(page: Page) -> dict[str, Flags]:
    """Flag the rows (rows,) that match each pattern of `patterns`."""
    text = "\n".join(row.plain for row in page.rows)
    first = page.start[:-1] + np.arange(len(page))
    flags = {}
    for name, pattern in COMPILED.items():
        hit = np.zeros(len(page), np.bool_)
        places = [m.start() for m in pattern.finditer(text)]
        if places:
            hit[np.searchsorted(first, places, side="right") - 1] = True
        flags[name] = hit
    return flags


def column_widths(page: Page) -> Floats:
    """Estimate the width of the column around each row.

    The estimate is the most common rounded width among those of the 25 rows around it that could be full.
    """
    n = len(page)
    widths = np.minimum(np.array([row.width for row in page.rows]), 60.0)
    rounded = np.round(widths).astype(np.int64)
    counts = np.zeros((n + 1, 61), np.int32)
    counts[1:][np.arange(n), rounded] = (widths >= _COLUMN).astype(np.int32)
    total = np.cumsum(counts, axis=0)
    low, high = np.maximum(np.arange(n) - 12, 0), np.minimum(np.arange(n) + 13, n)
    window = total[high] - total[low]
    window[:, 1:] += window[:, :-1] // 2  # hanging punctuation makes a full row half a character wider
    best = window.argmax(axis=1).astype(float)
    columns: Floats = np.where(window.max(axis=1) > 1, best, np.maximum(widths, 1.0))
    return columns


def _median(values: Floats) -> float:
    """Return the value in the middle, or the mean of the two middle values.

    NumPy's own median first imports its masked arrays, which takes 50 ms.
    """
    ordered = np.sort(values)
    middle = len(ordered) // 2
    return float(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def characters(page: Page) -> dict[str, Floats]:
    """Describe the characters in each row and at its two ends: (rows,) for each feature."""
    starts, n = page.start[:-1], len(page)
    length = np.diff(page.start).astype(float)
    out: dict[str, Floats] = {"length": np.minimum(length, 120)}
    row = np.repeat(np.arange(n), np.diff(page.start))
    for name, kind in (
        ("digit", DIGIT),
        ("latin", LATIN),
        ("pause", PAUSE),
        ("stop", STOP),
        ("han", HAN),
        ("dash", DASH),
    ):
        out[f"share_{name}"] = np.bincount(row[page.classes == kind], minlength=n) / np.maximum(length, 1)
    out["stops"] = np.bincount(row[page.classes == STOP], minlength=n).astype(float)
    out["first_class"] = page.classes[starts].astype(float)
    last = page.start[1:] - 1
    out["last_class"] = page.classes[last].astype(float)
    before_last = np.maximum(last - 1, starts)
    out["last_two_class"] = page.classes[before_last].astype(float)
    opened = np.bincount(row[page.classes == OPENING], minlength=n) - np.bincount(
        row[page.classes == CLOSING], minlength=n
    )
    out["open_brackets"] = opened.astype(float)
    out["ends_comma"] = np.isin(page.codes[last], [ord("，"), ord("、")]).astype(float)
    out["ends_colon"] = np.isin(page.codes[last], [ord("："), ord(":")]).astype(float)
    out["ends_stop"] = np.isin(page.codes[last], [ord(c) for c in "。！？"]).astype(float)
    closes = (page.classes[last] == CLOSING) & (page.classes[before_last] == STOP)
    out["ends_sentence"] = ((page.classes[last] == STOP) | closes).astype(float)
    out["split_number"] = np.concatenate(
        ([0.0], ((page.classes[last[:-1]] == DIGIT) & (page.classes[starts[1:]] == DIGIT)).astype(float))
    )
    return out


def layout(page: Page, column: Floats) -> dict[str, Floats]:
    """Describe the width and the place of each row: (rows,) for each feature.

    Args:
        page: the page.
        column: (rows,) width of the column around each row, from `column_widths`.
    """
    n = len(page)
    rows = page.rows
    width = np.minimum(np.array([r.width for r in rows]), 80.0)
    gap = np.minimum(np.array([r.gap for r in rows]), 3).astype(float)
    gap_after = np.concatenate((gap[1:], [3.0]))
    index = np.arange(n).astype(float)
    block = np.cumsum(gap > 0)
    block -= block[0]
    size = np.bincount(block)
    first = np.concatenate(([0], np.cumsum(size)[:-1]))
    widest = np.maximum.reduceat(width, first)
    narrowest = np.minimum.reduceat(width, first)
    return {
        "width": width,
        "column": column,
        "ratio": width / column,
        "short_by": column - width,
        "gap": gap,
        "gap_after": gap_after,
        "indented": np.array([r.indented for r in rows], float),
        "vertical": np.array([len(r.lines) if r.vertical else 0 for r in rows], float),
        "spaced": np.array([r.spaced for r in rows], float),
        "blanks": np.array([min(len(r.text.split()), 9) for r in rows], float),
        "index": np.minimum(index, 60),
        "from_end": np.minimum(n - 1 - index, 60),
        "place": index / n,
        "rows": np.full(n, min(n, 600), float),
        "block_size": np.minimum(size[block], 60).astype(float),
        "block_place": np.minimum(index - first[block], 30),
        "block_left": np.minimum(size[block] - 1 - (index - first[block]), 30),
        "block_widest": widest[block],
        "block_spread": (widest - narrowest)[block],
        "page_gaps": np.full(n, float(np.count_nonzero(gap)) / n),
        "page_indents": np.full(n, sum(r.indented for r in rows) / n),
        "page_column": np.full(n, _median(column)),
    }


def chains(page: Page, own: Mapping[str, Floats]) -> dict[str, Floats]:
    """Chain rows into stretches that no end of a sentence and no blank line interrupts.

    Args:
        page: the page.
        own: features of each row by itself, each (rows,).

    Returns:
        (rows,) for each feature.
    """
    n = len(page)
    fresh = np.ones(n, np.bool_)
    fresh[1:] = (own["ends_sentence"][:-1] > 0) | (own["gap"][1:] > 0)
    chain = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    size = np.diff(np.concatenate((first, [n])))
    last = first + size - 1
    index = np.arange(n)
    length = np.maximum(np.bincount(chain, weights=own["length"]), 1)
    out = {
        "chain_place": np.minimum(index - first[chain], 20).astype(float),
        "chain_left": np.minimum(last[chain] - index, 20).astype(float),
        "chain_size": np.minimum(size[chain], 40).astype(float),
        "chain_widest": np.maximum.reduceat(own["width"], first)[chain],
    }
    for name in ("phrase_any", "phrase_far", "words_elsewhere"):
        out[f"chain_{name}"] = (np.bincount(chain, weights=own[name] * own["length"]) / length)[chain]
    for name in ("photo_end", "photo_word", "signature_end", "jump_only"):
        out[f"chain_end_{name}"] = own[name][last][chain]
        following = np.minimum(last + 1, n - 1)
        out[f"chain_next_{name}"] = own[name][following][chain]
    for name in ("caption_start", "gap", "indented", "lead", "width", "reporter_start"):
        out[f"chain_first_{name}"] = own[name][first][chain]
    return out


def support(width: Floats) -> Floats:
    """Count the rows among the 60 around each row that have its width, plus or minus one character: (rows,)."""
    n = len(width)
    rounded = np.minimum(np.round(width), 80).astype(np.int64)
    counts = np.zeros((n + 1, 82), np.int32)
    counts[1:][np.arange(n), rounded] = 1
    total = np.cumsum(counts, axis=0)
    index = np.arange(n)
    low, high = np.maximum(index - 30, 0), np.minimum(index + 31, n)
    found = np.zeros(n)
    for by in (-1, 0, 1):
        at = np.clip(rounded + by, 0, 81)
        found += total[high, at] - total[low, at]
    return found
