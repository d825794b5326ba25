"""What can be seen of each row without knowing its role: one vector a row, computed for a page at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.page.page import CLOSING, DASH, DIGIT, HAN, LATIN, OPENING, PAUSE, STOP, sorted_places
from services.segment.page.patterns import COMPILED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from services.segment.page.page import Page

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

MOST_PAGES = 4  # pages a row is printed on, beyond which more say no more
WHOLE = 1000  # weight of a bigram that one row alone holds
_NOWHERE = 10_000
_NEAR = 3
_PHRASE = 4
_REACH = 40
_FULL = 1.1
_HEADING = 1.5
_COLUMN = 6.5
FAR = 99.0


def _pattern_flags(page: Page) -> dict[str, Flags]:
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


def _distances(flag: Flags) -> tuple[Floats, Floats]:
    """Rows since the last and until the next flagged row (0 on a flagged row), at most `FAR`."""
    n = len(flag)
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(flag, index, -1000))
    following = np.minimum.accumulate(np.where(flag, index, n + 1000)[::-1])[::-1]
    return np.minimum(index - last, FAR).astype(float), np.minimum(following - index, FAR).astype(float)


def _shift(values: Floats, by: int, fill: float = -1.0) -> Floats:
    """`values[i + by]` for each i, `fill` outside the page."""
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


def column_widths(page: Page) -> Floats:
    """The column's width around each row: the commonest rounded width among the 25 rows about it that could be full."""
    n = len(page)
    widths = np.minimum(np.array([row.width for row in page.rows]), 60.0)
    rounded = np.round(widths).astype(np.int64)
    counts = np.zeros((n + 1, 61), np.int32)
    counts[1:][np.arange(n), rounded] = (widths >= _COLUMN).astype(np.int32)
    total = np.cumsum(counts, axis=0)
    low, high = np.maximum(np.arange(n) - 12, 0), np.minimum(np.arange(n) + 13, n)
    window = total[high] - total[low]
    window[:, 1:] += window[:, :-1] // 2  # a hanging mark makes a full row half a character wider
    best = window.argmax(axis=1).astype(float)
    columns: Floats = np.where(window.max(axis=1) > 1, best, np.maximum(widths, 1.0))
    return columns


def _median(values: Floats) -> float:
    """The value in the middle, or between the two there; NumPy's own imports its masked arrays first, for 50 ms."""
    ordered = np.sort(values)
    middle = len(ordered) // 2
    return float(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def _shares(page: Page) -> dict[str, Floats]:
    """How much of each row's vocabulary occurs elsewhere, and how far away."""
    n = len(page)
    g, r = page.gram[page.order], page.gram_row[page.order]
    weight = page.weight[g]
    own = np.bincount(r, weights=weight, minlength=n)
    count = np.bincount(r, minlength=n).astype(float)
    same = np.zeros(len(g), np.bool_)
    same[1:] = g[1:] == g[:-1]
    previous = np.full(len(g), _NOWHERE)
    previous[1:][same[1:]] = (r[1:] - r[:-1])[same[1:]]
    upcoming = np.full(len(g), _NOWHERE)
    upcoming[:-1][same[1:]] = (r[1:] - r[:-1])[same[1:]]
    # A repeat inside the row itself says nothing; look through it to the next row.
    out = {}
    for name, distance in (("before", previous), ("after", upcoming)):
        for reach in (4, 15, 50, 9_000):
            near = (distance > 0) & (distance <= reach)
            out[f"words_{name}_{reach}"] = np.bincount(r[near], minlength=n) / np.maximum(count, 1)
    elsewhere = ((previous > _NEAR) & (previous < _NOWHERE)) | ((upcoming > _NEAR) & (upcoming < _NOWHERE))
    out["words_elsewhere"] = np.bincount(r[elsewhere], weights=weight[elsewhere], minlength=n) / np.maximum(own, 1)
    out["words_rare"] = np.bincount(r[weight >= WHOLE], minlength=n) / np.maximum(count, 1)
    return out


def _phrases(page: Page) -> dict[str, Floats]:
    """Share of each row's four-character phrases that are printed elsewhere on the page, wrapped or not."""
    n = len(page)
    codes = page.codes
    out = {name: np.zeros(n) for name in ("phrase_any", "phrase_after", "phrase_before", "phrase_far")}
    if len(codes) < _PHRASE:
        return out
    mixed = codes[:-3] * 1_000_003 + codes[1:-2] * 10_007 + codes[2:-1] * 101 + codes[3:]
    row = np.repeat(np.arange(n), np.diff(page.start))
    inside = row[:-3] == row[3:]
    row = row[:-3]
    order, first = sorted_places(mixed)
    r = row[order]
    step = r[1:] - r[:-1]
    repeated = ~first[1:] & (step > 0)
    before = np.full(len(r), -1)
    before[1:][repeated] = step[repeated]
    after = np.full(len(r), -1)
    after[:-1][repeated] = step[repeated]
    keep = inside[order]
    total = np.maximum(np.bincount(r[keep], minlength=n), 1)
    for name, hit in (
        ("phrase_any", (before > 1) | (after > 1)),
        ("phrase_after", (after > 0) & (after <= _REACH)),
        ("phrase_before", (before > 0) & (before <= _REACH)),
        ("phrase_far", (before > _REACH) | (after > _REACH)),
    ):
        out[name] = np.bincount(r[keep & hit], minlength=n) / total
    return out


def _characters(page: Page) -> dict[str, Floats]:
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


def _layout(page: Page, column: Floats) -> dict[str, Floats]:
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


def _chains(page: Page, own: Mapping[str, Floats]) -> dict[str, Floats]:
    """Rows chained into stretches that run on: no sentence ends and no blank line stands between them."""
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


def _support(width: Floats) -> Floats:
    """How many of the 60 rows around each are as wide as it is, give or take one character."""
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


def row_features(page: Page, pages_holding: Mapping[str, int]) -> tuple[list[str], Floats]:
    """Names and values (rows x features) for one page.

    Args:
        page: the page.
        pages_holding: on how many of the issue's pages each `plain` text occurs, this page included.
    """
    column = column_widths(page)
    own: dict[str, Floats] = {}
    own |= _layout(page, column)
    own |= _characters(page)
    flags = _pattern_flags(page)
    own |= {name: flag.astype(float) for name, flag in flags.items()}
    own |= _shares(page)
    own |= _phrases(page)
    own["torn"] = page.torn.astype(float)
    own |= _chains(page, own)
    own["support"] = _support(own["width"])
    own["to_page_width"] = own["width"] / own["page_column"]
    held = [min(MOST_PAGES, max(1, pages_holding.get(row.plain, 1))) for row in page.rows]
    own["recurs"] = np.array(held, float) - 1
    like = sum(
        own[k]
        for k in (
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
    )
    own["furniture_like"] = np.minimum(np.asarray(like), 3)
    own["full"] = (np.abs(own["short_by"]) < _FULL).astype(float)
    own["heading_like"] = (
        (own["ends_sentence"] == 0) & (own["ends_comma"] == 0) & (own["short_by"] > _HEADING) & (own["stops"] == 0)
    ).astype(float)
    names = list(own)
    columns = [own[name] for name in names]
    for name in _DISTANCES:
        since, until = _distances(own[name] > 0)
        strict_since, strict_until = _shift(since, -1, FAR) + 1, _shift(until, 1, FAR) + 1
        names += [f"since_{name}", f"until_{name}"]
        columns += [np.minimum(strict_since, 40), np.minimum(strict_until, 40)]
    for by in (-2, -1, 1, 2):
        for name in _CONTEXT:
            names.append(f"{name}@{by:+d}")
            columns.append(_shift(own[name], by))
    for by in (-4, -3, 3, 4):
        for name in _FAR_CONTEXT:
            names.append(f"{name}@{by:+d}")
            columns.append(_shift(own[name], by))
    for span in (3, 8, 20):
        for name in ("full", "gap", "ends_sentence", "torn", "heading_like"):
            total = np.concatenate(([0.0], np.cumsum(own[name])))
            index = np.arange(len(page))
            low, high = np.maximum(index - span, 0), np.minimum(index + span + 1, len(page))
            names += [f"{name}_before_{span}", f"{name}_after_{span}"]
            columns += [total[index] - total[low], total[high] - total[index + 1]]
    return names, np.array(columns).T
