"""Fit boosted oblivious trees with CatBoost and turn them into the arrays the service evaluates."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import catboost
import numpy as np

from services.segment.features import Features
from services.segment.models.trees import SCALE, Forest
from training.segmentation.forests.joining import joined

if TYPE_CHECKING:
    from services.segment.arrays import Floats, Ints

LIMIT = 32767


def fit(  # noqa: PLR0913 - the settings of one fit, all by keyword
    features: Features,
    labels: Ints,
    *,
    outputs: int,
    weights: Floats | None = None,
    trees: int = 300,
    depth: int = 6,
    rate: float = 0.1,
    sample: float = 0.3,
    start: Forest | None = None,
) -> Forest:
    """Train on `features` (examples x features) with integer `labels`; two outputs give a single column of log-odds.

    With `start`, a forest of the same depth and outputs, the new trees correct what `start` says of the examples, and
    the result has the trees of both.
    """
    columns = features if start is None else Features(start.names, features.ordered(start.names))
    model = catboost.CatBoost(
        {
            "loss_function": "Logloss" if outputs == 2 else "MultiClass",
            "iterations": trees,
            "depth": depth,
            "learning_rate": rate,
            "rsm": sample,
            "l2_leaf_reg": 3.0,
            "border_count": 48,
            "bootstrap_type": "Bernoulli",
            "subsample": 0.6,
            "thread_count": 1,
            "random_seed": 1,
            "leaf_estimation_iterations": 1,
            "allow_writing_files": False,
            "verbose": False,
            **({"classes_count": outputs} if outputs > 2 else {}),
        }
    )
    said = None if start is None else start.raw(columns)
    model.fit(catboost.Pool(columns.values.astype(np.float32), labels, weight=weights, baseline=said))
    grown = _exported(model, columns.names, 1 if outputs == 2 else outputs, depth)
    return grown if start is None else joined(start, grown)


def _exported(model: catboost.CatBoost, names: tuple[str, ...], outputs: int, depth: int) -> Forest:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        stored = json.loads(path.read_text())
    trees = stored["oblivious_trees"]
    feature = np.zeros((len(trees), depth), np.int32)
    border = np.full((len(trees), depth), np.inf, np.float32)
    leaf = np.zeros((len(trees), 1 << depth, outputs), np.int64)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            feature[number, level] = split["float_feature_index"]
            border[number, level] = split["border"]
        grown = np.array(tree["leaf_values"]).reshape(-1, outputs)
        leaf[number, : len(grown)] = np.round(grown * SCALE)
    scale, bias = stored["scale_and_bias"]
    if scale != 1:
        raise ValueError(f"the exported model has scale {scale}, expected 1")
    clipped = np.clip(leaf, -LIMIT, LIMIT).astype(np.int16)
    return Forest(feature, border, clipped, np.round(np.array(bias) * SCALE).astype(np.int64).reshape(-1), names)
