"""Corrected issues for the tests of corrections, and the changes that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.segment.edition.corrections import CorrectedArticle, CorrectedIssue, correct
from tests.unit.segment.laid_out import Item, article_id, issue_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.correction import Correction


def corrected(items: Sequence[Item], *corrections: Correction) -> CorrectedIssue:
    segmented, known, pages = issue_of(*items)
    return correct(segmented, known, corrections, pages)


def by_id(issue: CorrectedIssue) -> dict[str, CorrectedArticle]:
    return {one.article_id: one for one in issue.articles}


def texts(one: CorrectedArticle) -> list[str]:
    return [block.text for block in one.article.blocks]


def states(one: CorrectedArticle) -> list[str]:
    return [each.state for each in one.corrections]


def headline(text: str) -> dict[str, Any]:
    return {"change": "headline", "headline": text}


def merge(other: int | str) -> dict[str, Any]:
    return {"change": "merge", "other_id": other if isinstance(other, str) else article_id(other)}


def split(begins: str, headline: str = "") -> dict[str, Any]:
    return {"change": "split", "begins": begins[:30], "headline": headline}
