"""A second look at every row, with the likely roles of its neighbours and the flow of text around it.

A short line between two paragraphs is a subhead if the text continues across it, and a headline if it does not. The
continuity model therefore judges the body rows first, and ignores what is printed between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.text_cuts import boundary_features, stretches
from services.segment.features import Features
from services.segment.page.shared_words import phrases, shared_words
from services.segment.roles import BODY, BYLINE, CAPTION, CLASSES, FURNITURE, HEADING, SUBHEAD

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.features import Boundaries
    from services.segment.models.trees import Forest
    from services.segment.page.page import Page


_NEAR = (HEADING, SUBHEAD, BYLINE, BODY, CAPTION, FURNITURE)
_STRONG = 0.5
_FAR = 60.0
_SAME_WIDTH = 3.0  # characters by which lines of sister titles may differ


def quiet_roles(probabilities: Floats) -> Ints:
    """Return body where body is the likeliest of the classes (rows x classes), and furniture elsewhere: (rows,)."""
    return np.where(probabilities.argmax(axis=1) == BODY, BODY, FURNITURE)


def continuity_features(page: Page, features: Features, probabilities: Floats) -> Boundaries:
    """Return the features of the boundaries between body rows. They ignore what is printed between these rows.

    Args:
        page: the page.
        features: features of its rows.
        probabilities: (rows x classes) of the roles.
    """
    return boundary_features(page, features, probabilities, quiet_roles(probabilities))


def refined_features(page: Page, features: Features, probabilities: Floats, continuity: Forest) -> Features:
    """Compute the row features of the second look (rows x features).

    Args:
        page: the page.
        features: features of its rows from the first look.
        probabilities: (rows x classes) of the roles from the first look.
        continuity: the model that says whether the running text continues between two body rows.
    """
    n = len(page)
    keep = [i for i, name in enumerate(features.names) if "@" not in name]
    boundaries = continuity_features(page, features, probabilities)
    flow = boundaries.rows
    cut = continuity.probabilities(boundaries.features)[:, 0] if len(boundaries) else np.zeros(0)
    out: dict[str, Floats] = {}
    is_flow = np.zeros(n, np.bool_)
    is_flow[flow] = True
    before: Ints = np.cumsum(is_flow) - is_flow  # flow rows above each row
    padded = np.concatenate(([1.0], cut, [1.0]))
    out["cut_before"] = padded[np.minimum(before, len(padded) - 1)]
    out["cut_after"] = np.where(is_flow, padded[np.minimum(before + 1, len(padded) - 1)], out["cut_before"])
    out["is_flow"] = is_flow.astype(float)
    strong = np.zeros(n, np.bool_)
    if len(flow) > 1:
        strong[flow[1:][cut > _STRONG]] = True
    index = np.arange(n)
    last = np.maximum.accumulate(np.where(strong, index, -1000))
    upcoming = np.minimum.accumulate(np.where(strong, index, n + 1000)[::-1])[::-1]
    out["since_cut"] = np.minimum(index - last, _FAR)
    out["until_cut"] = np.minimum(np.concatenate((upcoming[1:], [n + 1000])) - index, _FAR)
    out["cuts"] = np.full(n, float(strong.sum()))
    heading = probabilities[:, HEADING]
    out["headings"] = np.full(n, float(heading.sum()))
    for number, name in enumerate(CLASSES):
        out[f"p_{name}"] = probabilities[:, number]
    for by in (-3, -2, -1, 1, 2, 3):
        for number in _NEAR:
            shifted = np.zeros(n)
            if abs(by) < n:
                if by > 0:
                    shifted[:-by] = probabilities[by:, number]
                else:
                    shifted[-by:] = probabilities[:by, number]
            out[f"p_{CLASSES[number]}@{by:+d}"] = shifted
    _add_words(out, page, flow, cut, is_flow)
    out |= page_habits(page, features, probabilities)
    names = (*(features.names[i] for i in keep), *out)
    return Features(names, np.concatenate((features.values.T[keep], np.array(list(out.values())))).T)


def page_habits(page: Page, features: Features, probabilities: Floats) -> dict[str, Floats]:
    """Describe how the page marks the beginning of its stories, and whether a title has sisters of the same form.

    On a page whose stories begin with a byline or a lead (本报讯), a title without either is probably a subhead.
    Subheads come in series: they have as many lines, about the same width, and the same blank lines around them.

    Args:
        page: the page.
        features: features of its rows.
        probabilities: (rows x classes) of the roles from the first look.

    Returns:
        (rows,) for each feature. The features of a title are -1 on other rows.
    """
    n = len(page)
    title = probabilities[:, HEADING] + probabilities[:, SUBHEAD]
    is_title = title > _STRONG
    gaps = np.array([min(row.gap, 2) for row in page.rows])
    fresh = is_title & np.concatenate(([True], ~is_title[:-1] | (gaps[1:] > 0)))
    block = np.cumsum(fresh) - 1
    opens = (
        (features.column("lead") > 0) | (features.column("reporter_start") > 0) | (probabilities[:, BYLINE] > _STRONG)
    )
    starts = np.flatnonzero(fresh)
    ends = np.array([_end_of(int(start), block, is_title) for start in starts], np.int64)
    near = np.array([bool(opens[e : e + 2].any()) for e in ends], bool)
    widest = np.array([max(page.rows[i].width for i in range(s, e)) for s, e in zip(starts, ends, strict=True)])
    form = np.zeros((0, 3))
    if len(starts):
        form = np.stack([ends - starts, gaps[starts], gaps[np.minimum(ends, n - 1)]], axis=1)
    alike = (form[:, None, :] == form[None, :, :]).all(axis=2) if len(starts) else np.zeros((0, 0), np.bool_)
    close = np.abs(widest[:, None] - widest[None, :]) <= _SAME_WIDTH if len(starts) else alike
    told = title[starts] if len(starts) else np.zeros(0)
    of_block = {
        "opened": near.astype(float),
        "opened_others": (near.sum() - near).astype(float),
        "unopened_others": (len(near) - near.sum() - ~near).astype(float) if len(near) else np.zeros(0),
        "sisters": np.minimum((alike & close).sum(axis=1) - 1, 9).astype(float),
        "sisters_opened": np.minimum((alike & near[None, :]).sum(axis=1), 9).astype(float),
        "sisters_form": np.minimum(alike.sum(axis=1) - 1, 9).astype(float),
        "title_told": told,
    }
    out = {f"habit_{name}": np.full(n, -1.0) for name in of_block}
    for name, of_each in of_block.items():
        inside = is_title & (block >= 0)
        out[f"habit_{name}"][inside] = of_each[block[inside]]
    out["habit_openings"] = np.full(n, float(np.count_nonzero(opens & ~np.concatenate(([False], opens[:-1])))))
    out["habit_titles"] = np.full(n, float(len(starts)))
    return out


def _end_of(start: int, block: Ints, is_title: Flags) -> int:
    """Return the row after the last row of the title that begins at `start`."""
    inside = is_title[start:] & (block[start:] == block[start])
    return start + int(np.argmin(np.append(inside, False)))


def _add_words(out: dict[str, Floats], page: Page, flow: Ints, cut: Floats, is_flow: Flags) -> None:
    """Add the words that each row outside the flow shares with the stretches of text around it and elsewhere."""
    n = len(page)
    running = stretches(flow, cut > _STRONG)
    names = ("above", "below", "best", "best_other", "phrase_above", "phrase_below", "phrase_best")
    made = {name: np.zeros(n) for name in names}
    loose = np.flatnonzero(~is_flow)
    if running and len(loose):
        texts = [page.text_of(s) for s in running]
        own = [page.rows[r].plain for r in loose]
        starts = np.array([s[0] for s in running])
        above = np.clip(np.searchsorted(starts, loose) - 1, 0, len(running) - 1)
        ends = np.array([s[-1] for s in running])
        below = np.clip(np.searchsorted(ends, loose), 0, len(running) - 1)
        at = np.arange(len(loose))
        for prefix, size in (("", 2), ("phrase_", 4)):
            share, _ = shared_words(phrases(own, size), phrases(texts, size))
            made[f"{prefix}above"][loose] = share[at, above]
            made[f"{prefix}below"][loose] = share[at, below]
            made[f"{prefix}best"][loose] = share.max(axis=1)
            if not prefix:
                share[at, above] = 0
                share[at, below] = 0
                made["best_other"][loose] = share.max(axis=1)
    for name, values in made.items():
        out[f"words_{name}"] = values
