"""What is known about a page before it is cut: its features, and the opinions of the role models and the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.segment.evidence.certain_roles import with_certain_roles, with_weather
from services.segment.evidence.consistency import consistent_roles
from services.segment.evidence.second_look import refined_features
from services.segment.models.network import combined_roles
from services.segment.roles import first_guess

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints
    from services.segment.features import Features
    from services.segment.models.network import Network, NetworkView
    from services.segment.models.shipped import Models
    from services.segment.page.page import Page


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a page before it is cut.

    Attributes:
        page: the page.
        features: features of its rows (rows x features).
        probabilities: (rows x classes) role probabilities, from all opinions together.
        roles: (rows,) the class assigned to each row.
        view: the opinion of the network.
    """

    page: Page
    features: Features
    probabilities: Floats
    roles: Ints
    view: NetworkView


def evidence_from(page: Page, features: Features, trees: Floats, network: Network) -> Evidence:
    """Make the evidence from the row features of the page and the role probabilities `trees` (rows x classes)."""
    view = network.view(page, features)
    opinions = with_certain_roles(page, features, combined_roles(trees, view.roles))
    probabilities = with_weather(page, consistent_roles(page, opinions, view.cut))
    jumps = features.column("jump_only") > 0
    return Evidence(page, features, probabilities, first_guess(probabilities, jumps, page.glued), view)


def second_look(page: Page, features: Features, first: Floats, models: Models) -> Floats:
    """Return the trees' second role probabilities (rows x classes), given the `first` ones (rows x classes)."""
    return models.refined.probabilities(refined_features(page, features, first, models.continuity))


def recognised(page: Page, features: Features, models: Models) -> Evidence:
    """Recognise each row of a page with the trees, a second look, the network, and a comparison of the rows."""
    first = models.roles.probabilities(features)
    return evidence_from(page, features, second_look(page, features, first, models), models.network)


def with_roles(evidence: Evidence, roles: Ints) -> Evidence:
    """Return the evidence of the same page with other roles (rows,)."""
    return replace(evidence, roles=roles)
