"""Pages without a revision, of an issue that a newsroom numbers itself."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from services.arrivals.reading import Arrival, read_arrival
from services.cli.publish import revisions
from services.cli.publish.inputs import IssueOptions, from_bytes
from services.cli.publish.publish import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.cli.publish.inputs import Source
    from services.runtime.settings import Settings

NOW = 1_755_000_000_000
ISSUE = "渔港日报/2023-08-04"
AS_JSON = {"paper": "渔港日报", "date": "2023-08-04", "pages": [{"page": 1, "text": "渔港昨日开渔。"}]}


def source(value: bytes, **options: str) -> Source:
    given = IssueOptions(**{"paper": None, "date": None, "page": None, "revision": None, "encoding": None, **options})
    return from_bytes(value, None, given, "issues.raw", NOW)


def plain(**options: str) -> Source:
    return source("渔港昨日开渔。".encode(), paper="渔港日报", date="2023-08-04", page="1", **options)


async def numbered(found: Source, known: Mapping[str, int], monkeypatch: pytest.MonkeyPatch) -> Arrival:
    async def answer(_: Settings | None, issues: Iterable[str]) -> Mapping[str, int]:
        return {issue: known[issue] for issue in issues if issue in known}

    monkeypatch.setattr(revisions, "known_numbers", answer)
    checked, arrival = check(found)
    assert isinstance(arrival, Arrival)
    known_next = await revisions.next_revisions(None, [(checked, arrival)])  # type: ignore[arg-type]  # not asked
    ((changed, told),) = revisions.numbered([(checked, arrival)], known_next)
    assert read_arrival(changed.record) == told
    return told


@pytest.mark.parametrize("found", [plain(), source(json.dumps(AS_JSON).encode())], ids=["text", "JSON"])
def test_a_page_without_a_revision_follows_the_number_that_is_known(
    found: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time would be greater than any number, and freeze the issue for its own numbers."""
    assert asyncio.run(numbered(found, {ISSUE: 5}, monkeypatch)).revision == 6


def test_an_issue_that_is_not_known_takes_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does when Elasticsearch does not answer."""
    assert asyncio.run(numbered(plain(), {}, monkeypatch)).revision == NOW


def test_a_revision_that_is_given_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gives a number knows it."""
    assert asyncio.run(numbered(plain(revision="3"), {ISSUE: 5}, monkeypatch)).revision == 3
