"""What Elasticsearch's answers to bulk requests mean for the documents in them."""

from __future__ import annotations

from typing import Any

import pytest

from services.runtime.elasticsearch.outcome import DONE, Outcome, of_item, of_request, reason_of
from tests.fakes import api_error, no_connection


def item(status: int, kind: str | None = None, reason: str = "", cause: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"type": kind, "reason": reason}
    if cause:
        error["caused_by"] = {"type": "illegal_argument_exception", "reason": cause}
    return {"index": {"_index": "articles", "_id": "1", "status": status, **({"error": error} if kind else {})}}


@pytest.mark.parametrize("status", [200, 201], ids=["updated", "created"])
def test_a_document_that_is_there_is_done(status: int) -> None:
    """A success of HTTP without an error is one."""
    assert of_item(item(status)) == DONE


def test_another_version_that_is_there_is_a_conflict() -> None:
    """Whether that matters is for whoever wrote to say."""
    assert of_item(item(409, "version_conflict_engine_exception", "[1]: version conflict")).kind == "conflict"


@pytest.mark.parametrize(
    "answer",
    [
        item(429, "es_rejected_execution_exception"),
        item(429, "cluster_block_exception", "disk usage exceeded flood-stage watermark"),
        item(403, "cluster_block_exception", "index is read-only"),
        item(400, "index_closed_exception", "closed"),
        item(500, "illegal_state_exception", "a fault of the server"),
        item(503, "unavailable_shards_exception"),
        item(502, "bad_gateway"),
        item(504, "timeout"),
    ],
    ids=["busy", "full", "blocked", "closed", "faulty", "away", "proxy", "slow"],
)
def test_what_may_pass_is_tried_again_and_says_why(answer: dict[str, Any]) -> None:
    """A closed index is opened again, a faulty server mended: neither says anything about the document."""
    outcome = of_item(answer)
    assert outcome.kind == "again"
    assert answer["index"]["error"]["type"] in outcome.reason


def test_an_index_that_is_not_there_is_no_fault_of_the_document() -> None:
    """It is made again, and the document with it."""
    assert of_item(item(404, "index_not_found_exception", "no such index [articles-write]")).kind == "gone"


def test_a_document_that_will_never_fit_is_refused_with_the_reason_and_its_cause() -> None:
    """The cause is where Elasticsearch says which value it was."""
    answer = item(400, "document_parsing_exception", "failed to parse field [date]", "cannot parse empty date")
    assert of_item(answer) == Outcome(
        "refused", "document_parsing_exception: failed to parse field [date] cannot parse empty date"
    )
    assert of_item({"create": {"status": 400}}) == Outcome("refused", "400:")


def test_a_request_that_is_too_large_is_never_taken_and_a_busy_server_may_take_it_later() -> None:
    """These answer a whole request, so they say nothing of each document in it."""
    assert of_request(api_error(413)).kind == "refused"
    assert of_request(api_error(429, "es_rejected_execution_exception")).kind == "again"


def test_a_reason_names_the_status_and_the_words_of_the_server() -> None:
    """A log line with the error's type alone would not say what to do."""
    assert reason_of(api_error(429, "circuit_breaking_exception")).startswith("429 circuit_breaking_exception")
    assert reason_of(no_connection()) == "ConnectionError"
