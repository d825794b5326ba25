"""The document that ingest keeps of an issue: read by others, and written in the same form by every release."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.issue import Page, version_of
from schemas.issue_state import IssueState
from services.ingest.known_pages import KnownIssue, from_state

WRITTEN_BEFORE: dict[str, Any] = {
    "paper": "渔港日报",
    "date": "2023-08-15",
    "date_assumed": False,
    "floor": 0,
    "revision": 3,
    "step": 2,
    "pages": [{"page": 1, "revision": 3, "text": "渔港今晨开渔\n", "encoding": "gb18030"}],
    "corrections": [],
}
"""As release 0.1 wrote it."""


def test_a_document_without_a_version_has_the_one_that_its_counts_give() -> None:
    assert IssueState.model_validate(WRITTEN_BEFORE, strict=False).issue_version == version_of(3, 2)


def test_a_written_version_is_taken_as_it_is() -> None:
    """The desk need not know how ingest counts."""
    assert IssueState.model_validate(WRITTEN_BEFORE | {"version": 7}, strict=False).issue_version == 7


def test_ingest_reads_what_it_wrote_before_and_adds_only_what_is_new() -> None:
    """The version, and what is known of pages that were published last and changed nothing: nothing yet."""
    known = from_state(WRITTEN_BEFORE, _never())
    added = {"version": known.issue().version, "latest": None, "ignored": []}
    assert known.to_state() == WRITTEN_BEFORE | added


@pytest.mark.parametrize(("revision", "version"), [(-1, None), (0, version_of(0, 0))])
def test_an_issue_that_was_never_published_has_no_version(revision: int, version: int | None) -> None:
    """Corrections that come before any page wait."""
    day = dt.date(2023, 8, 15)
    pages = {} if version is None else {1: Page(page=1, revision=0, text="一")}
    known = KnownIssue("渔港日报", day, date_assumed=False, floor=0, revision=revision, step=0, pages=pages)
    assert known.to_state()["version"] == version


def _never() -> Any:
    """Stand for the arrival that a known issue is not made from."""
