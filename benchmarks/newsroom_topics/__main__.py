"""Quality of the topics of seeds/newsroom.yaml, topic by topic: `python -m benchmarks.newsroom_topics`.

The articles are invented and written for this measurement. Words and weights were chosen on dev.tsv. held.tsv has other
kinds of subjects and another newspaper's voice; it was written after the words were fixed, and measured once. So the
figure is that of held.tsv, tagged as the taggers do. The figures of dev.tsv come from weights fitted on other folds, and
from weights fitted without the article's kind of subject. `--errors` also prints what is wrong in dev.tsv.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.topics import FOLDS, REPEATS, folds, held_out, table
from services.tag.tagging import Tagger
from services.tag.taxonomy.taxonomy import parse_taxonomy
from training.topics.articles import REPOSITORY, read
from training.topics.fit import fit_topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from benchmarks.topics import Mask, Numbers
    from schemas.taxonomy import Taxonomy
    from training.topics.articles import Labelled

HERE = Path(__file__).parent
TAXONOMY = REPOSITORY / "seeds" / "newsroom.yaml"


def as_tagged(path: Path, taxonomy: Taxonomy) -> dict[str, Numbers]:
    """Return, for each article of a TSV file and each topic, 1 if the tagger gives it the topic, else 0.

    The second half of each row is for the briefs of `training.topics.articles.read`, tagged as not about the topic.
    """
    tagger = Tagger(taxonomy)
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = [{topic.id for topic in tagger.topics_of(*line.split("\t")[2:])} for line in lines]
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
    articles = ~labelled.briefs

    def fitted(topic: str, rows: Mask) -> Numbers:
        return fit_topic(labelled.features, labelled.truth, topic, rows)

    runs = [held_out(labelled, folds(labelled, repeat), fitted) for repeat in range(REPEATS)]
    kinds: NDArray[np.str_] = np.array(labelled.groups)
    parts = [kinds == kind for kind in sorted(set(labelled.groups))]
    left_out = held_out(labelled, parts, fitted)
    shipped = as_tagged(HERE / "dev.tsv", taxonomy)
    print(*table(labelled, f"dev, {FOLDS}-fold cross-validation", runs, articles, taxonomy), sep="\n")
    print(*table(labelled, "dev, a kind of subject left out", [left_out], articles, taxonomy), sep="\n")
    print(*table(labelled, "dev, as shipped", [shipped], articles, taxonomy), sep="\n")
    if "--errors" in arguments:
        print(*errors(HERE / "dev.tsv", labelled, shipped), sep="\n")
    held = read(HERE / "held.tsv", taxonomy)
    print(*table(held, "held, as shipped", [as_tagged(HERE / "held.tsv", taxonomy)], ~held.briefs, taxonomy), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
