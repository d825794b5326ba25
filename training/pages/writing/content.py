"""Source articles: the texts of annotated issues, without the house style in which they were printed."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

LEAD = re.compile(
    r"^\s*(?:本报|时报|商报|晚报|日报|晨报)(?:\S{2,3}\d+月\d+日)?讯[\s　]*(?:（(?:记者|通讯员)[^）]*）)?[\s　]*"
)
TAIL = re.compile(r"[\s　]*（(?:(?:本报)?记者|通讯员)[^（）]*）\s*$")
NAMED = re.compile(r"^\s*(?:本报|新华社)?\S{0,6}(?:记者|通讯员|评论员)\s*\S{0,12}\s*$")
MAX_CHARACTERS = 2600


@dataclass(frozen=True, slots=True)
class Source:
    """An article's text: `flow` holds ("para" | "subhead", text), `names` (name, role) printed inside the text.

    `weight` is how often it is drawn relative to others; `origin` names its corpus.
    """

    key: str
    issue: str
    headline: str
    kicker: str
    deck: str
    flow: tuple[tuple[str, str], ...]
    captions: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    weight: float = 1.0
    origin: str = ""

    @property
    def characters(self) -> int:
        """Length of the body."""
        return sum(len(text) for _, text in self.flow)


def from_record(issue: str, article: dict[str, Any]) -> Source | None:
    """Return the source in an article record of the bench's format; None for round-ups or without a headline."""
    if article["kind"] == "roundup" or not article["headline"].strip():
        return None
    keep_names = article.get("byline_form") == "source"
    flow: list[tuple[str, str]] = []
    for position, item in enumerate(article["flow"]):
        text = printable(item["text"])
        if not keep_names:
            text = TAIL.sub("", LEAD.sub("", text) if position == 0 else text)
        if item["kind"] != "para" and NAMED.match(text):
            continue
        if text and not (position == 0 and NAMED.match(text) and not keep_names):
            flow.append(("para" if item["kind"] == "para" else "subhead", text))
    names = tuple((b["name"], b["role"]) for b in article["bylines"]) if keep_names else ()
    if not flow and not article["captions"]:
        return None
    return Source(
        key=f"{issue}/{article['id']}",
        issue=issue,
        headline=printable(article["headline"]),
        kicker=printable(article["kicker"]),
        deck=printable(article["deck"]),
        flow=trimmed(flow),
        captions=tuple(printable(c) for c in article["captions"] if c.strip()),
        names=names,
    )


def trimmed(flow: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Cut the flow after about MAX_CHARACTERS; it never ends in a subhead."""
    kept: list[tuple[str, str]] = []
    size = 0
    for kind, text in flow:
        if size > MAX_CHARACTERS:
            break
        kept.append((kind, text))
        size += len(text)
    while kept and kept[-1][0] == "subhead":
        kept.pop()
    return tuple(kept)


def from_line(row: dict[str, Any]) -> Source | None:
    """Return the source in a row of an articles file.

    The file has JSON Lines with `id`, `headline` and `text`; each line of `text` is a paragraph.
    """
    headline = printable(str(row.get("headline", "")))
    paragraphs: list[str] = []
    for raw in str(row.get("text", "")).split("\n"):
        text = printable(raw)
        if text and text != headline and not NAMED.match(text):
            paragraphs.extend(shorter(text))
    if not 4 <= len(headline) <= 45 or sum(map(len, paragraphs)) < 30:
        return None
    key = f"articles/{row.get('id', headline)}"
    return Source(key, "", headline, "", "", trimmed(("para", p) for p in paragraphs), (), ())


def shorter(paragraph: str, limit: int = 320) -> list[str]:
    """Cut a paragraph that is too long for newspapers at sentence ends, into pieces of about a hundred characters."""
    if len(paragraph) <= limit:
        return [paragraph]
    parts: list[str] = [""]
    for sentence in re.findall(r"[^。！？]*[。！？]?[”’）]*", paragraph):
        if len(parts[-1]) > 90:
            parts.append("")
        parts[-1] += sentence
    return [p for p in parts if p]


def load_sources(
    folder: Path, *, only: Collection[str] = (), exclude: Collection[str] = (), articles: Iterable[Path] = ()
) -> list[Source]:
    """Return every usable source in the issues of `folder` (chosen by `only` / `exclude`) and in the files `articles`.

    Rows of an articles file whose headline is in any issue of the folder, excluded or not, are left out: the issues
    kept for validation must not come back in another way.
    """
    sources: list[Source] = []
    headlines: set[str] = set()
    for path in sorted(folder.glob("*/truth.json")):
        issue = path.parent.name
        records = json.loads(path.read_text(encoding="utf-8"))["articles"]
        headlines.update(bare(a["headline"]) for a in records)
        if (only and issue not in only) or issue in exclude:
            continue
        sources.extend(s for s in (from_record(issue, a) for a in records) if s)
    for row in rows(articles):
        source = from_line(row)
        if source and bare(source.headline) not in headlines:
            headlines.add(bare(source.headline))
            sources.append(source)
    return sources


def rows(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield the rows of JSON Lines files."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def printable(text: str) -> str:
    """Return the stripped text without control, format and private characters or those outside the basic plane."""
    return "".join(
        ch for ch in text if unicodedata.category(ch) not in ("Cc", "Cf", "Co", "Cs", "Cn") and ord(ch) < 0xFFF0
    ).strip()


def bare(text: str) -> str:
    """Return the text without any whitespace."""
    return re.sub(r"\s+", "", text)
