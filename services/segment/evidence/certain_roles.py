"""Roles that follow from a printed formula, whatever the models say about the row.

The models learned from composed pages. Real pages print folios, source lines, editors' lines and bylines in forms that
the models have not met, and in places where they do not expect them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from services.segment.formulas.bylines import simplified
from services.segment.formulas.credit_lines import is_credit_line
from services.segment.formulas.jump_lines import read_mark
from services.segment.formulas.weather import is_weather
from services.segment.page.rows import squeeze
from services.segment.roles import BODY, BYLINE, CLASSES, FURNITURE, HEADING, SUBHEAD, WEATHER

if TYPE_CHECKING:
    from services.segment.arrays import Flags, Floats, Ints
    from services.segment.features import Features
    from services.segment.page.page import Page

LONGEST_CREDIT: Final = 40  # characters of a line that may be a credit
SHORT_PAGE: Final = 12  # rows of a page of a single brief; on complete pages, titles come below broken sentences
_SHORT_BY: Final = 1.5  # a credit in running text is at least this many characters shorter than its column
_TINY: Final = 1e-6  # keeps a row that was surely a title running text
_CLOSING: Final = "”’』」）)"
_MISTAKEN: Final = frozenset({HEADING, SUBHEAD, BODY, FURNITURE})  # what the models take a byline for


def with_certain_roles(page: Page, features: Features, opinions: Floats) -> Floats:
    """Return the role probabilities (rows x classes) with certainty for rows whose form says what they are.

    Lines that only a page has (第3版, 《报名》（日期 第3版）, an editor with telephone) are furniture. A row with the
    end of a sentence inside it is no title, and neither is a row directly above a jump line to another page. Lines
    that credit people and say nothing else are bylines, if no sentence runs into them, and if the models take them for
    titles or text, or for furniture directly below or above a text. On a short page, the end of a sentence is no title.
    """
    told = opinions.copy()
    told[features.column("page_line") > 0] = _only(FURNITURE)
    _are_no_titles(told, np.flatnonzero(_run_on(page, features)))
    roles = told.argmax(axis=1)
    short = features.column("short_by") > _SHORT_BY
    ends = features.column("ends_sentence") > 0
    for row in np.flatnonzero(np.isin(roles, list(_MISTAKEN)) & short):
        below_text = row > 0 and roles[row - 1] == BODY
        above_text = 0 < row < len(page) - 1 and roles[row + 1] == BODY
        possible = ends[row - 1] if below_text else roles[row] != FURNITURE or above_text
        short_enough = len(page.rows[row].text) <= LONGEST_CREDIT
        if possible and short_enough and is_credit_line(_in_simplified_script(page, int(row))):
            told[row] = _only(BYLINE)
    if len(page) <= SHORT_PAGE:
        _sentences_end_in_text(page, features, told)
    return told


def _in_simplified_script(page: Page, row: int) -> str:
    printed = page.rows[row].text
    return printed if page.rows[row].plain == squeeze(printed) else simplified(printed)


def with_weather(page: Page, opinions: Floats) -> Floats:
    """Return the role probabilities (rows x classes) with certainty for rows that say nothing but weather.

    `opinions` are final: a row that running text stands directly above or below of is left alone.
    """
    told = opinions.copy()
    flow = told.argmax(axis=1) == BODY
    for row in range(len(page)):
        above = row > 0 and flow[row - 1] and page.rows[row].gap == 0
        below = row + 1 < len(page) and flow[row + 1] and page.rows[row + 1].gap == 0
        if not above and not below and is_weather(page.rows[row].text):
            told[row] = _only(WEATHER)
    return told


def _sentences_end_in_text(page: Page, features: Features, told: Floats) -> None:
    """Let no row be a title that ends, with a full stop, a sentence from the running text directly above it."""
    roles = told.argmax(axis=1)
    gap = np.array([row.gap for row in page.rows])
    open_above = (roles[:-1] == BODY) & (features.column("ends_sentence")[:-1] == 0) & (gap[1:] == 0)
    rows = 1 + np.flatnonzero(open_above & (features.column("ends_stop")[1:] > 0))
    told[rows, BODY] += told[rows, HEADING] + told[rows, SUBHEAD]
    told[rows, HEADING] = told[rows, SUBHEAD] = 0.0


def _run_on(page: Page, features: Features) -> Flags:
    """Tell for each row whether running text goes on in it or below it: it is no title."""
    broken = np.array(["。" in row.plain.rstrip(_CLOSING)[:-1] for row in page.rows], np.bool_)
    for row in np.flatnonzero(features.column("jump_only")[1:] > 0):
        mark = read_mark(page.rows[row + 1].plain)
        broken[row] |= mark is not None and mark.direction == "to"
    return broken


def _are_no_titles(told: Floats, rows: Ints) -> None:
    """Divide the probability of a title among the other roles of each of `rows`, by their own probabilities."""
    told[rows, BODY] += _TINY
    told[rows, HEADING] = told[rows, SUBHEAD] = 0.0
    told[rows] /= told[rows].sum(axis=1, keepdims=True)


def _only(role: int) -> Floats:
    certain: Floats = np.eye(len(CLASSES))[role]
    return certain
