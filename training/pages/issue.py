"""Issues: draw, dress, lay out, typeset, extract and align sources, page by page."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from training.pages.bench import Issue
from training.pages.plan import Plan, plan
from training.pages.reading.align import AlignmentError, align
from training.pages.reading.extract import EXTRACTORS
from training.pages.reading.truth import article_record, page_records
from training.pages.typesetting.page import Composed, compose, page_furniture
from training.pages.typesetting.pdf import write_pdf
from training.pages.writing.content import bare
from training.pages.writing.house import Press, random_house

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from random import Random

    from training.pages.typesetting.fonts import Face
    from training.pages.typesetting.pdf import Sheet
    from training.pages.typesetting.typeset import Glyph
    from training.pages.writing.content import Source

PAGE_COUNTS: Final = {1: 3, 2: 5, 3: 5, 4: 4, 5: 2}  # pages: how often
STYLE: Final = ("indent", "byline_place", "jump_place", "traditional", "full_width_digits", "leading", "text_operator")
Found = dict[int, list[list["Glyph"]]]  # by page, the glyphs of each extracted line


@dataclass(frozen=True, slots=True)
class Kit:
    """What every issue is made from: sources, fonts, the available extractors, and a folder for scratch files."""

    sources: Sequence[Source]
    faces: Mapping[str, Face]
    extractors: Sequence[str]
    scratch: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """What an extractor read from every page, aligned with what was drawn, and why others were skipped."""

    extractor: str
    texts: dict[int, str]
    found: Found
    passed_over: list[str]


def generate(name: str, seed: str, kit: Kit) -> tuple[Issue, bytes]:
    """Return an issue and its PDF; the same seed and kit give the same result.

    Raises:
        AlignmentError: no extractor reads page and shadow in the same way.
    """
    rng = random.Random(seed)
    press = Press(random_house(rng, f"g{seed}"), rng)
    count = rng.choices(list(PAGE_COUNTS), weights=list(PAGE_COUNTS.values()))[0]
    made = plan(kit.sources, press, count)
    composed = [compose_page(made, page, count, press) for page in made.groups]
    data = write_pdf([c.sheet for c in composed], kit.faces, shadow=False)
    paths = kit.scratch / f"{name}.pdf", kit.scratch / f"{name}-shadow.pdf"
    paths[0].write_bytes(data)
    paths[1].write_bytes(write_pdf([c.sheet for c in composed], kit.faces, shadow=True))
    try:
        reading = read(paths, [c.sheet for c in composed], kit.extractors, rng)
    finally:
        for path in paths:
            path.unlink()
    return Issue(
        name, reading.texts, truth_of(name, made, reading.found), meta_of(name, seed, press, (made, composed, reading))
    ), data


def compose_page(made: Plan, page: int, count: int, press: Press) -> Composed:
    """Lay out a page; record in the plan which articles' frames are drawn out of order."""
    rng = press.rng
    others = [(told.stories[0][0], told.stories[0][1].headline_text) for told in made.told.values()]
    others = [(at, headline) for at, headline in others if at != page]
    teased = rng.sample(others, min(len(others), rng.randint(2, 5)))
    composed = compose(made.groups[page], page_furniture(press, page, count, teased), press)
    for index in composed.arranged.out_of_order:
        made.told[made.stories[index].article].out_of_order = True
    for index in composed.arranged.last_later:
        made.told[made.stories[index].article].last_later = True
    return composed


def read(paths: tuple[Path, Path], sheets: Sequence[Sheet], extractors: Sequence[str], rng: Random) -> Reading:
    """Read the pages with the first extractor that reads page and shadow alike; frequent extractors tend to lead."""
    drawn = {page: [g for line in sheet.lines for g in line.glyphs] for page, sheet in enumerate(sheets, 1)}
    passed_over: list[str] = []
    left = list(extractors)
    while left:
        name = rng.choices(left, weights=[EXTRACTORS[e][1] for e in left])[0]
        left.remove(name)
        extract = EXTRACTORS[name][0]
        try:
            texts = {page: extract(paths[0], page) for page in drawn}
            found = {page: align(texts[page], extract(paths[1], page), drawn[page]) for page in drawn}
        except AlignmentError as error:
            passed_over.append(f"{name}: {error}")
            continue
        return Reading(name, texts, found, passed_over)
    raise AlignmentError("; ".join(passed_over))


def truth_of(name: str, made: Plan, found: Found) -> dict[str, Any]:
    """Return the issue's truth.json."""
    records: dict[int, list[dict[str, Any]]] = {}
    order: dict[int, dict[int, int]] = {}
    for page, lines in found.items():
        records[page], order[page] = page_records(lines)
    roundups = {article for article, told in made.told.items() if told.stories[0][1].kind == "roundup"}
    for record in (r for page in records.values() for r in page):
        if record["article"] in roundups and record["role"] == "headline":
            record["alt_roles"] = ["label"]
    articles = [article_record(article, told, records, order) for article, told in sorted(made.told.items())]
    return {"issue": name, "pages": {str(page): r for page, r in records.items()}, "articles": articles}


def meta_of(name: str, seed: str, press: Press, parts: tuple[Plan, Sequence[Composed], Reading]) -> dict[str, Any]:
    """Return the issue's meta.json, with the issues and articles that its texts came from."""
    made, composed, reading = parts
    house = press.house
    lines = {page: sum(bool(bare(line)) for line in text.split("\n")) for page, text in reading.texts.items()}
    return {
        "issue": name,
        "paper": house.paper,
        "date": f"{house.year}-{house.month:02d}-{house.day:02d}",
        "pages": len(composed),
        "house": house.name,
        "extractor": reading.extractor,
        "templates": [c.template for c in composed],
        "seed": seed,
        "style": {key: getattr(house, key) for key in STYLE},
        "source_issues": sorted({i for s in made.stories for i in s.source_issue.split(",") if i}),
        "sources": sorted({key for s in made.stories for key in s.source.split(",")}),
        "passed_over": reading.passed_over,
        "page_stats": [
            {
                "page": page,
                "template": c.template,
                "mode": c.mode,
                "lines": lines[page],
                "stories": len(made.groups[page]),
            }
            for page, c in enumerate(composed, 1)
        ],
    }
