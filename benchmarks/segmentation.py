"""Quality of segmentation on annotated pages: `python -m benchmarks.segmentation`.

Scores the shipped models with the bench's own program, on the dev issues (which they were trained on: a check that
nothing broke, not a measure of quality) and on the sample page, which never trains. `python -m
training.segmentation.crossvalidate` measures what to expect of other pages. Pages whose lines have places are scored
twice, by their text alone and with their places; `python -m training.geometry.evaluate` says how well the models of
places read pages that they were not trained on.

Then it judges the confidence of articles on the typeset issues of `geometry/dev`, read as text alone. The confidence
was fitted to other houses, texts and layouts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from services.segment.models.confidence import shipped_confidence
from services.segment.models.shipped import shipped_models
from services.segment.segmentation import drafts_with, segment_issue
from services.segment.views.spans import prediction
from training.geometry.pages import geometries
from training.segmentation.calibration import HEADER, curves, summary
from training.segmentation.corpus import issue_folders, page_texts
from training.segmentation.evaluate import score, scorer
from training.segmentation.judging import judged_issue, together


def bench_folder() -> Path:
    """The bench's folder: `BROADSHEET_BENCH`, or else ../shared/bench beside the repository."""
    told = os.environ.get("BROADSHEET_BENCH")
    return Path(told) if told else Path(__file__).resolve().parents[2] / "shared" / "bench"


def trust(root: Path) -> list[str]:
    """Return how far the confidence of the articles of annotated issues can be trusted, as lines of text."""
    models, model = shipped_models(), shipped_confidence()
    found = together([judged_issue(f, drafts_with(models, page_texts(f))) for f in issue_folders([root])])
    lines = [f"\nconfidence on {root.parent.name}/{root.name}\n{HEADER}"]
    for question in ("body", "headline"):
        said = getattr(model, question).of(found.measures)[found.told]
        right = found.right[question][found.told]
        lines += [summary(question, said, right), *curves(said, right)]
    return lines


def main() -> int:
    """Print the tables and return 0, even without a bench."""
    bench = bench_folder() / "segmentation"
    if not (bench / "score.py").is_file():
        print(f"No segmentation bench at {bench}: set BROADSHEET_BENCH to the folder that holds it.")
        return 0
    module = scorer(bench)
    rows = []
    for label, root in (("dev (trained on)", bench / "dev"), ("sample page", bench / "sample")):
        folders = {folder.name: folder for folder in issue_folders([root])}
        found = {name: prediction(segment_issue(page_texts(folder))) for name, folder in folders.items()}
        rows.append((f"{label}, {len(folders)}", score(module, folders, found)))
    placed = bench.parent / "geometry" / "dev"
    folders = {folder.name: folder for folder in issue_folders([placed])}
    for label, known in (("text alone", False), ("with places", True)):
        found = {
            name: prediction(segment_issue(page_texts(folder), geometries=geometries(folder) if known else {}))
            for name, folder in folders.items()
        }
        if folders:
            rows.append((f"geometry, {label}, {len(folders)}", score(module, folders, found)))
    print(module.table(rows))
    if folders:
        print("\n".join(trust(placed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
