"""`python -m training.segmentation.crossvalidate`: what to expect on pages, houses, layouts and extractors not seen.

Keeps one value aside at a time (a house style, a layout or an extractor), trains on the rest and scores what was kept
aside with the bench's own program. Generated pages may train too, never with text of an issue that is kept aside.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.segment.articles.assembly import assemble
from services.segment.evidence.page_evidence import second_look
from services.segment.segmentation import draft_from
from services.segment.views.spans import prediction
from training.segmentation.corpus import issue_folders, load_issue
from training.segmentation.evaluate import score, scorer
from training.segmentation.lessons.samples import evidence_of
from training.segmentation.slices import by_issue, by_page
from training.segmentation.stages import Plan, plan_by, train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.matching.draft import Draft
    from services.segment.models.shipped import Models
    from training.segmentation.corpus import AnnotatedPage

DEFAULT_BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"
KEYS = ("house", "template", "extractor", "kind")


def predictions(pages: Sequence[AnnotatedPage], plan: Plan, folds: Sequence[Models]) -> dict[str, Any]:
    """Return predictions for every issue; each page is judged by models that have not seen it."""
    drafts: dict[str, list[Draft]] = {}
    for page, fold in zip(pages, plan.fold_of, strict=False):
        models = folds[fold]
        first = models.roles.probabilities(page.features)
        evidence = evidence_of(page, second_look(page.page, page.features, first, models), models.network)
        drafts.setdefault(page.issue, []).append(draft_from(evidence, models))
    return {issue: prediction(assemble(found, {})) for issue, found in drafts.items()}


def main() -> None:
    """Cross-validate on the bench's dev set and print the table, with slices."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation.crossvalidate", description=__doc__)
    parser.add_argument("--bench", type=Path, default=DEFAULT_BENCH / "segmentation")
    parser.add_argument("--by", choices=KEYS, default="house", help="what is kept aside, one value at a time")
    parser.add_argument("--extra", type=Path, action="append", default=[], help="more annotated issues to train on")
    arguments = parser.parse_args()
    folders = {f.name: f for f in issue_folders([arguments.bench / "dev"])}
    pages = [p for f in folders.values() for p in load_issue(f)]
    extra = [p for f in issue_folders(arguments.extra) for p in load_issue(f)]
    plan = plan_by(pages, lambda p: p.slice_of[arguments.by], extra)
    folds, _ = train([*pages, *extra], plan, final=False, say=print)
    found = predictions(pages, plan, folds)
    module = scorer(arguments.bench)
    slice_of = {p.issue: p.slice_of for p in pages}
    template = {(p.issue, p.page.number): p.slice_of["template"] for p in pages}
    rows = [(f"without its {arguments.by}", score(module, folders, found))]
    for key in ("house", "extractor", "kind"):
        value_of = {issue: values[key] for issue, values in slice_of.items()}
        rows += by_issue(module, folders, found, value_of.__getitem__)
    rows += by_page(module, folders, found, lambda name, page: template.get((name, page), ""))
    print(module.table(rows))


if __name__ == "__main__":
    main()
