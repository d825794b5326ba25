"""A page whose rows have their roles by text and places together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.page_evidence import with_roles
from services.segment.geometry.neighbours import neighbours_of
from services.segment.geometry.opinion import opinion_of
from services.segment.geometry.row_places import row_places
from services.segment.roles import FURNITURE, WEATHER, first_guess

if TYPE_CHECKING:
    from services.segment.arrays import Floats
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.features import Features
    from services.segment.geometry.neighbours import Neighbours
    from services.segment.geometry.opinion import Opinion
    from services.segment.geometry.places import Places
    from services.segment.matching.draft import Draft


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPage:
    """A page whose rows have their roles by text and places together.

    Attributes:
        draft: what the text alone makes of the page.
        places: where its rows are printed.
        near: which rows are next to each other.
        evidence: what is known of it, with the roles by text and places together.
        opinion: the opinion of the text alone.
    """

    draft: Draft
    places: Places
    near: Neighbours
    evidence: Evidence
    opinion: Opinion


def row_evidence(draft: Draft, places: Places) -> tuple[Neighbours, Features]:
    """Return which rows are next to each other, and the features of each row (rows x features)."""
    near = neighbours_of(places)
    return near, row_places(draft.evidence, places, near)


def placed_page(draft: Draft, places: Places, near: Neighbours, probabilities: Floats) -> PlacedPage:
    """Return the page with its roles from `probabilities` (rows x classes).

    A row whose text is certain to be furniture or weather stays that.
    """
    told = draft.evidence
    certain = (told.probabilities[:, [FURNITURE, WEATHER]] == 1.0).any(axis=1)
    probabilities = np.where(certain[:, None], told.probabilities, probabilities)
    roles = first_guess(probabilities, told.features.column("jump_only") > 0, told.page.glued)
    evidence = with_roles(replace(told, probabilities=probabilities), roles)
    return PlacedPage(draft, places, near, evidence, opinion_of(draft, roles))
