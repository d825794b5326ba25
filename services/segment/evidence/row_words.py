"""Finds which words of each row are also elsewhere on the page, and how far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.page.page import sorted_places

if TYPE_CHECKING:
    from services.segment.arrays import Floats
    from services.segment.page.page import Page

WHOLE = 1000  # weight of a bigram that a single row contains
_NOWHERE = 10_000  # distance to a repeat if there is none, in rows
_NEAR = 3  # a repeat within these rows does not count as elsewhere
_REACHES = (4, 15, 50, 9_000)  # distances within which a repeat counts, in rows
_PHRASE = 4  # characters of a phrase
_REACH = 40  # a repeated phrase is far away beyond these rows


def repeated_words(page: Page) -> dict[str, Floats]:
    """Measure how much of each row's vocabulary occurs elsewhere, and how far away: shares 0..1, (rows,) each."""
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
    # A repeat inside the row itself has distance 0 and does not count.
    out = {}
    for name, distance in (("before", previous), ("after", upcoming)):
        for reach in _REACHES:
            near = (distance > 0) & (distance <= reach)
            out[f"words_{name}_{reach}"] = np.bincount(r[near], minlength=n) / np.maximum(count, 1)
    elsewhere = ((previous > _NEAR) & (previous < _NOWHERE)) | ((upcoming > _NEAR) & (upcoming < _NOWHERE))
    out["words_elsewhere"] = np.bincount(r[elsewhere], weights=weight[elsewhere], minlength=n) / np.maximum(own, 1)
    out["words_rare"] = np.bincount(r[weight >= WHOLE], minlength=n) / np.maximum(count, 1)
    return out


def repeated_phrases(page: Page) -> dict[str, Floats]:
    """Return the share of each row's phrases of four characters that occur elsewhere: 0..1, (rows,) per feature.

    A phrase elsewhere may run over the end of a row.
    """
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
