"""`python -m training.segmentation.confidence --data DIR [--data DIR ...]`: fit the confidence of articles.

DIR holds annotated issues whose texts the segmentation models were not trained on: on pages they know, they are right
far too often. Every issue is segmented with the shipped models, every article is judged against the truth, and two
forests learn from the measures of an article whether its body and its headline are right. Their log-odds on issues that
a fold kept aside are then compared with how often they were right.

It prints what the confidence is worth on what was kept aside: issues, each with its own house style; extractors; orders
of the page's pieces; and the issues under --report, which nothing is fitted to. Fit it again whenever the segmentation
models change.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from services.segment.models.confidence import PLACED, SHIPPED, Chance, ConfidenceModel
from services.segment.models.shipped import shipped_models
from services.segment.segmentation import drafts_with
from training.geometry.pages import geometries
from training.segmentation.calibration import HEADER, curves, picture, summary
from training.segmentation.corpus import issue_folders, page_texts
from training.segmentation.forests.boosting import fit
from training.segmentation.judging import Judged, judged_issue, together, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.features import Features
    from services.segment.models.trees import Forest

MODELS = Path(__file__).resolve().parents[2] / "services" / "segment" / "models"
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "confidence.svg"
QUESTIONS = ("body", "headline")
KEPT_ASIDE = ("issue", "extractor", "mode", "script")
FOLDS = 5
KNOTS = 24  # bins of equal size between which the calibration is linear
NEVER, ALWAYS = 0.005, 0.995  # no confidence goes beyond these
MOST_EACH = 10  # groups under a key that are kept aside one at a time; more are kept aside in `FOLDS` parts


def main() -> None:
    """Fit the model, print what it is worth, and write it."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation.confidence", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of annotated issues")
    parser.add_argument("--report", type=Path, help="a folder of annotated issues of another kind, only to be judged")
    parser.add_argument("--places", action="store_true", help="fit the model for pages whose lines have places")
    parser.add_argument("--out", type=Path, help="where the model goes, instead of beside the models that ship")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where the picture of both curves goes")
    arguments = parser.parse_args()
    out = arguments.out or MODELS / f"{PLACED if arguments.places else SHIPPED}.npz"
    data = judged_folders(arguments.data, places=arguments.places)
    other = judged_folders([arguments.report], places=arguments.places) if arguments.report else None
    chances, lines = {}, []
    for question in QUESTIONS:
        aside = kept_aside(data, question, "issue")
        chances[question] = Chance(forest_of(data, question), *knots(aside[0], data.right[question]))
        lines += report(question, data, aside, chances[question], other)
    model = ConfidenceModel(**chances)
    out.write_bytes(model.to_bytes())
    arguments.picture.write_text(picture(lines), encoding="utf-8")
    print(f"{out.stat().st_size / 1e3:.0f} kB in {out}; the curves are in {arguments.picture}")


def judged_folders(roots: Iterable[Path], *, places: bool = False) -> Judged:
    """Segment every annotated issue under the folders with the shipped models, and judge its articles.

    With `places`, pages are read with the places of their lines where the folder knows them.
    """
    folders = issue_folders(roots)
    models = shipped_models()
    found = []
    for k, folder in enumerate(folders, 1):
        found.append(
            judged_issue(folder, drafts_with(models, page_texts(folder), geometries(folder) if places else {}))
        )
        if k % 20 == 0 or k == len(folders):
            print(f"{k} of {len(folders)} issues", flush=True)
    return together(found)


def forest_of(data: Judged, question: str, use: Flags | None = None) -> Forest:
    """Fit the forest for `question` to the articles in `use` (articles,), or to all."""
    use = np.ones(len(data.told), np.bool_) if use is None else use
    chosen: Features = type(data.measures)(data.measures.names, data.measures.values[use])
    return fit(chosen, data.right[question][use], outputs=2, trees=400, depth=4, rate=0.05, sample=0.3)


def kept_aside(data: Judged, question: str, key: str) -> tuple[Floats, Ints]:
    """Return log-odds from forests that saw no article of the same group under `key`, and each article's fold."""
    groups = values_of(data, key)
    values = sorted(set(groups))
    parts = len(values) if len(values) <= MOST_EACH else FOLDS
    fold = np.array([values.index(group) % parts for group in groups])
    odds = np.zeros(len(groups))
    for k in range(parts):
        aside = fold == k
        odds[aside] = forest_of(data, question, ~aside).raw(_only(data.measures, aside))[:, 0]
    return odds, fold


def chances_aside(odds: Floats, fold: Ints, right: Ints) -> Floats:
    """Return the chances (articles,) of log-odds, each fold compared with how often the others were right."""
    chances = np.zeros(len(odds))
    for k in range(fold.max() + 1):
        aside = fold == k
        chances[aside] = np.interp(odds[aside], *knots(odds[~aside], right[~aside]))
    return chances


def _only(measures: Features, use: Flags) -> Features:
    return type(measures)(measures.names, measures.values[use])


def knots(odds: Floats, right: Ints) -> tuple[Floats, Floats]:
    """Return log-odds and shares of right articles, both ascending: the calibration of these articles.

    Neighbouring bins are joined until the shares ascend (pool adjacent violators).
    """
    order = np.argsort(odds, kind="stable")
    bins = [(float(odds[part].mean()), float(right[part].mean()), len(part)) for part in np.array_split(order, KNOTS)]
    joined: list[tuple[float, float, int]] = []
    for one in bins:
        joined.append(one)
        while len(joined) > 1 and joined[-2][1] >= joined[-1][1]:
            (x, y, n), (a, b, m) = joined[-2:]
            joined[-2:] = [((x * n + a * m) / (n + m), (y * n + b * m) / (n + m), n + m)]
    middle, share = np.array([one[0] for one in joined]), np.array([one[1] for one in joined])
    ends = np.array([float(odds.min()) - 1, *middle, float(odds.max()) + 1])
    return ends, np.clip(np.array([share[0] / 2, *share, (1 + share[-1]) / 2]), NEVER, ALWAYS)


def report(
    question: str, data: Judged, aside: tuple[Floats, Ints], chance: Chance, other: Judged | None
) -> list[tuple[str, Floats, Ints]]:
    """Print what the confidence is worth, and return the lines of the picture; only articles with a body count."""
    print(f"\n{question}\n{HEADER}")
    right, told = data.right[question], data.told
    said = chances_aside(*aside, right)
    lines = [(f"{question}: generated issues kept aside", said[told], right[told])]
    for key in (key for key in KEPT_ASIDE if len(set(values_of(data, key))) > 1):
        calibrated = said if key == "issue" else chances_aside(*kept_aside(data, question, key), right)
        print(summary(f"{key} kept aside", calibrated[told], right[told]))
        groups = values_of(data, key)
        for value in sorted(set(groups[told])) if key != "issue" else ():
            mine = told & (groups == value)
            print(summary(f"  {value}", calibrated[mine], right[mine]))
    print("\n".join(curves(said[told], right[told])))
    if other:
        judged_so = chance.of(other.measures)[other.told]
        print(summary("--report", judged_so, other.right[question][other.told]))
        print("\n".join(curves(judged_so, other.right[question][other.told])))
        lines.append((f"{question}: typeset issues of other houses", judged_so, other.right[question][other.told]))
    return lines


if __name__ == "__main__":
    main()
