"""What is known of a page before it is cut: its features, and what the role models and the network say of each row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.segment.evidence.consistency import agreed
from services.segment.evidence.rows import row_features
from services.segment.evidence.second_look import refined_features
from services.segment.models.network import agreed_roles
from services.segment.roles import first_guess

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from services.segment.models.network import Network, NetworkView
    from services.segment.models.shipped import Models
    from services.segment.page.page import Page

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page before pieces are made."""

    page: Page
    names: list[str]
    values: Floats
    probabilities: Floats
    roles: Ints
    view: NetworkView  # what the network says

    @property
    def column(self) -> dict[str, int]:
        """Column of each feature name."""
        return {name: i for i, name in enumerate(self.names)}


def evidence_from(page: Page, names: list[str], values: Floats, trees: Floats, network: Network) -> Evidence:
    """The evidence once the role models have spoken: the trees' probabilities, and the network's own reading."""
    view = network.view(page, names, values)
    probabilities = agreed(page, agreed_roles(trees, view.roles), view.cut)
    jumps = values[:, names.index("jump_only")] > 0
    return Evidence(page, names, values, probabilities, first_guess(probabilities, jumps, page.glued), view)


def second_look(page: Page, names: list[str], values: Floats, first: Floats, models: Models) -> Floats:
    """Role probabilities once the first ones are known."""
    return models.refined.probabilities(refined_features(page, names, values, first, models.continuity)[1])


def observe(page: Page, pages_holding: Mapping[str, int], models: Models) -> Evidence:
    """Features, role probabilities and roles of a page."""
    names, values = row_features(page, pages_holding)
    first = models.roles.probabilities(values)
    return evidence_from(page, names, values, second_look(page, names, values, first, models), models.network)


def with_roles(evidence: Evidence, roles: Ints) -> Evidence:
    """The same page with other roles."""
    return replace(evidence, roles=roles)
