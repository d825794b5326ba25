"""Say how likely it is that an article is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from services.segment.articles.measures import measures
from services.segment.models.confidence import shipped_confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.articles.story import Story
    from services.segment.features import Features

LOW: Final = 0.5
"""An article whose body is more likely wrong than right is flagged `low-confidence`."""
FAIR: Final = 0.8
HIGH: Final = 0.95
"""Where the bands of the quality record begin: high from `HIGH`, good from `FAIR`, fair from `LOW`, low below."""


class Confidence(NamedTuple):
    """The chance that an article's body is exactly right, and the chance that its headline is, each 0..1."""

    body: float
    headline: float


def confidences(chains: Sequence[Sequence[Story]]) -> list[Confidence]:
    """Return the confidence of every article of an issue, each made of parts in reading order."""
    measured = measures(chains)
    judged = {placed: _judged(measured, placed=placed) for placed in {_placed(chain) for chain in chains}}
    return [judged[_placed(chain)][k] for k, chain in enumerate(chains)]


def _placed(chain: Sequence[Story]) -> bool:
    return all(story.draft.placed for story in chain)


def _judged(measured: Features, *, placed: bool) -> list[Confidence]:
    model = shipped_confidence(placed=placed)
    both = zip(model.body.of(measured).tolist(), model.headline.of(measured).tolist(), strict=True)
    return [Confidence(body, headline) for body, headline in both]
