"""Pages with what real papers print: tests/cases/40-print, every line marked with its article and its role.

A line of a case reads `2h|headline`: the number of the article, a letter for the role, and the printed text. A line
that starts with `F|` belongs to the page.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from services.segment.segmentation import segment_issue

CASES = Path(__file__).resolve().parents[2] / "cases" / "40-print"
ROLES = {
    "h": "headline",
    "p": "body",
    "s": "subhead",
    "y": "byline",
    "c": "caption",
    "j": "jump",
    "l": "label",
}
ONE_PLACE = {"kicker": "headline", "deck": "headline", "subhead": "body", "credit": "caption"}
"""Roles that count as another: a headline may be divided, and the models may call a subhead a paragraph."""
SECTION = "a story that opens without lead and byline is read as a section of the story above it"
UNREAD = dict.fromkeys(
    (
        *("03-vertical-end", "04-headline-above-from", "10-box-label", "16-editors-names"),
        *("18-colon", "19-vertical-end", "23-cut-mid-word", "31-two-jumps"),
    ),
    SECTION,
)
"""Pages that are not read right, and what is wrong."""

Lines = dict[str, set[int]]  # role -> lines of an article


def _truth(case: Path) -> tuple[str, dict[str, Lines], set[int]]:
    """Return the page, the lines of each article by role, and the lines of the page's furniture."""
    marked = [line.partition("|") for line in case.read_text(encoding="utf-8").rstrip("\n").split("\n")]
    articles: dict[str, Lines] = defaultdict(lambda: defaultdict(set))
    furniture = set()
    for number, (mark, _, _) in enumerate(marked, 1):
        if mark == "F":
            furniture.add(number)
        elif mark:
            role = ROLES[mark[-1]]
            articles[mark[:-1]][ONE_PLACE.get(role, role)].add(number)
    return "\n".join(text for _, _, text in marked), articles, furniture


def _read(page: str) -> tuple[list[Lines], set[int]]:
    """Return the lines of each article by role as segmentation reads the page, and the furniture."""
    issue = segment_issue({1: page})
    articles = []
    for article in issue.articles:
        lines: Lines = defaultdict(set)
        for placed in article.lines:
            lines[ONE_PLACE.get(placed.role, placed.role)].add(placed.line)
        articles.append(lines)
    return articles, {line.line for line in issue.furniture}


def _cases() -> list[object]:
    return [
        pytest.param(path, id=path.stem, marks=pytest.mark.xfail(reason=UNREAD[path.stem], strict=True))
        if path.stem in UNREAD
        else pytest.param(path, id=path.stem)
        for path in sorted(CASES.glob("*.txt"))
    ]


@pytest.mark.parametrize("case", _cases())
def test_a_printed_page_is_read_right(case: Path) -> None:
    """Bodies, headlines, bylines, captions and jump lines are with their article, and the page keeps its own lines."""
    page, articles, furniture = _truth(case)
    found, loose = _read(page)
    labels = {line for lines in found for line in lines["label"]}
    assert furniture <= loose | labels
    for lines in articles.values():
        shared = {k: sum(len(lines[role] & each[role]) for role in ("body", "caption")) for k, each in enumerate(found)}
        owner = max(shared, key=lambda k: shared[k])
        for role in ("body", "headline", "byline", "caption", "jump"):
            assert found[owner][role] == lines[role], role
