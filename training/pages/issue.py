"""Issues: sources drawn, dressed, laid out, typeset, extracted and aligned, page by page."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from training.pages import page as pages_of
from training.pages.align import AlignmentError, align
from training.pages.bench import Issue
from training.pages.content import bare
from training.pages.extract import EXTRACTORS
from training.pages.house import random_house
from training.pages.page import Composed, Group
from training.pages.pdf import write_pdf
from training.pages.story import Story, dress, roundup, split
from training.pages.truth import Told, article_record, page_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from random import Random

    from training.pages.content import Source
    from training.pages.house import House
    from training.pages.pdf import Face

MAX_PAGES = 5


@dataclass(slots=True)
class Plan:
    """What will stand on each page, before anything is set."""

    groups: dict[int, list[Group]]
    told: dict[str, Told] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    jumps: list[tuple[str, int, int, bool]] = field(default_factory=list)

    def add(self, page: int, story: Story) -> tuple[Story, int]:
        """The story with the number its units will carry."""
        self.stories.append(story)
        self.told.setdefault(story.article, Told([])).stories.append((page, story))
        return story, len(self.stories) - 1


def plan(sources: Sequence[Source], house: House, rng: Random, count: int) -> Plan:
    """Stories for `count` pages, with round-ups, containers of briefs and stories that jump to a later page."""
    made = Plan({page: [] for page in range(1, count + 1)})
    number = 0

    def identity() -> str:
        nonlocal number
        number += 1
        return f"a{number:02d}"

    pool = list(sources)
    rng.shuffle(pool)
    brief = [s for s in pool if 30 <= s.characters <= 220]
    used: set[str] = set()

    def take(from_: Sequence[Source], wanted: int) -> list[Source]:
        chosen = [s for s in from_ if s.key not in used and bare(s.headline) not in used][:wanted]
        for s in chosen:
            used.update((s.key, bare(s.headline)))
        return chosen

    tails: dict[int, list[Story]] = {page: [] for page in range(1, count + 1)}
    for page in range(1, count + 1):
        budget = rng.choice((900, 1500, 2200, 3000, 4000, 5000))
        if rng.random() < 0.2 and (chosen := take(brief, rng.randint(3, 7))):
            made.groups[page].append(Group([made.add(page, roundup(chosen, identity(), rng, house))]))
        if rng.random() < 0.25 and (chosen := take(brief, rng.randint(2, 6))):
            items = [made.add(page, replace(dress(s, identity(), rng, house), captions=(), label="", kicker="", deck="")) for s in chosen if s.flow]
            if items:
                made.groups[page].append(Group(items, title=pages_of.container_title(rng)))
        want_jump = page < count and rng.random() < 0.6
        for story in tails[page]:
            made.groups[page].append(Group([made.add(page, story)]))
            budget -= story.characters
        while budget > 0 and len(made.groups[page]) < 11:
            chosen = take(brief if rng.random() < 0.2 else pool, 1)
            if not chosen:
                break
            story = dress(chosen[0], identity(), rng, house)
            budget -= max(120, story.characters)
            if want_jump and (parts := split(story, rng, house, page, later := rng.randint(page + 1, count))):
                first, second, cut = parts
                made.groups[page].append(Group([made.add(page, first)]))
                tails[later].append(second)
                made.jumps.append((story.article, page, later, cut))
                want_jump = rng.random() < 0.3
                continue
            made.groups[page].append(Group([made.add(page, story)]))
        rng.shuffle(made.groups[page])
    for article, first_page, second_page, cut in made.jumps:
        made.told[article].continues = [[first_page, second_page]]
        made.told[article].cut_mid_sentence = cut
    return made


def compose_issue(made: Plan, house: House, rng: Random, count: int) -> list[Composed]:
    """Every page laid out."""
    out: list[Composed] = []
    for page in range(1, count + 1):
        others = [(p, s.headline_text) for told in made.told.values() for p, s in told.stories[:1] if p != page and s.kind == "story"]
        teased = rng.sample(others, min(len(others), rng.randint(2, 5))) if others else []
        inside, top, bottom = pages_of.page_furniture(house, rng, page, count, teased)
        composed = pages_of.compose(made.groups[page], inside, top, bottom, house, rng)
        for index in composed.out_of_order:
            made.told[made.stories[index].article].out_of_order = True
        for index in composed.last_later:
            made.told[made.stories[index].article].last_later = True
        out.append(composed)
    return out


def generate(name: str, sources: Sequence[Source], faces: Mapping[str, Face], seed: str, folder: Path, extractors: Sequence[str]) -> tuple[Issue, bytes]:
    """One issue and its PDF. The first extractor drawn whose text aligns with the shadow is taken; `folder` holds scratch files.

    Raises:
        AlignmentError: no extractor reads page and shadow alike.
    """
    rng = random.Random(seed)
    house = random_house(rng, f"g{seed}")
    count = rng.choices(range(1, MAX_PAGES + 1), weights=(3, 5, 5, 4, 2))[0]
    made = plan(sources, house, rng, count)
    composed = compose_issue(made, house, rng, count)
    sheets = [c.sheet for c in composed]
    files: dict[bool, Path] = {}
    data = {shadow: write_pdf(sheets, dict(faces), shadow=shadow) for shadow in (False, True)}
    for shadow, content in data.items():
        files[shadow] = folder / f"{name}-{'shadow' if shadow else 'page'}.pdf"
        files[shadow].write_bytes(content)
    reasons: list[str] = []
    try:
        for extractor in order_of(extractors, rng):
            read = EXTRACTORS[extractor][0]
            try:
                texts = {p: read(files[False], p) for p in range(1, count + 1)}
                found = {p: align(texts[p], read(files[True], p), [g for line in sheets[p - 1].lines for g in line.glyphs]) for p in texts}
            except AlignmentError as error:
                reasons.append(f"{extractor}: {error}")
                continue
            return Issue(name, texts, truth_of(name, made, found), meta_of(name, house, extractor, composed, made, texts, seed, reasons)), data[False]
    finally:
        for file in files.values():
            file.unlink()
    raise AlignmentError("; ".join(reasons))


def order_of(extractors: Sequence[str], rng: Random) -> list[str]:
    """The extractors in a random order in which the frequent ones tend to come first."""
    left = list(extractors)
    out: list[str] = []
    while left:
        chosen = rng.choices(left, weights=[EXTRACTORS[e][1] for e in left])[0]
        left.remove(chosen)
        out.append(chosen)
    return out


def truth_of(name: str, made: Plan, found: Mapping[int, list[list[Any]]]) -> dict[str, Any]:
    """The issue's truth.json."""
    records: dict[int, list[dict[str, Any]]] = {}
    order: dict[int, dict[int, int]] = {}
    for page, lines in found.items():
        records[page], order[page] = page_records(lines)
    roundups = {a for a, told in made.told.items() if told.stories[0][1].kind == "roundup"}
    for page_lines in records.values():
        for record in page_lines:
            if record["article"] in roundups and record["role"] == "headline":
                record["alt_roles"] = ["label"]
    articles = [article_record(article, told, records, order) for article, told in sorted(made.told.items())]
    return {"issue": name, "pages": {str(p): r for p, r in records.items()}, "articles": articles}


def meta_of(name: str, house: House, extractor: str, composed: Sequence[Composed], made: Plan, texts: Mapping[int, str], seed: str, reasons: Sequence[str]) -> dict[str, Any]:
    """The issue's meta.json."""
    return {
        "issue": name,
        "paper": house.paper,
        "date": f"{house.year}-{house.month:02d}-{house.day:02d}",
        "pages": len(composed),
        "house": house.name,
        "extractor": extractor,
        "templates": [c.template for c in composed],
        "modes": [c.mode for c in composed],
        "seed": seed,
        "style": {
            "indent": house.indent, "byline_place": house.byline_place, "jump_place": house.jump_place, "traditional": house.traditional,
            "full_width_digits": house.full_width_digits, "leading": house.leading, "text_operator": house.text_operator,
        },
        "source_issues": sorted({i for s in made.stories for i in s.source_issue.split(",") if i}),
        "sources": sorted({key for s in made.stories for key in s.source.split(",")}),
        "not_aligned": list(reasons),
        "page_stats": [
            {"page": p, "template": c.template, "mode": c.mode, "lines": sum(bool(bare(line)) for line in texts[p].split("\n")), "stories": len(made.groups[p])}
            for p, c in enumerate(composed, 1)
        ],
    }  # fmt: skip
