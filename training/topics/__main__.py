"""Fits the formula of each topic of a taxonomy and writes it into the taxonomy's file.

    python -m training.topics [ARTICLES [TAXONOMY.yaml]]

Without files, it fits seeds/taxonomy.yaml to the labelled articles of the bench (see `training.topics.articles.bench`).
It also prints the weights shared by all topics; those of seeds/taxonomy.yaml are the defaults of
`schemas.taxonomy.Formula`. The weights of another taxonomy are drawn towards these defaults, because its articles may
be fewer and shorter than those of the bench.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np

from services.topics.scores.scoring import FEATURES
from services.topics.taxonomy.taxonomy import parse_taxonomy
from training.topics.articles import REPOSITORY, BenchMissingError, bench, read
from training.topics.fit import fit_shared, fit_topic, formula, untrained

TAXONOMY = REPOSITORY / "seeds" / "taxonomy.yaml"


def main(arguments: list[str]) -> int:
    """Fit, print and write; return the exit status."""
    taxonomy = Path(arguments[1]) if len(arguments) > 1 else TAXONOMY
    text = taxonomy.read_text(encoding="utf-8")
    try:
        articles = Path(arguments[0]) if arguments else bench() / "topics" / "dev.jsonl"
    except BenchMissingError as error:
        print(error, file=sys.stderr)
        return 1
    labelled = read(articles, parse_taxonomy(text))
    everything = np.ones(len(labelled.ids), dtype=bool)
    prior = untrained() if taxonomy != TAXONOMY else None
    shared = formula(fit_shared(labelled.features, labelled.truth, everything))
    print("shared:", shared.model_dump_json())
    for topic in labelled.features:
        fitted = formula(fit_topic(labelled.features, labelled.truth, topic, everything, prior)).model_dump()
        line = "{" + ", ".join(f"{name}: {fitted[name]:g}" for name in ("bias", *FEATURES)) + "}"
        print(f"{topic}: {line}")
        text = write_formula(text, topic, line)
    parse_taxonomy(text)
    taxonomy.write_text(text, encoding="utf-8")
    return 0


def write_formula(text: str, topic: str, line: str) -> str:
    """Return the taxonomy `text` with the formula of `topic` set to `line`, and everything else unchanged."""
    head, start, rest = text.partition(f"  - id: {topic}\n")
    assert start, f"{topic} is not in the taxonomy"
    block, following, tail = rest.partition("\n  - id: ")
    block = re.sub(r"^    formula: .*\n", "", block, flags=re.MULTILINE)
    block = re.sub(r"^(    threshold: .*\n)", rf"\1    formula: {line}\n", block, flags=re.MULTILINE)
    return head + start + block + following + tail


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
