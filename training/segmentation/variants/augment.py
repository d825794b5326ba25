"""More pages from the annotated ones: the same rows in another order, with other blank lines and indents.

Extractors differ in where they leave blank lines and in which order they give a page's frames. A model that has seen
only one extractor mistakes its habits for the language of newspapers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.row_features import row_features
from services.segment.page.page import read_page
from services.segment.roles import BODY, BYLINE, CAPTION, CREDIT, HEADING, JUMP, LABEL, SUBHEAD
from training.segmentation.corpus import NOBODY, AnnotatedPage

if TYPE_CHECKING:
    from collections.abc import Sequence

_ELEMENTS = {
    HEADING: "head",
    BYLINE: "byline",
    BODY: "flow",
    SUBHEAD: "flow",
    CAPTION: "caption",
    CREDIT: "caption",
    JUMP: "jump",
    LABEL: "label",
}
_ORDERS = (
    ("label", "head", "byline", "flow", "jump", "caption"),
    ("label", "head", "caption", "byline", "flow", "jump"),
    ("byline", "flow", "jump", "label", "head", "caption"),
    ("flow", "jump", "byline", "head", "label", "caption"),
    ("caption", "label", "head", "byline", "flow", "jump"),
    ("flow", "jump", "caption", "label", "head", "byline"),
)
_MODES = ("stories", "heads_last", "heads_first", "captions_last", "mixed", "halves")


def _elements(page: AnnotatedPage) -> list[tuple[str, str, list[int]]]:
    """Return runs of rows of the same article and kind, in page order: (article, kind, rows)."""
    found: list[tuple[str, str, list[int]]] = []
    for row, (article, role) in enumerate(zip(page.articles, page.classes, strict=True)):
        kind = _ELEMENTS.get(int(role), "furniture") if article != NOBODY else "furniture"
        if found and found[-1][0] == article and found[-1][1] == kind and kind != "furniture":
            found[-1][2].append(row)
        else:
            found.append((article, kind, [row]))
    return found


def _reordered(page: AnnotatedPage, random: Random) -> list[list[int]]:
    """Return the page's elements in another order that an extractor might give."""
    elements = _elements(page)
    articles = list(dict.fromkeys(a for a, _, _ in elements if a != NOBODY))
    if random.random() < 0.5:
        random.shuffle(articles)
    mode = random.choice(_MODES)
    house = random.choice(_ORDERS)
    first: list[list[int]] = []
    middle: list[list[int]] = []
    last: list[list[int]] = []
    for article in articles:
        order = house if mode != "mixed" or random.random() < 0.4 else random.choice(_ORDERS)
        own = [(kind, rows) for a, kind, rows in elements if a == article]
        for kind in order:
            chosen = [rows for k, rows in own if k == kind]
            away = mode == "heads_last" and kind in {"head", "label"} and random.random() < 0.85
            away = away or (mode in {"captions_last", "heads_last"} and kind == "caption" and random.random() < 0.8)
            ahead = mode == "heads_first" and kind in {"head", "label"} and random.random() < 0.85
            (last if away else first if ahead else middle).extend(chosen)
    if mode == "halves":
        middle = middle[len(middle) // 2 :] + middle[: len(middle) // 2]
    furniture = [rows for _, kind, rows in elements if kind == "furniture"]
    body = [*first, *middle, *last]
    if random.random() < 0.5:
        top = [rows for rows in furniture if rows[0] < len(page.articles) / 2]
        return [*top, *body, *(rows for rows in furniture if rows[0] >= len(page.articles) / 2)]
    for rows in furniture:
        if random.random() < 0.15:
            body.insert(random.randrange(len(body) + 1), rows)
        elif random.random() < 0.5:
            body.append(rows)
        else:
            body.insert(0, rows)
    return body


def variant(page: AnnotatedPage, seed: str, *, reorder: bool) -> AnnotatedPage:
    """Return a page made from `page`; the same seed makes the same page."""
    random = Random(f"{seed}/{page.issue}/{page.page.number}")
    elements = _reordered(page, random) if reorder else [[r] for r in range(len(page.articles))]
    style = random.choice(("none", "elements", "paragraphs", "kept", "heads", "columns"))
    bare = random.random() < 0.35
    order: list[int] = []
    gaps: list[int] = []
    before: int | None = None
    for rows in elements:
        for k, row in enumerate(rows):
            fresh = k == 0 and (
                reorder
                or before is None
                or _element(page, row) != _element(page, before)
                or page.articles[row] != page.articles[before]
            )
            gaps.append(_gap(page, row, before, style, random, fresh=fresh))
            order.append(row)
            before = row
    rows_made = [
        replace(page.page.rows[row], gap=gap, lines=(k + 1,), indented=page.page.rows[row].indented and not bare)
        for k, (row, gap) in enumerate(zip(order, gaps, strict=True))
    ]
    made = read_page(page.page.number, rows_made)
    index = np.array(order)
    return AnnotatedPage(
        issue=f"{page.issue}+{seed}",
        sources=page.sources,
        page=made,
        features=row_features(made, Counter(r.plain for r in rows_made)),
        classes=page.classes[index],
        articles=tuple(page.articles[r] for r in order),
        parts=page.parts[index],
        starts=page.starts[index],
        slice_of=page.slice_of,
    )


def _element(page: AnnotatedPage, row: int) -> str:
    return _ELEMENTS.get(int(page.classes[row]), "furniture")


def _gap(page: AnnotatedPage, row: int, before: int | None, style: str, random: Random, *, fresh: bool) -> int:  # noqa: PLR0911, PLR0913
    if before is None or style == "none":
        return 0
    own = page.page.rows[row].gap
    role, role_before = page.classes[row], page.classes[before]
    if style == "kept":
        return max(own, int(fresh and row != before + 1))
    if fresh:
        return 1
    if style == "elements":
        return int((role == SUBHEAD) != (role_before == SUBHEAD))
    if style == "paragraphs":
        changed = (role == SUBHEAD) != (role_before == SUBHEAD)
        return int(changed or (role == BODY and bool(page.starts[row])) or random.random() < 0.02)
    if style == "heads":
        return int(role in {HEADING, SUBHEAD} or role_before in {HEADING, SUBHEAD})
    changed = (role == SUBHEAD) != (role_before == SUBHEAD)
    return int(changed or random.random() < 0.06 or (role == BODY and bool(page.starts[row]) and random.random() < 0.4))


def variants(pages: Sequence[AnnotatedPage]) -> list[AnnotatedPage]:
    """Return, for each page, a page with other blank lines and a page that is also in another order."""
    found = []
    for page in pages:
        found.append(variant(page, "blank", reorder=False))
        found.append(variant(page, "order", reorder=True))
    return found
