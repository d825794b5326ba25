"""Watermarks: written past no refusal, and read back as what the states know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from aiokafka import TopicPartition

from services.runtime.elasticsearch.watermark import StatesOlder, Watermarks
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

PART = TopicPartition("issues.raw", 3)
ID = "watermark:ingest:issues.raw-3"


class Index:
    """Stands in for Elasticsearch: answers bulks with these statuses, one after another."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.operations: list[Any] = []

    async def bulk(self, index: str, operations: list[Any]) -> dict[str, Any]:
        assert index == "stage-state"
        self.operations = operations
        status = self._statuses.pop(0)
        failed = {} if status == 200 else {"error": {"type": "refused"}}
        return {"items": [{"index": {"status": status, **failed}}]}

    async def mget(self, index: str, ids: list[str]) -> dict[str, Any]:
        assert (index, ids) == ("stage-state", [ID])
        return {"docs": [{"_id": ID, "found": True, "_source": {"after": {"offset": 41}}}]}


def watermarks(index: Index) -> Watermarks:
    async def pause(_seconds: float) -> None:
        pass

    return Watermarks(load_settings(), cast("AsyncElasticsearch", index), "ingest", pause)


def test_a_watermark_only_rises() -> None:
    index = Index(200)
    asyncio.run(watermarks(index).write({(PART.topic, PART.partition): 41}))
    action, document = index.operations
    assert action == {"index": {"_id": ID, "version": 41, "version_type": "external_gte"}}
    assert document == {"stage": "ingest", "key": "issues.raw-3", "after": {"offset": 41}}


@pytest.mark.parametrize("statuses", [(409,), (429, 503, 200)], ids=["one that is further", "a busy server"])
def test_a_watermark_that_is_further_stays_and_a_busy_server_is_waited_for(statuses: tuple[int, ...]) -> None:
    asyncio.run(watermarks(Index(*statuses)).write({(PART.topic, PART.partition): 41}))


def test_a_watermark_that_is_refused_ends_the_batch() -> None:
    with pytest.raises(RuntimeError, match="refused a watermark"):
        asyncio.run(watermarks(Index(400)).write({(PART.topic, PART.partition): 41}))


@pytest.mark.parametrize("committed", [0, 40, 41])
def test_states_that_know_as_much_as_the_group_has_read_are_no_reason_to_look_at_records(committed: int) -> None:
    asyncio.run(watermarks(Index()).check({PART: committed}))


def test_the_error_names_the_partition_what_is_known_and_what_to_run() -> None:
    error = str(StatesOlder("ingest", {PART: 41}, {PART: 57}))
    assert "issues.raw-3 to offset 41 of 57" in error
    assert "`broadsheet rewind`" in error
