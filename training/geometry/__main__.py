"""`python -m training.geometry --data DIR [--data DIR ...]`: train the models that read text and places together.

Takes annotated issues with `page-NN.lines.json` files or with their `issue.pdf` (`python -m training.pages --pdf
--extractor pypdfium2` makes some). The shipped models of the text must not have been trained on these issues.
"""

from __future__ import annotations

import argparse
from dataclasses import fields
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

from services.segment.models.shipped import shipped_models
from training.geometry.pages import examples
from training.geometry.stages import train
from training.segmentation.corpus import issue_folders

if TYPE_CHECKING:
    from services.segment.models.placed import PlacedModels
    from training.geometry.pages import PlacedExample

MODEL_FOLDER = Path(__file__).resolve().parents[2] / "services" / "segment" / "models"


def load(folders: list[Path], processes: int, *, damage: bool) -> list[PlacedExample]:
    """Return the pages with usable places of these issues, each read by its text alone first."""
    with Pool(processes) as pool:
        found = pool.imap(partial(_loaded, damage=damage), folders)
        return [example for of_issue in found for example in of_issue]


def _loaded(folder: Path, *, damage: bool) -> list[PlacedExample]:
    return list(examples(folder, shipped_models(), damage=damage))


def main() -> None:
    """Train on every annotated page with places under the given folders, and write the model files."""
    parser = argparse.ArgumentParser(prog="python -m training.geometry", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of annotated issues")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the model files go")
    parser.add_argument("--processes", type=int, default=2, help="how many processes read the pages")
    arguments = parser.parse_args()
    found = load(issue_folders(arguments.data), arguments.processes, damage=True)
    print(f"{len({e.truth.issue for e in found})} issues, {len(found)} pages with places")
    models = train(found, print, arguments.processes)
    write(models, arguments.out)


def write(models: PlacedModels, folder: Path) -> None:
    """Write each model to its file."""
    total = 0
    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(models):
        data = getattr(models, field.name).to_bytes()
        total += len(data)
        (folder / f"placed_{field.name}.npz").write_bytes(data)
    print(f"{len(fields(models))} models, {total / 1e6:.2f} MB in {folder}")


if __name__ == "__main__":
    main()
