"""What Elasticsearch's answer to one document means for the message behind it."""

from __future__ import annotations

from typing import Any

import pytest

from services.index.bulk import outcome


def item(status: int, kind: str | None = None, reason: str = "", cause: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"type": kind, "reason": reason}
    if cause:
        error["caused_by"] = {"type": "illegal_argument_exception", "reason": cause}
    return {"index": {"_index": "articles", "_id": "1", "status": status, **({"error": error} if kind else {})}}


@pytest.mark.parametrize(
    "answer",
    [item(200), item(201), item(409, "version_conflict_engine_exception", "[1]: version conflict")],
    ids=["updated", "created", "a newer version is there"],
)
def test_a_document_that_is_there_is_done(answer: dict[str, Any]) -> None:
    assert outcome(answer) == ("done", "")


@pytest.mark.parametrize(
    "answer",
    [
        item(429, "es_rejected_execution_exception"),
        item(429, "cluster_block_exception", "disk usage exceeded flood-stage watermark"),
        item(403, "cluster_block_exception", "index is read-only"),
        item(503, "unavailable_shards_exception"),
        item(502, "bad_gateway"),
        item(504, "timeout"),
    ],
    ids=["busy", "full", "blocked", "away", "proxy", "slow"],
)
def test_what_may_pass_is_tried_again(answer: dict[str, Any]) -> None:
    assert outcome(answer) == ("again", "")


def test_an_index_that_is_not_there_is_no_fault_of_the_document() -> None:
    assert outcome(item(404, "index_not_found_exception", "no such index [articles-write]")) == ("gone", "")


def test_a_document_that_will_never_fit_is_refused_with_the_reason_and_its_cause() -> None:
    answer = item(400, "document_parsing_exception", "failed to parse field [date]", "cannot parse empty date")
    assert outcome(answer) == (
        "refused",
        "document_parsing_exception: failed to parse field [date] cannot parse empty date",
    )
    assert outcome({"create": {"status": 400}}) == ("refused", "400:")
