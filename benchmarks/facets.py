"""Precision and recall of the facets on benchmarks/facets.txt: `python -m benchmarks.facets [-v]`; -v prints faults."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.tagging_speed import article_of
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.tagged import TaggedArticle

MARKED = Path(__file__).with_name("facets.txt")
MARK = re.compile(r"〔(?P<kind>[ponfd]):(?P<printed>[^〕=]+)(?:=(?P<value>[^〕]*))?〕")
KINDS = {"p": "places", "o": "organisations", "n": "people", "f": "figures", "d": "dates"}


@dataclass(frozen=True, slots=True)
class Marked:
    """An article and its true facets, each as a set of strings; `counted` says what a figure counts, where marked."""

    date: str
    paper: str
    text: str
    truth: dict[str, frozenset[str]]
    counted: dict[str, str]


def read(path: Path) -> Iterator[Marked]:
    """Yield the marked articles of `path`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        date, paper, text = line.split(" ", 2)
        truth: dict[str, set[str]] = {name: set() for name in KINDS.values()}
        counted = {}
        for match in MARK.finditer(text):
            printed, value = match["printed"], match["value"] or ""
            if match["kind"] == "p":
                truth["places"].add(value or printed)
            elif match["kind"] == "d":
                truth["dates"].add(value)
            elif match["kind"] == "f":
                number, unit, *what = value.split(" ")
                key = f"{printed} = {float(number):g} {unit}"
                truth["figures"].add(key)
                if what and what[0]:
                    counted[key] = " ".join(what)
            else:
                truth[KINDS[match["kind"]]].add(printed)
                truth["places"].update(value.split())
        plain = MARK.sub(lambda match: match["printed"], text)
        yield Marked(date, paper, plain, {name: frozenset(found) for name, found in truth.items()}, counted)


def found_in(tagged: TaggedArticle) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """Return the facets of `tagged` in the form of the marks, and what each figure counts."""
    figures = {f"{f.span.text} = {f.value:g} {f.unit}": f for f in tagged.figures}
    sign = {"rise": " +", "fall": " -", None: ""}
    found = {
        "places": frozenset(place.code or place.name for place in tagged.places),
        "organisations": frozenset(name.name for name in tagged.organisations),
        "people": frozenset(name.name for name in tagged.people),
        "figures": frozenset(figures),
        "dates": frozenset(day.isoformat() for day in tagged.dates),
    }
    return found, {key: f"{figure.what}{sign[figure.change]}" for key, figure in figures.items()}


def main(arguments: list[str]) -> int:
    """Measure and print; return the exit status."""
    tagger = Tagger(seed_taxonomy())
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for number, marked in enumerate(read(MARKED)):
        found, counted = found_in(tagger.tag(article_of(number, "", marked.text, marked.date, marked.paper)))
        for name, truth in marked.truth.items():
            right[name] += len(truth & found[name])
            wrong[name] += len(found[name] - truth)
            missed[name] += len(truth - found[name])
            if "-v" in arguments and truth != found[name]:
                extra, lacking = sorted(found[name] - truth), sorted(truth - found[name])
                print(f"{name}: wrong {extra} missed {lacking} in {marked.text}")
        for key, what in marked.counted.items():
            if key in counted:
                right["what a figure counts"] += counted[key] == what
                wrong["what a figure counts"] += counted[key] != what
                missed["what a figure counts"] += not counted[key].rstrip(" +-")
                if "-v" in arguments and counted[key] != what:
                    print(f"counts: {key}: {counted[key]!r} for {what!r}")
    for name in (*KINDS.values(), "what a figure counts"):
        precision = right[name] / (right[name] + wrong[name])
        recall = right[name] / (right[name] + missed[name])
        counts = f"({right[name]} right, {wrong[name]} wrong, {missed[name]} missed)"
        print(f"{name:22} precision {precision:.3f}  recall {recall:.3f}  {counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
