"""`python -m training.geometry.evaluate --data DIR --judge DIR`: what to expect of pages not trained on.

Trains on the annotated issues of --data and scores the issues of --judge with the bench's own program: by their text
alone, and by text and places. Without --data it scores the models in --models, or else the shipped models.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.segment.articles.assembly import assemble
from services.segment.geometry.arranging import arranged
from services.segment.geometry.reading import read_placed
from services.segment.models.placed import PLACED_NAMES, PlacedModels, placed_models
from services.segment.models.shipped import shipped_models
from services.segment.models.trees import Forest
from services.segment.views.spans import prediction
from training.geometry.__main__ import load, write
from training.geometry.stages import train
from training.segmentation.corpus import issue_folders
from training.segmentation.evaluate import score, scorer
from training.segmentation.slices import by_issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.matching.draft import Draft
    from training.geometry.pages import PlacedExample

DEFAULT_BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"


def predictions(found: Sequence[PlacedExample], models: PlacedModels | None) -> dict[str, Any]:
    """Return predictions for every issue of these pages; by the text alone if `models` is None."""
    drafts: dict[str, list[Draft]] = {}
    for example in found:
        draft = example.draft
        if models is not None:
            draft = arranged(read_placed(draft, example.places, models), shipped_models())
        drafts.setdefault(example.truth.issue, []).append(draft)
    return {issue: prediction(assemble(of_issue, {})) for issue, of_issue in drafts.items()}


def loaded(folder: Path) -> PlacedModels:
    """Return the models in a folder."""
    return PlacedModels(
        **{name: Forest.from_bytes((folder / f"placed_{name}.npz").read_bytes()) for name in PLACED_NAMES}
    )


def main() -> None:
    """Train if asked, and print the table with slices by house."""
    parser = argparse.ArgumentParser(prog="python -m training.geometry.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", default=[], help="annotated issues to train on")
    parser.add_argument("--bench", type=Path, default=DEFAULT_BENCH, help="where the bench is")
    parser.add_argument("--judge", type=Path, help="issues to score; the geometry bench if left out")
    parser.add_argument("--models", type=Path, help="where trained models are, or are put with --data")
    parser.add_argument("--damage", action="store_true", help="damage the places of the scored pages too")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.data:
        taught = load(issue_folders(arguments.data), arguments.processes, damage=True)
        models = train(taught, print, arguments.processes)
        if arguments.models:
            write(models, arguments.models)
    else:
        models = loaded(arguments.models) if arguments.models else placed_models()
    folders = {f.name: f for f in issue_folders([arguments.judge or arguments.bench / "geometry" / "dev"])}
    found = load(list(folders.values()), arguments.processes, damage=arguments.damage)
    folders = {e.truth.issue: folders[e.truth.issue] for e in found}
    module = scorer(arguments.bench / "segmentation")
    house = {e.truth.issue: e.truth.slice_of["house"] for e in found}
    rows = [("text alone", score(module, folders, predictions(found, None)))]
    placed = predictions(found, models)
    rows.append(("text and places", score(module, folders, placed)))
    rows += by_issue(module, folders, placed, lambda name: house[name])
    print(module.table(rows))


if __name__ == "__main__":
    main()
