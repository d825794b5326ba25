"""Makes the roles of a page consistent, after the models have judged each row by itself.

A title is a subhead if the running text continues across it. Titles with the same form have the same role. The lines of
a block have the same role. Running text rarely fills only a line or two between titles and captions. Each of these
observations moves probability between two roles of a row. None of them decides the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.segment.roles import BODY, CAPTION, HEADING, SUBHEAD

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats
    from services.segment.page.page import Page

    Block = tuple[int, int]

TITLE = 0.5  # a row is a title if heading and subhead have more than this probability
LEAST_CUT = 0.02  # the network's probability of a cut is kept this far from 0 and from 1
SMALL_BLOCK = 3  # most rows of a block between blank lines that gets the same probabilities in every row
SAME_WIDTH = 3.0  # characters by which the longest lines of sister titles may differ
SISTERS_SAY = 0.5  # weight of the sisters' mean log-odds against a title's own
LONE_TITLE = 1.0  # log-odds of headline for a title inside running text that has no sister: subheads come in series
SUREST = 4.0  # a title's log-odds are clipped to this before the mean of its sisters
LONE_CAPTION = 3.0  # how much likelier a caption becomes where running text would be alone
LONE_ROWS = 2
_TINY = 1e-6


def consistent_roles(page: Page, probabilities: Floats, cut: Floats) -> Floats:
    """Return the role probabilities (rows x roles) after comparing the rows of the page with each other.

    Args:
        page: the page.
        probabilities: role probabilities of each row by itself (rows x roles).
        cut: probability that the running text of another article starts at each row. It ignores what is printed above
            the row.
    """
    told = probabilities.copy()
    _blocks_are_of_one_kind(page, told)
    flow = told.argmax(axis=1) == BODY
    _lone_lines_are_captions(page, told, flow)
    blocks = _titles(page, told)
    odds = {block: _odds(told, block) + _across(block, flow, cut) for block in blocks}
    for block, own in _with_sisters(page, odds, flow).items():
        rows = slice(*block)
        mass = told[rows, HEADING] + told[rows, SUBHEAD]
        heading = 1.0 / (1.0 + np.exp(-own))
        told[rows, HEADING] = mass * heading
        told[rows, SUBHEAD] = mass * (1.0 - heading)
    return told


def _blocks_are_of_one_kind(page: Page, told: Floats) -> None:
    """Give the mean of the block to the rows of each small block of titles between blank lines.

    If a row of the block ends in a punctuation mark such as 。 or ，, the block keeps its probabilities.
    """
    start = 0
    for end in range(1, len(page) + 1):
        if end < len(page) and page.rows[end].gap == 0:
            continue
        rows = page.rows[start:end]
        if 1 < end - start <= SMALL_BLOCK and not any(row.plain.endswith(tuple("。！？；，、：")) for row in rows):
            mean = told[start:end].mean(axis=0)
            if mean[HEADING] + mean[SUBHEAD] > TITLE:
                told[start:end] = mean
        start = end


def _lone_lines_are_captions(page: Page, told: Floats, flow: Flags) -> None:
    """Move probability from body to caption where running text would fill only a line or two."""
    n, row = len(page), 0
    while row < n:
        if not flow[row]:
            row += 1
            continue
        end = row
        while end < n and flow[end]:
            end += 1
        if end - row <= LONE_ROWS and n > LONE_ROWS:
            mass = told[row:end, BODY] + told[row:end, CAPTION]
            caption = told[row:end, CAPTION] * LONE_CAPTION
            share = caption / (caption + told[row:end, BODY] + _TINY)
            told[row:end, CAPTION], told[row:end, BODY] = mass * share, mass * (1.0 - share)
        row = end


def _titles(page: Page, told: Floats) -> list[Block]:
    """Return the blocks of titles: runs of title rows without a blank line between them, as (first, last + 1)."""
    title = told[:, HEADING] + told[:, SUBHEAD] > TITLE
    blocks: list[Block] = []
    for row in np.flatnonzero(title):
        if blocks and blocks[-1][1] == row and page.rows[row].gap == 0:
            blocks[-1] = (blocks[-1][0], int(row) + 1)
        else:
            blocks.append((int(row), int(row) + 1))
    return blocks


def _odds(told: Floats, block: Block) -> float:
    """Return the log-odds of headline against subhead."""
    rows = told[slice(*block)]
    return float(np.log(rows[:, HEADING].mean() + _TINY) - np.log(rows[:, SUBHEAD].mean() + _TINY))


def _across(block: Block, flow: Flags, cut: Floats) -> float:
    """Return what the running text around a title adds to the log-odds.

    The text continues across a subhead. It does not continue across a headline.
    """
    if not _inside_text(block, flow):
        return 0.0
    here = min(max(float(cut[block[1]]), LEAST_CUT), 1.0 - LEAST_CUT)
    return float(np.log(here / (1.0 - here)))


def _inside_text(block: Block, flow: Flags) -> bool:
    return block[0] > 0 and block[1] < len(flow) and bool(flow[block[0] - 1]) and bool(flow[block[1]])


def _with_sisters(page: Page, odds: dict[Block, float], flow: Flags) -> dict[Block, float]:
    """Return the log-odds of each title, averaged with those of its sisters, and higher for one without sisters.

    Sisters have as many lines, about the same width, and the same blank lines around them.
    """
    inside = [block for block in odds if _inside_text(block, flow)]
    form = {
        block: (block[1] - block[0], min(page.rows[block[0]].gap, 1), min(page.rows[block[1]].gap, 1))
        for block in inside
    }
    width = {block: max(page.rows[row].width for row in range(*block)) for block in inside}
    said = dict(odds)
    for block in inside:
        sisters = [o for o in inside if form[o] == form[block] and abs(width[o] - width[block]) <= SAME_WIDTH]
        if len(sisters) > 1:
            mean = sum(min(max(odds[o], -SUREST), SUREST) for o in sisters) / len(sisters)
            said[block] = (1.0 - SISTERS_SAY) * odds[block] + SISTERS_SAY * mean
        else:
            said[block] += LONE_TITLE
    return said
