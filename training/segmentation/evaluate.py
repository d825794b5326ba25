"""Score predictions with the bench's own program."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType


def scorer(bench: Path) -> ModuleType:
    """Return the bench's score.py as a module."""
    path = bench / "score.py"
    spec = importlib.util.spec_from_file_location("bench_score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"no scoring program at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def score(module: ModuleType, folders: Mapping[str, Path], predictions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bench's summary of the issues in `folders`."""
    total = module.Acc()
    for name in sorted(folders):
        truth, lines, text = module.load_issue(str(folders[name]))
        module.score_issue(truth, lines, text, predictions[name], total)
    return dict(module.summary(total))
