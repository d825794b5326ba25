"""Read the paper, the date and the page from a file's name, such as 青峦午报_2025-10-14_A01.txt."""

from __future__ import annotations

import re
from typing import Final

from schemas.page import PageLabel

FORM: Final = "PAPER_YYYY-MM-DD_PAGE.txt, such as 青峦午报_2025-10-14_A01.txt"

_DATE: Final = re.compile(
    r"(?<!\d)(?P<year>\d{4})"
    r"(?:(?P<month>\d{2})(?P<day>\d{2})(?=\d{2}(?!\d)|(?!\d))"
    r"|[-_. 年](?P<a_month>\d{1,2})[-_. 月](?P<a_day>\d{1,2})(?!\d)日?)"
)
_SECTION: Final = r"(?:(?<![A-Za-z])(?P<section>[A-OQ-Za-oq-z][A-Za-z]?)叠?)?"  # a p stands for page
_NUMBER: Final = rf"(?:page|p|第)?[-_ ]?{_SECTION}[-_ ]?0*(?P<number>[1-9]\d{{0,2}})版?"
_AT_END: Final = re.compile(rf"{_NUMBER}$", re.IGNORECASE)
_AT_START: Final = re.compile(rf"^{_NUMBER}(?=$|[-_. ])", re.IGNORECASE)
_EDGES: Final = " -_."


def read_name(stem: str) -> dict[str, str]:
    """Return the paper, date (YYYY-MM-DD) and page that a file's name, without its suffix, gives.

    The paper comes before the date, or else after it. The page comes after both, or else before them. Without a
    date, only the page is read.
    """
    date = _DATE.search(stem)
    if date is None:
        page, _ = _page(stem)
        return {"page": page} if page else {}
    month, day = date["month"] or date["a_month"], date["day"] or date["a_day"]
    before, behind = stem[: date.start()].strip(_EDGES), stem[date.end() :].strip(_EDGES)
    found = {"date": f"{date['year']}-{int(month):02}-{int(day):02}"}
    page, behind = _page(behind)
    if not page and _AT_START.fullmatch(before):
        page, before = _page(before)
    paper = before or behind
    if paper:
        found["paper"] = paper
    if page:
        found["page"] = page
    return found


def _page(text: str) -> tuple[str, str]:
    """Return the page that a text ends or begins with (empty if there is none), and the rest of the text."""
    found = _AT_END.search(text) or _AT_START.search(text)
    if found is None:
        return "", text
    page = str(PageLabel.of(found["section"] or "", int(found["number"])))
    return page, (text[: found.start()] + text[found.end() :]).strip(_EDGES)
