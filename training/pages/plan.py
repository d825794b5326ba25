"""Plans: which stories go on which page of an issue, before anything is set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import rjieba

from training.pages.reading.truth import Told
from training.pages.typesetting.page import Group
from training.pages.writing import pools
from training.pages.writing.content import bare
from training.pages.writing.jump import split
from training.pages.writing.story import Story, dress, roundup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.content import Source
    from training.pages.writing.house import Press

BUDGETS = (900, 1500, 2200, 3000, 4000, 5000)  # characters a page
MOST_GROUPS = 11
MOST_DRAWN = 300  # sources from which one issue is made
ONE_SUBJECT_SHARE = 0.12  # share of issues whose headlines have a word in common, as on a special page
ONE_SUBJECT = 16
LABELLED_SHARE = 0.08  # share of pages with two long stories under one label
BRIEF = (30, 220)  # characters of an item in a round-up or container


@dataclass(slots=True)
class Plan:
    """Groups of stories by page, every story in the order of its number, and the known facts about each article."""

    groups: dict[int, list[Group]]
    stories: list[Story] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)

    def identity(self) -> str:
        """Return an id that no article has yet."""
        return f"a{len(self.told) + 1:02d}"

    def add(self, page: int, *stories: Story, title: str = "") -> None:
        """Add the stories as one group of the page."""
        numbered: list[tuple[Story, int]] = []
        for story in stories:
            numbered.append((story, len(self.stories)))
            self.stories.append(story)
            self.told.setdefault(story.article, Told()).stories.append((page, story))
        self.groups[page].append(Group(tuple(numbered), title))


@dataclass(slots=True)
class Supply:
    """Sources in random order; no source and no headline is used twice."""

    sources: Sequence[Source]
    used: set[str] = field(default_factory=set)

    def take(self, count: int, *, brief: bool = False) -> list[Source]:
        """Take up to `count` sources, only brief sources if required."""
        taken: list[Source] = []
        for source in self.sources:
            if len(taken) == count:
                break
            fits = not brief or (source.flow and BRIEF[0] <= source.characters <= BRIEF[1])
            if fits and source.key not in self.used and bare(source.headline) not in self.used:
                taken.append(source)
                self.used.update((source.key, bare(source.headline)))
        return taken


def drawn(sources: Sequence[Source], rng: Random) -> list[Source]:
    """Draw enough sources for an issue, those with more weight more often; now and then all on the same subject."""
    if len(sources) <= MOST_DRAWN:
        return rng.sample(sources, len(sources))
    found = list(dict.fromkeys(rng.choices(sources, weights=[s.weight for s in sources], k=MOST_DRAWN)))
    if rng.random() < ONE_SUBJECT_SHARE:
        words = [w for w in rjieba.cut(rng.choice(found).headline) if len(w) > 1]
        word = rng.choice(words) if words else ""
        alike = [s for s in sources if word and word in s.headline]
        found = rng.sample(alike, min(len(alike), ONE_SUBJECT)) + found
    return list(dict.fromkeys(found))


def plan(sources: Sequence[Source], press: Press, count: int) -> Plan:
    """Plan stories for `count` pages, with round-ups, containers of briefs and stories that jump to a later page."""
    rng = press.rng
    made = Plan({page: [] for page in range(1, count + 1)})
    supply = Supply(drawn(sources, rng))
    waiting: dict[int, list[Story]] = {page: [] for page in made.groups}
    for page in made.groups:
        if rng.random() < 0.2 and (chosen := supply.take(rng.randint(3, 7), brief=True)):
            made.add(page, roundup(chosen, made.identity(), press))
        if rng.random() < 0.25 and (chosen := supply.take(rng.randint(2, 6), brief=True)):
            add_container(made, page, chosen, press)
        if rng.random() < LABELLED_SHARE and (chosen := supply.take(2)):
            add_container(made, page, chosen, press)
        for story in waiting[page]:
            made.add(page, story)
        budget = rng.choice(BUDGETS) - sum(story.characters for story in waiting[page])
        jumps = rng.choice((0, 0, 1, 1, 2)) if page < count else 0
        while (
            budget > 0 and len(made.groups[page]) < MOST_GROUPS and (chosen := supply.take(1, brief=rng.random() < 0.2))
        ):
            story = dress(chosen[0], made.identity(), press)
            budget -= max(120, story.characters)
            later = rng.randint(page + 1, count) if jumps else 0
            jump = split(story, press, page, later) if jumps else None
            made.add(page, jump.first if jump else story)
            if jump:
                jumps -= 1
                waiting[later].append(jump.second)
                made.told[story.article].continues = [[page, later]]
                made.told[story.article].cut_mid_sentence = jump.cut_mid_sentence
        rng.shuffle(made.groups[page])
    return made


def add_container(made: Plan, page: int, sources: Sequence[Source], press: Press) -> None:
    """Add brief items with their own headlines under one title."""
    items: list[Story] = []
    first = len(made.told) + 1
    for number, source in enumerate(sources):
        story = dress(source, f"a{first + number:02d}", press)
        items.append(replace(story, captions=(), label="", kicker="", deck=""))
    made.add(page, *items, title=press.house.write(press.rng.choice(pools.BRIEF_TITLES)))
