"""Join two forests into one that says what both say together, or half of what the second adds."""

from __future__ import annotations

import numpy as np

from services.segment.models.trees import Forest


def joined(first: Forest, second: Forest) -> Forest:
    """Return the forest whose log-odds are the sum of those of two forests.

    Raises:
        ValueError: the forests read different columns, or differ in depth or outputs.
    """
    if first.names != second.names:
        raise ValueError("the forests read different columns: train the second one on the columns of the first")
    if first.leaf.shape[1:] != second.leaf.shape[1:]:
        raise ValueError(
            f"the forests have leaves of shape {first.leaf.shape[1:]} and {second.leaf.shape[1:]}: use one depth and "
            "one number of outputs"
        )
    return Forest(
        np.concatenate((first.feature, second.feature)),
        np.concatenate((first.border, second.border)),
        np.concatenate((first.leaf, second.leaf)),
        first.bias + second.bias,
        first.names,
    )


def halfway(before: Forest, after: Forest) -> Forest:
    """Return the forest whose log-odds are the means of those of two forests.

    Args:
        before: the forest that was continued.
        after: `before` with further trees behind its own.
    """
    leaf = after.leaf.copy()
    added = leaf[len(before.leaf) :]
    added[:] = np.round(added / 2)
    return Forest(after.feature, after.border, leaf, (before.bias + after.bias) // 2, after.names)
