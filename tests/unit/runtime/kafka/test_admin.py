"""What a group has committed: an answer that names nothing is one thing, a refusal to answer another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, GroupLoadInProgressError, UnknownTopicOrPartitionError
from aiokafka.structs import OffsetAndMetadata

from services.runtime.kafka.admin import Admin, UnstableOffsets, group_offsets
from services.runtime.kafka.requests import UNSTABLE_OFFSET_COMMIT, StableOffsetsResponse

PART = TopicPartition("issues.raw", 0)
LOADING, NOT_ALLOWED, NO_SUCH_PARTITION = 14, 30, 3


class Answering:
    """Stands in for the connection: gives these answers to requests for offsets, one after another."""

    def __init__(self, *answers: StableOffsetsResponse) -> None:
        self._answers = list(answers)

    async def send(self, _node: int, _request: Any) -> StableOffsetsResponse:
        return self._answers.pop(0)


def admin_of(*answers: StableOffsetsResponse) -> Admin:
    class Known(Admin):
        async def find_coordinator(self, group_id: str, coordinator_type: int = 0) -> int:
            assert group_id == "ingest"
            return coordinator_type

    admin = Known.__new__(Known)
    admin._client = Answering(*answers)  # aiokafka makes its own, which connects
    return admin


def answer(*partitions: tuple[int, int, str, int], error: int = 0) -> StableOffsetsResponse:
    named = [(number, offset, -1, metadata, code, {}) for number, offset, metadata, code in partitions]
    return StableOffsetsResponse(0, [("issues.raw", named, {})] if named else [], error, {})


def test_what_is_committed_is_named_with_its_metadata_and_nothing_else() -> None:
    found = asyncio.run(admin_of(answer((0, 41, "ingest-a", 0), (1, -1, "", 0))).committed("ingest"))
    assert found == {PART: OffsetAndMetadata(41, "ingest-a")}


def test_offsets_about_which_a_transaction_is_open_are_not_named() -> None:
    with pytest.raises(UnstableOffsets):
        asyncio.run(admin_of(answer((0, -1, "", UNSTABLE_OFFSET_COMMIT))).committed("ingest", [PART], stable=True))


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer(error=LOADING), GroupLoadInProgressError),
        (answer(error=NOT_ALLOWED), GroupAuthorizationFailedError),
        (answer((0, -1, "", NO_SUCH_PARTITION)), UnknownTopicOrPartitionError),
    ],
)
def test_an_error_is_raised_and_is_not_a_group_without_offsets(
    given: StableOffsetsResponse, error: type[Exception]
) -> None:
    with pytest.raises(error, match="ingest"):
        asyncio.run(admin_of(given).committed("ingest"))


def test_a_group_that_kafka_still_loads_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.kafka.admin.COORDINATOR_PAUSE_SECONDS", 0)
    admin = admin_of(answer(error=LOADING), answer(error=LOADING), answer((0, 41, "", 0)))
    assert asyncio.run(group_offsets(admin, "ingest")) == {PART: 41}


def test_a_group_that_stays_unknown_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.runtime.kafka.admin.COORDINATOR_SECONDS", -1)
    with pytest.raises(GroupLoadInProgressError):
        asyncio.run(group_offsets(admin_of(answer(error=LOADING)), "ingest"))
