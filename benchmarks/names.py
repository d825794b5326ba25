"""Precision and recall of bylines, credits and people on benchmarks/names.tsv: `python -m benchmarks.names [-v]`.

Both halves of the set are reported: `a` was written beside the rules, `b` after them, without a look at them.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.tagging_speed import article_of
from services.segment.formulas.bylines import parse_byline
from services.segment.formulas.credits import split_credit
from services.segment.formulas.signatures import people_in_text
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELLED = Path(__file__).with_name("names.tsv")
KINDS = ("byline", "lead", "tail", "credit", "people")
DAY, PAPER = "2025-10-13", "青峦日报"


@dataclass(frozen=True, slots=True)
class Item:
    """A printed text of one of `KINDS` and whom it names: 记者 沈柏舟 in credits, the bare name in the others."""

    sitting: str
    kind: str
    text: str
    truth: frozenset[str]


def read(path: Path = LABELLED) -> Iterator[Item]:
    """Yield the labelled items of `path`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sitting, kind, text, truth = [*line.split("\t"), ""][:4]
            yield Item(sitting, kind, text, frozenset(filter(None, truth.split("; "))))


class Reader:
    """Reads an item as the pipeline would."""

    def __init__(self) -> None:
        self._tagger = Tagger(seed_taxonomy())

    def found_in(self, item: Item) -> frozenset[str]:
        """Return whom the pipeline finds."""
        if item.kind == "people":
            return frozenset(name.name for name in self._tagger.tag(article_of(0, "", item.text, DAY, PAPER)).people)
        if item.kind == "credit":
            return frozenset(filter(None, [split_credit(item.text)[1]]))
        people = {
            "byline": lambda: parse_byline(item.text),
            "lead": lambda: people_in_text(item.text, "路通了。"),
            "tail": lambda: people_in_text("路通了。", item.text),
        }[item.kind]()
        return frozenset(f"{person.role} {person.name}" for person in people)


def main(arguments: list[str]) -> int:
    """Measure and print; return the exit status."""
    reader = Reader()
    right, wrong, missed, number = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for item in read():
        found = reader.found_in(item)
        for key in (f"{item.sitting} {item.kind}", f"{item.sitting} all"):
            number[key] += 1
            right[key] += len(found & item.truth)
            wrong[key] += len(found - item.truth)
            missed[key] += len(item.truth - found)
        if "-v" in arguments and found != item.truth:
            print(f"{item.kind}: {item.text}")
            print(f"   wrong {sorted(found - item.truth)} missed {sorted(item.truth - found)}")
    for key in sorted(number, key=lambda key: (key.split()[0], [*KINDS, "all"].index(key.split()[1]))):
        precision = right[key] / max(right[key] + wrong[key], 1)
        recall = right[key] / max(right[key] + missed[key], 1)
        counts = f"{right[key]} right, {wrong[key]} wrong, {missed[key]} missed"
        print(f"{key:10} {number[key]:4} items  precision {precision:.3f}  recall {recall:.3f}  ({counts})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
