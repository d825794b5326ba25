"""Logistic regression with signs: a feature in favour of a topic can only count in favour of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from schemas.taxonomy import Formula
from services.topics.scores.scoring import FEATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Labels = NDArray[np.int8]
    Mask = NDArray[np.bool_]

PULL = 5.0
"""The strength of the L2 penalty that draws a topic's weights towards those that the other topics share."""
SHARED_PULL = 0.05
BIAS_PULL = 0.1
LIMIT = 20.0
DIGITS = 2


def fit(features: Numbers, truth: Labels, prior: Numbers | None = None, pull: float = SHARED_PULL) -> Numbers:
    """Return bias and weights that fit `truth` (0 or 1), drawn towards `prior` (zero if None).

    The result is deterministic: L-BFGS-B on a convex loss, starting from the prior.
    """
    towards = np.zeros(features.shape[1] + 1) if prior is None else prior
    strength = np.full(len(towards), pull)
    strength[0] *= BIAS_PULL

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        odds = features @ weights[1:] + weights[0]
        error = probability(odds) - truth
        away = weights - towards
        value = np.logaddexp(0, -odds * (2.0 * truth - 1)).sum() + (strength * away**2).sum() / 2
        return float(value), np.concatenate([[error.sum()], features.T @ error]) + strength * away

    bounds = [(-LIMIT, LIMIT)] + [(-LIMIT, 0.0) if name == "against" else (0.0, LIMIT) for name in FEATURES]
    found = minimize(loss, towards.copy(), jac=True, method="L-BFGS-B", bounds=bounds)
    weights: Numbers = found.x
    return weights


def probability(odds: Numbers) -> Numbers:
    """Return the logistic function of `odds`."""
    return 1 / (1 + np.exp(-odds))


def predict(features: Numbers, weights: Numbers) -> Numbers:
    """Return the probability of each row of `features`."""
    return probability(features @ weights[1:] + weights[0])


def fit_shared(features: dict[str, Numbers], truth: dict[str, Labels], rows: Mask, without: str = "") -> Numbers:
    """Return the weights that fit all topics except `without` at once, on the articles `rows` (a mask)."""
    topics = [topic for topic in features if topic != without]
    known = {topic: rows & (truth[topic] >= 0) for topic in topics}
    stacked = np.vstack([features[topic][known[topic]] for topic in topics])
    return fit(stacked, np.concatenate([truth[topic][known[topic]] for topic in topics]))


def fit_topic(
    features: dict[str, Numbers], truth: dict[str, Labels], topic: str, rows: Mask, prior: Numbers | None = None
) -> Numbers:
    """Return the weights of `topic`, fitted on the articles `rows` (a mask), drawn towards `prior`.

    Without `prior`, they are drawn towards the weights that the other topics share.
    """
    known = rows & (truth[topic] >= 0)
    towards = fit_shared(features, truth, rows, without=topic) if prior is None else prior
    return fit(features[topic][known], truth[topic][known], towards, PULL)


def untrained() -> Numbers:
    """Return the weights of a topic without a formula of its own, the defaults of `schemas.taxonomy.Formula`."""
    defaults = Formula()
    return np.array([getattr(defaults, name) for name in ("bias", *FEATURES)])


def formula(weights: Numbers) -> Formula:
    """Return `weights` in the taxonomy's form, rounded so that they are the same on every machine."""
    names = ("bias", *FEATURES)
    return Formula(**{name: round(float(weight), DIGITS) + 0.0 for name, weight in zip(names, weights, strict=True)})
