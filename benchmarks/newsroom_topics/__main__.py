"""Quality of the topics of seeds/newsroom.yaml, topic by topic: `python -m benchmarks.newsroom_topics`.

The articles are invented and written for this measurement. Words and weights were chosen on dev.tsv. held.tsv has other
kinds of subjects, for another newspaper; it was written after words and weights were fixed, and its errors were not
looked at. fresh.tsv came last, from a second writer who did not know the words. So the figures are
those of held.tsv and fresh.tsv, tagged as the taggers do. For dev.tsv there are two figures: tagged by the shipped
weights, and by weights fitted on the other nine tenths. `--errors` also prints what is wrong in dev.tsv.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.topics import FOLDS, folds, held_out, table
from services.topics.deciding import Decider
from services.topics.taxonomy.taxonomy import parse_taxonomy
from training.topics.articles import REPOSITORY, read
from training.topics.fit import fit_topic, untrained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.topics import Mask, Numbers
    from schemas.taxonomy import Taxonomy
    from training.topics.articles import Labelled

HERE = Path(__file__).parent
TAXONOMY = REPOSITORY / "seeds" / "newsroom.yaml"


def as_tagged(path: Path, taxonomy: Taxonomy) -> dict[str, Numbers]:
    """Return, for each article of a TSV file and each topic, 1 if the tagger gives it the topic, else 0.

    The second half of each row is for the briefs of `training.topics.articles.read`, tagged as not about the topic.
    """
    decider = Decider(taxonomy)
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = [{topic.id for topic in decider.topics_of(*line.split("\t")[2:])} for line in lines]
    return {
        topic.id: np.array([float(topic.id in each) for each in found] + [0.0] * len(found))
        for topic in taxonomy.topics
    }


def errors(path: Path, labelled: Labelled, tagged: dict[str, Numbers]) -> Iterator[str]:
    """Yield a line for each wrong decision: the topic, whether it is wrong or missed, and the headline."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for topic, truth in labelled.truth.items():
        for number, line in enumerate(lines):
            if truth[number] >= 0 and truth[number] != tagged[topic][number]:
                yield f"  {topic} {'missed' if truth[number] else 'wrong'}: {line.split(chr(9))[2]}"


def main(arguments: list[str]) -> int:
    """Measure and print; return the exit status."""
    taxonomy = parse_taxonomy(TAXONOMY.read_text(encoding="utf-8"))
    labelled = read(HERE / "dev.tsv", taxonomy)
    articles, prior = ~labelled.briefs, untrained()

    def fitted(topic: str, rows: Mask) -> Numbers:
        return fit_topic(labelled.features, labelled.truth, topic, rows, prior)

    runs = [held_out(labelled, folds(labelled, 0), fitted)]
    shipped = as_tagged(HERE / "dev.tsv", taxonomy)
    print(*table(labelled, f"dev, {FOLDS}-fold cross-validation", runs, articles, taxonomy), sep="\n")
    print(*table(labelled, "dev, as shipped", [shipped], articles, taxonomy), sep="\n")
    if "--errors" in arguments:
        print(*errors(HERE / "dev.tsv", labelled, shipped), sep="\n")
    for name in ("held", "fresh"):
        path = HERE / f"{name}.tsv"
        kept = read(path, taxonomy)
        print(*table(kept, f"{name}, as shipped", [as_tagged(path, taxonomy)], ~kept.briefs, taxonomy), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
