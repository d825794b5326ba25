"""Measure what can be seen of an article that tells whether it is right.

The measures are what an article's confidence is learned from. They come from the models' own odds: of the roles of its
rows, of the cuts around and inside its text, of its headline and that headline's rivals. If an article has parts on
several pages, its least sure part counts, so most measures are made so that less is less sure.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from services.segment.articles.page_measures import SURE, limited, measured_page
from services.segment.features import NOTHING, Features
from services.segment.matching.heading_parts import DECK, HEADLINE, KICKER, NO_RIVAL
from services.segment.matching.matches import NONE
from services.segment.page.patterns import COMPILED
from services.segment.roles import HEADING, SUBHEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.articles.page_measures import MeasuredPage
    from services.segment.articles.story import Story
    from services.segment.matching.draft import Draft

_STEP: Final = 1024.0  # measures are rounded to this part, far coarser than the noise of another order of summation
_NEAR: Final = 3  # rows above and below a text that may belong to it
_STOPS: Final = tuple("，、：；")
_ENDS: Final = tuple("。！？”）…")
_LEADS: Final = ("lead", "lead_short")
_UNCUT: Final = {
    **dict.fromkeys(("above", "below", "inside", "inside_next", "before_headed", "next_headed", "doubt"), SURE),
    "intact": 0.0,
    "unsaid": 0.0,
    "said": 1.0,
    "stretches": 0.0,
}
_UNHEADED: Final = dict.fromkeys(
    (
        *("head_rows", "head_mean", "head_least", "head_odds", "head_ahead", "head_rival", "head_blocks"),
        *("head_length", "head_main", "head_kicker", "head_deck", "head_narrow", "head_stops", "head_lead"),
        *("head_edge", "head_said"),
    ),
    -1.0,
)


def measures(chains: Sequence[Sequence[Story]]) -> Features:
    """Return the measures (articles x measures) of the articles of an issue, each made of parts in reading order."""
    pages: dict[int, MeasuredPage] = {}
    for story in (story for chain in chains for story in chain):
        if id(story.draft) not in pages:
            pages[id(story.draft)] = measured_page(story.draft)
    found = [_article(chain, pages) for chain in chains]
    if not found:
        return NOTHING
    names = tuple(found[0])
    # By name: an article without text names its measures in another order.
    values = np.array([[each[name] for name in names] for each in found])
    return Features(names, np.round(values * _STEP) / _STEP)


def _article(chain: Sequence[Story], pages: dict[int, MeasuredPage]) -> dict[str, float]:
    parts = [_part(story, pages[id(story.draft)]) for story in chain]
    first = next((story for story in chain if story.heading), chain[0])
    return {
        **{name: min(part[name] for part in parts) for name in parts[0]},
        "parts": float(len(chain)),
        "open_jump": float(len(chain) == 1 and bool(chain[0].jumps)),
        "rows": float(np.log1p(sum(len(story.body) for story in chain))),
        "captions": float(sum(len(story.captions) for story in chain)),
        **_headline(first),
        **pages[id(chain[0].draft)].measures,
    }


def _part(story: Story, page: MeasuredPage) -> dict[str, float]:
    """Measure a part of an article: its rows, and how its text begins and ends."""
    evidence, rows, body = story.draft.evidence, story.rows(), story.body
    of_rows, of_body = (page.chosen[rows] if rows else np.zeros(1)), (page.chosen[body] if body else np.ones(1))
    subheads = [row for row in body if evidence.roles[row] == SUBHEAD]
    first, last = (evidence.page.rows[body[0]].plain, evidence.page.rows[body[-1]].plain) if body else ("", "")
    return {
        "role_mean": float(of_rows.mean()),
        "role_least": float(of_rows.min()),
        "network_least": float(page.network[rows].min()) if rows else 0.0,
        "body_mean": float(of_body.mean()),
        "body_least": float(of_body.min()),
        "subheads": -float(len(subheads)),
        "as_headline": -float(evidence.probabilities[subheads, HEADING].max(initial=0.0)),
        "ends": float(last.endswith(_ENDS)),
        "lead": float(any(COMPILED[name].match(first) for name in _LEADS)),
        "starts": float(bool(body) and body[0] in story.draft.starts),
        **_cuts(story, page),
        **_around(story, rows, page),
    }


def _cuts(story: Story, page: MeasuredPage) -> dict[str, float]:
    """Measure how sure it is that the text is cut above and below it, and nowhere inside."""
    cutting, said = story.draft.cutting, story.draft.evidence.view.cut
    flow, odds = cutting.flow, page.cuts
    if not story.body or not len(odds):
        return _UNCUT
    places = np.searchsorted(flow, story.body)
    first, last = int(places[0]), int(places[-1])
    if last >= len(flow):
        return _UNCUT
    above = float(odds[first - 1]) if first else SURE
    below = float(odds[last]) if last < len(odds) else SURE
    within = np.sort(odds[first:last])[::-1]
    near = [one for one in cutting.choices if one.flow[0] <= last + 1 and one.flow[1] >= first - 1]
    edges = [float(said[flow[first]]) if first else 1.0, float(said[flow[last + 1]]) if last < len(odds) else 1.0]
    return {
        "above": above,
        "below": below,
        "inside": -float(within[0]) if len(within) else SURE,
        "inside_next": -float(within[1]) if len(within) > 1 else SURE,
        "intact": -float(np.logaddexp(0.0, [-above, -below, *within]).sum()),
        "unsaid": -float(said[flow[first + 1 : last + 1]].max(initial=0.0)),
        "said": min(edges),
        "stretches": -float((np.diff(places) != 1).sum()),
        "before_headed": page.headline_of(int(flow[first - 1])) if first else SURE,
        "next_headed": page.headline_of(int(flow[last + 1])) if last < len(odds) else SURE,
        "doubt": min([abs(one.role_odds) for one in near], default=SURE),
    }


def _around(story: Story, rows: Sequence[int], page: MeasuredPage) -> dict[str, float]:
    """Measure what might be text too: rows of others between and next to the text, and the story's own other rows."""
    if not story.body:
        return {"missed": 0.0, "kept_out": 0.0}
    own = set(rows)
    near = range(max(0, story.body[0] - _NEAR), min(len(page.flow), story.body[-1] + 1 + _NEAR))
    beside = [row for row in near if row not in own and not page.flow[row]]
    held = [row for row in rows if not page.flow[row] and row not in story.heading]
    return {
        "missed": -float(page.text[beside].max(initial=0.0)),
        "kept_out": -float(page.text[held].max(initial=0.0)),
    }


def _headline(story: Story) -> dict[str, float]:
    """Measure how sure the headline is: its rows, its edges, its parts, and that it belongs to this text."""
    draft, evidence, rows = story.draft, story.draft.evidence, sorted(story.heading)
    if not rows:
        return _UNHEADED
    heads = evidence.probabilities[rows, HEADING]
    plain = {row: evidence.page.rows[row].plain for row in rows}
    part = {row: draft.parts.get(row, HEADLINE) for row in rows}
    main = [text for row, text in plain.items() if part[row] == HEADLINE]
    widths = [len(text) for text in main]
    return {
        "head_rows": float(len(rows)),
        "head_mean": float(heads.mean()),
        "head_least": float(heads.min()),
        **_matching(draft, rows),
        "head_length": float(sum(widths)),
        "head_main": float(len(main)),
        "head_kicker": float(sum(len(text) for row, text in plain.items() if part[row] == KICKER)),
        "head_deck": float(sum(len(text) for row, text in plain.items() if part[row] == DECK)),
        "head_narrow": min(widths, default=0) / max(1, *widths, 1),
        "head_stops": float(sum(text.endswith(_STOPS) for text in main)),
        "head_lead": min(draft.lead.get(row, NO_RIVAL) for row in rows),
        "head_edge": _edge(draft, rows),
        "head_said": float(evidence.view.block[rows[0]]),
    }


def _matching(draft: Draft, rows: Sequence[int]) -> dict[str, float]:
    """Measure how surely headline and text belong together, and how far behind every other text and headline are."""
    blocks = [h for h, block in enumerate(draft.pieces.heads) if not set(rows).isdisjoint(block)]
    odds, ahead, rival = [], [], []
    for h in blocks:
        story = draft.head_story[h]
        if story == NONE:
            continue
        worth = float(draft.head_odds[h, story])
        others = [k for k, of in enumerate(draft.head_story) if of != story]
        odds.append(worth)
        ahead.append(worth - float(np.delete(draft.head_odds[h], story).max(initial=-SURE)))
        rival.append(worth - float(draft.head_odds[others, story].max(initial=-SURE)))
    return {
        "head_odds": limited(min(odds, default=-SURE)),
        "head_ahead": limited(min(ahead, default=-SURE)),
        "head_rival": limited(min(rival, default=-SURE)),
        "head_blocks": float(len(blocks)),
    }


def _edge(draft: Draft, rows: Sequence[int]) -> float:
    """Return the least sure log-odds at which these heading rows begin, end, or might be parted."""
    own = set(rows)
    edges = pairwise(draft.cutting.heading.tolist())
    odds = draft.cutting.head_odds.tolist()
    return min((abs(worth) for (a, b), worth in zip(edges, odds, strict=False) if a in own or b in own), default=SURE)
