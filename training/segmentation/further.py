"""`python -m training.segmentation.further --data DIR --known DIR`: teach the second look at rows further pages.

The forest that ships gets more trees, which correct what it says of the pages. Only half of what they say counts, so
that the forest does not lose what it knows. The other models stay as they are. The issues under --data must be new to
the forests that ship, or the new trees learn to trust the first look too much. The network may have seen them, because
the second look does not ask it. The issues under --known are among those that the forests were trained on. They correct
nothing, and keep what the forest knows about their kind of page.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from services.segment.evidence.second_look import refined_features
from services.segment.models.shipped import shipped_models
from services.segment.roles import CLASSES
from training.segmentation.corpus import issue_folders, kept_aside, load_issue
from training.segmentation.forests.boosting import fit
from training.segmentation.forests.joining import halfway
from training.segmentation.lessons.samples import role_sample, stack

if TYPE_CHECKING:
    from services.segment.models.shipped import Models
    from training.segmentation.corpus import AnnotatedPage
    from training.segmentation.lessons.samples import Sample

MODEL = Path(__file__).resolve().parents[2] / "services" / "segment" / "models" / "refined.npz"
TREES, DEPTH, RATE, COLUMNS = 60, 6, 0.1, 0.15  # the forest that ships first had 150 trees and a rate of .16


def second_sample(page: AnnotatedPage, models: Models) -> Sample:
    """Return the rows of a page as the second look of `models` sees them, with their true classes."""
    first = models.roles.probabilities(page.features)
    return role_sample(page, refined_features(page.page, page.features, first, models.continuity))


def main() -> None:
    """Add trees to the forest of the second look and write it."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation.further", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of new annotated issues")
    parser.add_argument("--known", type=Path, action="append", default=[], help="a folder of issues trained on before")
    parser.add_argument(
        "--aside",
        action="append",
        default=[],
        help="an extractor, or how the names of layouts begin: such issues of --data judge the result",
    )
    parser.add_argument(
        "--thin", action="store_true", help="leave out each third new issue, and each second page of the known ones"
    )
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    models = shipped_models()
    new = [folder for folder in issue_folders(arguments.data) if not kept_aside(folder, arguments.aside)]
    if arguments.thin:
        new = [folder for k, folder in enumerate(new) if k % 3]
    known = issue_folders(arguments.known)
    pages = [page for folder in new for page in load_issue(folder)]
    pages += [page for folder in known for page in load_issue(folder)[:: 2 if arguments.thin else 1]]
    examples = stack([second_sample(page, models) for page in pages])
    print(f"{len(new)} new issues, {len(known)} known ones, {len(examples.labels)} rows", flush=True)
    forest = fit(
        examples.features,
        examples.labels,
        outputs=len(CLASSES),
        weights=examples.weights,
        trees=TREES,
        depth=DEPTH,
        rate=RATE,
        sample=COLUMNS,
        start=models.refined,
    )
    data = halfway(models.refined, forest).to_bytes()
    arguments.out.write_bytes(data)
    print(f"{arguments.out.name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
