"""Source articles from a large corpus: xz-compressed JSON Lines; each line is an article with its structure.

Fields read: `id`, `source`, `date`, `headline`, `kicker`, `deck`, `paragraphs`, `subheads` (indices into `paragraphs`),
`captions`, `kind` (report, brief, opinion, photo, weather, notice, other), `script` (hans, hant), `in_dev` (left out).
"""

from __future__ import annotations

import json
import lzma
import re
from typing import TYPE_CHECKING, Any, Final

import opencc

from training.pages.writing.content import NAMED, Source, bare, printable, shorter, trimmed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

SECTIONED: Final = 2  # number of subheads that a report in sections has
SECTIONED_WEIGHT: Final = 5.0
WEIGHTS: Final = {
    "report": 1.0,
    "brief": 0.6,
    "opinion": 0.7,
    "photo": 3.0,
    "weather": 0.4,
    "notice": 0.6,
    "other": 1.0,
}
BROADCAST_WEIGHT: Final = 0.25  # for a source that is not print and would dominate the rest
BROADCAST: Final = re.compile(r"xwlb|test2")
MODERN: Final = "2000"
HEADLINE: Final = (4, 60)  # characters
LEAST_TEXT: Final = 30  # characters
SHORT_SUBHEAD: Final = 40  # characters; a longer text was guessed wrongly


def weight_of(row: dict[str, Any]) -> float:
    """Return how often an article is drawn relative to others: reports in sections often, broadcast texts rarely."""
    weight = WEIGHTS.get(str(row.get("kind")), 1.0)
    if BROADCAST.search(str(row.get("source"))):
        weight *= BROADCAST_WEIGHT
    if len(row.get("subheads") or ()) >= SECTIONED and str(row.get("date")) >= MODERN:
        weight *= SECTIONED_WEIGHT
    return weight


def flow_of(row: dict[str, Any], simplify: opencc.OpenCC | None) -> list[tuple[str, str]]:
    """Return the paragraphs and subheads of an article, in order."""
    subheads = set(row.get("subheads") or ())
    flow: list[tuple[str, str]] = []
    for position, raw in enumerate(row["paragraphs"]):
        text = printable(simplify.convert(raw) if simplify else raw)
        if not text or NAMED.match(text):
            continue
        if position in subheads and len(text) <= SHORT_SUBHEAD and flow:
            flow.append(("subhead", text.replace("　", " ")))
        else:
            flow += [("para", part) for part in shorter(text)]
    return list(trimmed(flow))


def from_row(row: dict[str, Any], simplify: opencc.OpenCC) -> Source | None:
    """Return the source in a line of the corpus, in simplified script; None if it cannot be set as a story."""
    convert = simplify if row.get("script") == "hant" else None
    headline, kicker, deck = (
        printable(convert.convert(text) if convert else text)
        for text in (str(row.get(key) or "") for key in ("headline", "kicker", "deck"))
    )
    flow = flow_of(row, convert)
    captions = tuple(
        text for raw in row.get("captions") or () if (text := printable(convert.convert(raw) if convert else raw))
    )
    least, most = HEADLINE
    if not least <= len(headline) <= most or sum(len(text) for _, text in flow) < LEAST_TEXT:
        return None
    return Source(
        f"texts/{row['id']}", "", headline, kicker, deck, tuple(flow), captions, (), weight_of(row), str(row["source"])
    )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of the corpus."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def load_texts(path: Path, *, every: int = 1, offset: int = 0, barred: Collection[str] = ()) -> list[Source]:
    """Return every usable article of the corpus whose number leaves `offset` when divided by `every`.

    Args:
        path: the corpus.
        every: the number of parts into which the corpus is divided, so that a complete part can be kept aside.
        offset: which of these parts to load.
        barred: headlines without blanks that are left out, because pages with these headlines judge the result.
    """
    simplify = opencc.OpenCC("t2s")
    found: list[Source] = []
    for number, row in enumerate(rows(path)):
        if number % every == offset and not row.get("in_dev"):
            source = from_row(row, simplify)
            if source and bare(source.headline) not in barred:
                found.append(source)
    return found
