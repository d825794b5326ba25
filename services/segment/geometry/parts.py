"""Which row of a headline block is the kicker, the headline or the deck, by its type size beside its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.features import Features
from services.segment.matching.heading_parts import part_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.evidence.page_evidence import Evidence
    from services.segment.geometry.places import Places


def placed_part_features(evidence: Evidence, places: Places, blocks: Sequence[Sequence[int]]) -> Features:
    """Return the evidence for each row of each block (heading rows x features), with blocks and rows in order.

    The rows of a block are in the order in which they are printed: from the top, or from the right if they are upright.
    """
    told = part_features(evidence.page, evidence.features, blocks)
    if not told.names:
        return told
    rows = np.array([r for b in blocks for r in b], np.int64)
    block = np.repeat(np.arange(len(blocks)), [len(b) for b in blocks])
    size, top = places.size, places.top
    columns: dict[str, list[float]] = {
        name: [] for name in ("largest", "place", "above_largest", "larger", "before_size", "after_size")
    }
    for row, number in zip(rows.tolist(), block.tolist(), strict=True):
        own = list(blocks[number])
        main = max(own, key=lambda r: (size[r], -top[r]))
        columns["largest"].append(size[row] / max(size[main], 0.1))
        columns["place"].append(float(sum(top[r] < top[row] - 0.2 for r in own)))
        columns["above_largest"].append(float(np.clip(top[row] - top[main], -20, 20)))
        columns["larger"].append(float(len({round(float(size[r]), 1) for r in own if size[r] > size[row] * 1.06})))
        columns["before_size"].append(size[row] / size[row - 1] if row - 1 in own else 0.0)
        columns["after_size"].append(size[row] / size[row + 1] if row + 1 in own else 0.0)
    more = {f"placed_{name}": np.array(values, float) for name, values in columns.items()}
    more["placed_size"] = np.minimum(size[rows], 12.0)
    more["placed_wide"] = (places.right - places.left)[rows]
    more["placed_high"] = (places.bottom - places.top)[rows]
    added = Features.of(more)
    return Features((*told.names, *added.names), np.concatenate((told.values, added.values), axis=1))
