"""Assemble an issue from its drafted pages: place rows, link parts across pages, render articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.segment.article import FurnitureLine, Quality, SegmentedArticle, SegmentedIssue
from services.segment.articles.chaining import chained
from services.segment.articles.confidence import FAIR, HIGH, LOW, confidences
from services.segment.articles.damage import flagged, lines_unread, pages_interleaved
from services.segment.articles.headless import headed
from services.segment.articles.placing import stories_of_page
from services.segment.articles.rendering import render_article, render_weather
from services.segment.articles.short_pages import completed
from services.segment.formulas.furniture import furniture_kind
from services.segment.roles import LABEL, WEATHER
from services.text.cleaning import NO_DAMAGE, damage_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.segment.articles.story import Story
    from services.segment.matching.draft import Draft
    from services.text.cleaning import CleanLine, Damage

_EDGE = 6  # a line this many rows or fewer from the top or bottom of a page may be its running head


def assemble(drafts: Sequence[Draft], texts: Mapping[int, Sequence[CleanLine]]) -> SegmentedIssue:
    """Return the issue from its drafted pages, in page order; every row of every page has exactly one place in it.

    Args:
        drafts: the drafted pages.
        texts: the lines of each page as they were read.
    """
    chains = chains_of(drafts)
    articles = _rendered(chains)
    stories = [story for chain in chains for story in chain]
    furniture: list[FurnitureLine] = []
    for draft in drafts:
        taken = {r for s in stories if s.draft is draft for r in s.rows()}
        weather, lines = _loose_rows(draft, taken)
        articles += weather
        furniture += lines
    articles.sort(key=lambda a: (a.pages[0], a.lines[0].line))
    furniture.sort(key=lambda f: (f.page, f.line))
    articles = flagged(articles, lines_unread(texts), pages_interleaved(draft.evidence.page for draft in drafts))
    total = sum(len(row.lines) for draft in drafts for row in draft.evidence.page.rows)
    damage = damage_of(line for of_page in texts.values() for line in of_page)
    return SegmentedIssue(tuple(articles), tuple(furniture), quality_of(articles, furniture, total, damage))


def chains_of(drafts: Sequence[Draft]) -> list[list[Story]]:
    """Return the articles of an issue from its drafted pages: the parts of each in reading order, with their rows."""
    stories = [story for draft in drafts for story in completed(headed(stories_of_page(draft)))]
    return [chain for chain in chained(stories) if any(story.rows() for story in chain)]


def _rendered(chains: Sequence[Sequence[Story]]) -> list[SegmentedArticle]:
    """Return the articles; an article on a single page is made once, however often its issue is assembled."""
    fresh = [chain for chain in chains if len(chain) > 1 or chain[0].groups() not in chain[0].draft.finished]
    made = {id(chain): render_article(chain, each) for chain, each in zip(fresh, confidences(fresh), strict=True)}
    articles = []
    for chain in chains:
        finished, rows = chain[0].draft.finished, chain[0].groups()
        article = made[id(chain)] if id(chain) in made else finished[rows]
        # There are no more articles than rows; the rest are variants that the issue's other pages made of them.
        if len(chain) == 1 and len(finished) < len(chain[0].draft.evidence.page):
            finished[rows] = article
        articles.append(article)
    return articles


def _loose_rows(draft: Draft, taken: set[int]) -> tuple[list[SegmentedArticle], list[FurnitureLine]]:
    """Return the weather items and the furniture among the rows that belong to no story."""
    evidence = draft.evidence
    page = evidence.page
    weather: list[list[int]] = []
    furniture = []
    for row in range(len(page)):
        if row in taken:
            continue
        if evidence.roles[row] == WEATHER:
            if weather and weather[-1][-1] == row - 1:
                weather[-1].append(row)
            else:
                weather.append([row])
            continue
        kind = furniture_kind(
            page.rows[row].plain,
            weather=False,
            label=evidence.roles[row] == LABEL,
            top=row < _EDGE or row >= len(page) - _EDGE,
        )
        furniture += [FurnitureLine(page.number, line, kind) for line in page.rows[row].lines]
    return [render_weather(draft, rows) for rows in weather], furniture


def quality_of(
    articles: Sequence[SegmentedArticle],
    furniture: Sequence[FurnitureLine],
    total: int,
    damage: Damage = NO_DAMAGE,
) -> Quality:
    """Return the counts of an issue with `total` non-blank lines and this `damage` to its text."""
    return Quality(
        lines=total,
        placed=sum(len(a.lines) for a in articles) + len(furniture),
        articles=len(articles),
        title_only=sum("title-only" in a.flags for a in articles),
        body_only=sum("body-only" in a.flags for a in articles),
        orphan_captions=sum("orphan-caption" in a.flags for a in articles),
        low_confidence=sum(a.confidence < LOW for a in articles),
        fair_confidence=sum(LOW <= a.confidence < FAIR for a in articles),
        good_confidence=sum(FAIR <= a.confidence < HIGH for a in articles),
        high_confidence=sum(a.confidence >= HIGH for a in articles),
        damaged_text=sum("damaged-text" in a.flags for a in articles),
        interleaved_columns=sum("interleaved-columns" in a.flags for a in articles),
        damage=damage,
    )
