"""The annotated pages as another paper would set them and another extractor would give them.

`augment.py` moves rows and blank lines. This module changes the text itself, together with its truth: columns of
another width, other forms of bylines, leads, captions and jump lines, headlines broken elsewhere, other punctuation
marks and indents, and omissions. A model that has seen every form a paper may use does not rely on the forms of the
papers it has seen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.row_features import row_features
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from training.segmentation.variants.lines import Line, lines_of, printed
from training.segmentation.variants.setting import reset
from training.segmentation.variants.style import Style
from training.segmentation.variants.wording import broken, thinned, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from training.segmentation.corpus import AnnotatedPage


def restyled(page: AnnotatedPage, seed: str) -> AnnotatedPage:
    """Return the page in another style; the same seed makes the same page; a page without lines stays unchanged."""
    style = Style(Random(f"restyled/{seed}/{page.issue}/{page.page.number}"))
    lines = lines_of(page)
    change: Callable[[Sequence[Line], Style], list[Line]]
    for change in (thinned, worded, broken, reset):
        lines = change(lines, style)
    text, shown = printed(lines, style)
    rows = rows_of(page.page.number, text)
    if not rows:
        return page
    first: Sequence[Line] = [shown[row.lines[0]] for row in rows]
    made = read_page(page.page.number, rows)
    holding: Mapping[str, int] = Counter(row.plain for row in rows)
    return replace(
        page,
        issue=f"{page.issue}+{seed}",
        page=made,
        features=row_features(made, holding),
        classes=np.array([x.role for x in first], np.int64),
        articles=tuple(x.article for x in first),
        parts=np.array([x.part for x in first], np.int64),
        starts=np.array([x.start for x in first]),
    )
