"""The pieces of a page as groups of rows: bodies, headline blocks, captions and bylines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import with_roles
from services.segment.evidence.text_cuts import groups
from services.segment.roles import BODY, BYLINE, CAPTION, CREDIT, HEADING, SUBHEAD

if TYPE_CHECKING:
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.layout.cutting import Cutting
    from services.segment.layout.reading import Reading

    Groups = tuple[tuple[int, ...], ...]  # row indexes of each piece, pieces in page order, rows ascending

SHORT_BY = 1.5  # a caption's row may be its last if it is this many characters narrower than the widest row above
_ROWS_ABOVE = 6


@dataclass(frozen=True, slots=True)
class Pieces:
    """The row indexes of each piece: pieces in page order, rows ascending."""

    bodies: Groups
    heads: Groups
    captions: Groups
    bylines: Groups


def caption_groups(evidence: Evidence) -> Groups:
    """Group the rows of captions with their credits.

    A new caption starts after rows of another kind, after a credit, after a caption that ended, or at a caption's mark.
    """
    page, roles, features = evidence.page, evidence.roles, evidence.features
    photo_end, photo_word = features.column("photo_end"), features.column("photo_word")
    mark, width, ends = features.column("caption_start"), features.column("width"), features.column("ends_sentence")
    rows = np.flatnonzero((roles == CAPTION) | (roles == CREDIT))
    starts = []
    for k, row in enumerate(rows):
        if k == 0 or rows[k - 1] != row - 1:
            starts.append(True)
            continue
        if roles[row] == CREDIT:
            starts.append(False)
            continue
        before = rows[k - 1]
        credited = roles[before] == CREDIT or (photo_end[before] > 0 and photo_word[before] > 0)
        short = width[before] < max(width[r] for r in rows[max(0, k - _ROWS_ABOVE) : k]) - SHORT_BY
        ended = ends[before] > 0 and (page.rows[row].gap > 0 or short)
        starts.append(bool(credited or mark[row] > 0 or ended))
    return groups([int(r) for r in rows], starts)


def byline_groups(evidence: Evidence) -> Groups:
    """Group the rows of bylines.

    A line directly after a byline continues it, unless the line opens with 记者 or a similar word.
    """
    reporter = evidence.features.column("reporter_start")
    rows = np.flatnonzero(evidence.roles == BYLINE)
    starts = []
    for k, row in enumerate(rows):
        adjacent = k > 0 and rows[k - 1] == row - 1 and evidence.page.rows[row].gap == 0
        starts.append(not adjacent or reporter[row] > 0)
    return groups([int(r) for r in rows], starts)


def decided(evidence: Evidence, cutting: Cutting, reading: Reading) -> Evidence:
    """Return the evidence with each doubtful row in the role that the reading gives it."""
    roles = evidence.roles.copy()
    for choice, on in zip(cutting.choices, reading.headlines, strict=True):
        for row in cutting.flow[choice.flow[0] : choice.flow[1] + 1]:
            subhead = evidence.probabilities[row, SUBHEAD] >= evidence.probabilities[row, BODY]
            roles[row] = HEADING if on else SUBHEAD if subhead else BODY
    return with_roles(evidence, roles)


def pieces_of(evidence: Evidence, cutting: Cutting, reading: Reading, captions: Groups) -> Pieces:
    """Return the pieces of a page.

    Args:
        evidence: the evidence, with the doubtful rows decided.
        cutting: where the page could be cut.
        reading: where the page is cut.
        captions: its captions, as the search saw them.
    """
    roles = evidence.roles
    bodies = (tuple(int(r) for r in cutting.flow[a : b + 1] if roles[r] != HEADING) for a, b in reading.bodies)
    heads = tuple(tuple(int(r) for r in cutting.heading[a : b + 1]) for a, b in reading.heads)
    return Pieces(tuple(b for b in bodies if b), heads, captions, byline_groups(evidence))
