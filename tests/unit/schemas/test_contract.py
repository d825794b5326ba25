"""Decoding and encoding: the same message, the same bytes; what does not fit is told in words."""

from __future__ import annotations

import json

import pytest

from schemas.contract import ContractError, decode
from schemas.contracts.valid import EXAMPLES
from schemas.issue import STEPS_PER_REVISION, Issue, version_of
from schemas.raw import RawIssue

ISSUE = EXAMPLES["issues"][0]


@pytest.mark.parametrize("value", [None, b""])
def test_an_empty_value_is_no_message(value: bytes | None) -> None:
    with pytest.raises(ContractError, match="empty value: expected a JSON object"):
        decode(Issue, value)


def test_a_field_that_a_newer_producer_added_is_ignored_between_our_services() -> None:
    newer = json.loads(ISSUE.encode()) | {"added": 1}
    assert decode(Issue, json.dumps(newer).encode()) == ISSUE


def test_an_unknown_field_from_others_is_refused() -> None:
    value = json.loads(EXAMPLES["issues.raw"][0].encode()) | {"papre": ""}
    with pytest.raises(ContractError, match="papre: unknown field; remove it or correct its spelling"):
        decode(RawIssue, json.dumps(value).encode())


def test_types_are_not_guessed() -> None:
    value = json.loads(ISSUE.encode()) | {"revision": "7"}
    with pytest.raises(ContractError, match=r"revision: .*integer, got '7'"):
        decode(Issue, json.dumps(value).encode())


def test_at_most_three_faults_are_told_and_the_others_counted() -> None:
    with pytest.raises(ContractError) as refused:
        decode(Issue, b"{}")
    assert str(refused.value).count("missing; add this field") == 3
    assert str(refused.value).endswith("and 3 more")


def test_a_message_is_utf8_json_without_escapes() -> None:
    assert "渔港日报".encode() in ISSUE.encode()


def test_a_newer_revision_has_a_greater_version_whatever_the_arrivals() -> None:
    assert version_of(2, 0) > version_of(1, STEPS_PER_REVISION - 1)
