"""`python -m training.segmentation --data DIR [--data DIR ...]`: train the shipped models from annotated issues."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from services.segment.models.shipped import MODEL_NAMES, Models
from training.segmentation.corpus import issue_folders, load_issue
from training.segmentation.stages import plan_by, train

MODEL_FOLDER = Path(__file__).resolve().parents[2] / "services" / "segment" / "models"
GROUPS = 5


def main() -> None:
    """Train on every annotated page under the given folders and write the model files."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of annotated issues")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="where the model files go")
    arguments = parser.parse_args()
    folders = issue_folders(arguments.data)
    pages = [page for folder in folders for page in load_issue(folder)]
    print(f"{len(folders)} issues, {len(pages)} pages")
    order = {source: k % GROUPS for k, source in enumerate(sorted({min(p.sources) for p in pages}))}
    plan = plan_by(pages, lambda p: str(order[min(p.sources)]))
    _, models = train(pages, plan, final=True, say=print)
    assert models is not None
    write(models, arguments.out)


def write(models: Models, folder: Path) -> None:
    """Write each model to its file."""
    total = 0
    for field in fields(models):
        data = getattr(models, field.name).to_bytes()
        total += len(data)
        (folder / f"{field.name}.npz").write_bytes(data)
    print(f"{len(MODEL_NAMES)} models, {total / 1e6:.2f} MB in {folder}")


if __name__ == "__main__":
    main()
