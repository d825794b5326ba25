"""What Kibana is shown of the running pipeline: who works, how far behind, and what is in quarantine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from services.index.names import Names
from services.runtime.names import STAGES
from tests.integration.pipeline.pages import BRIDGE, FISHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.pipeline.conftest import Pipeline

    Eventually = Callable[[Callable[[], bool]], None]

pytestmark = pytest.mark.servers

BROKEN = b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe broken"


def documents(pipeline: Pipeline, index: str) -> list[dict[str, Any]]:
    pipeline.client.indices.refresh(index=index)
    return [hit["_source"] for hit in pipeline.client.search(index=index, size=100)["hits"]["hits"]]


def shown(pipeline: Pipeline, paper: str) -> list[dict[str, Any]]:
    """What is in quarantine of a paper, as Kibana sees it."""
    found = documents(pipeline, Names(pipeline.settings.prefix, "quarantine").read)
    return [one for one in found if one.get("key", "").startswith(paper)]


def break_a_page(pipeline: Pipeline, paper: str) -> None:
    headers = {"content-type": "text/plain", "paper": paper, "date": "2023-08-15", "page": "2"}
    pipeline.send((f"{paper}/2023-08-15".encode(), BROKEN, headers))


def test_every_worker_says_of_itself_how_far_behind_it_is(pipeline: Pipeline, eventually: Eventually) -> None:
    index = pipeline.settings.names.operations
    eventually(lambda: {one["stage"] for one in documents(pipeline, index)} == set(STAGES))
    for one in documents(pipeline, index):
        assert one.keys() == {
            *("stage", "worker", "time", "ready", "state", "lag", "oldest_seconds"),
            *("delivered", "per_second", "quarantined"),
        }
        assert abs(time.time() * 1000 - one["time"]) < 600_000
    mapping = pipeline.client.indices.get_mapping(index=index)
    ((physical, body),) = mapping.items()
    assert (physical, body["mappings"]["dynamic"]) == (f"{index}-v1", "strict")


def test_a_message_in_quarantine_is_shown_until_it_is_dropped(
    pipeline: Pipeline, paper: str, eventually: Eventually
) -> None:
    pipeline.publish(paper, {1: FISHING})
    break_a_page(pipeline, paper)
    eventually(lambda: len(shown(pipeline, paper)) == 1)
    (one,) = shown(pipeline, paper)
    assert (one["stage"], one["topic"]) == ("ingest", pipeline.settings.names.raw)
    assert one["error"]
    dropped = pipeline.run("quarantine", "drop", one["reference"])
    assert dropped.exit_code == 0, dropped.output
    eventually(lambda: shown(pipeline, paper) == [])


def test_a_message_sent_again_that_fails_again_is_shown_once_with_its_tries(
    pipeline: Pipeline, paper: str, eventually: Eventually
) -> None:
    break_a_page(pipeline, paper)
    eventually(lambda: len(shown(pipeline, paper)) == 1)
    (first,) = shown(pipeline, paper)
    assert pipeline.run("quarantine", "replay", first["reference"]).exit_code == 0
    eventually(lambda: [one["attempt"] for one in shown(pipeline, paper)] == [2])


def test_what_elasticsearch_does_not_take_of_the_quarantine_neither_stops_the_index_nor_comes_round(
    pipeline: Pipeline, paper: str, eventually: Eventually
) -> None:
    topic = pipeline.settings.names.quarantine
    facts = {"stage": "ingest", "error": "x", "error-type": "Rejected", "attempt": "1" + "0" * 30}
    facts |= {"topic": "issues.raw", "partition": "0", "offset": "1", "timestamp": "1700000000000"}
    headers = [(f"quarantine-{name}", value.encode()) for name, value in facts.items()]
    key = f"{paper}/2023-08-15".encode()
    pipeline.loop.run(pipeline.producer.send_and_wait(topic, b"", key, headers=headers))
    pipeline.loop.run(pipeline.producer.send_and_wait(topic, b"somebody else's", key))
    break_a_page(pipeline, paper)
    eventually(lambda: [one["attempt"] for one in shown(pipeline, paper)] == [1])
    pipeline.publish(paper, {1: FISHING})
    assert pipeline.record(paper)["articles"] == 1
    assert len([record for record in pipeline.records(topic) if record.key == key]) == 3


def test_a_rebuild_fills_every_index_anew_from_its_topic(
    pipeline: Pipeline, paper: str, eventually: Eventually
) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    break_a_page(pipeline, paper)
    break_a_page(pipeline, paper)
    eventually(lambda: len(shown(pipeline, paper)) == 2)
    (gone, _) = shown(pipeline, paper)
    assert pipeline.run("quarantine", "drop", gone["reference"]).exit_code == 0
    eventually(lambda: len(shown(pipeline, paper)) == 1)
    before = shown(pipeline, paper), pipeline.stored(paper)
    names = Names(pipeline.settings.prefix, "quarantine")
    (old,) = pipeline.client.indices.get_alias(name=names.write)
    result = pipeline.run("rebuild")
    assert result.exit_code == 0, result.output
    (new,) = pipeline.client.indices.get_alias(name=names.write)
    assert new > old
    assert (shown(pipeline, paper), pipeline.stored(paper)) == before


def test_a_worker_that_stops_takes_its_document_away_and_the_next_sweeps_what_killed_ones_left(
    pipeline: Pipeline, eventually: Eventually
) -> None:
    index = pipeline.settings.names.operations

    def taggers() -> set[str]:
        return {one["worker"] for one in documents(pipeline, index) if one["stage"] == "tag"}

    eventually(lambda: len(taggers()) == 1)
    (first,) = taggers()
    old = {**documents(pipeline, index)[0], "stage": "tag", "worker": "killed-1", "time": 1_700_000_000_000}
    pipeline.client.index(index=index, id="tag/killed-1", document=old, require_alias=True)
    pipeline.workers.halt("tag")
    assert taggers() == {"killed-1"}
    pipeline.workers.start("tag")
    eventually(lambda: not pipeline.workers.tend() and len(taggers() - {first, "killed-1"}) == 1)
    eventually(lambda: "killed-1" not in taggers())


def test_workers_make_their_index_anew_when_it_is_lost(pipeline: Pipeline, eventually: Eventually) -> None:
    index = pipeline.settings.names.operations
    pipeline.client.indices.delete(index=f"{index}-v1")
    eventually(lambda: bool(pipeline.client.indices.exists_alias(name=index)))
    eventually(lambda: bool(documents(pipeline, index)))
    ((physical, body),) = pipeline.client.indices.get_mapping(index=index).items()
    assert (physical, body["mappings"]["dynamic"]) == (f"{index}-v1", "strict")
