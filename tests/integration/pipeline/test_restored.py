"""Restores: states that are older than the offsets are named, nothing is done on top of them, and a rewind mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.index.names import Names
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from elasticsearch import Elasticsearch

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers


def copy(client: Elasticsearch, source: str, target: str) -> None:
    """Copy an index with its documents' sequence as it is, as a snapshot holds it."""
    client.indices.refresh(index=source)
    client.indices.add_block(index=source, block="write")
    client.indices.clone(index=source, target=target, settings={"index.blocks.write": None})
    client.indices.put_settings(index=source, settings={"index.blocks.write": None})
    client.cluster.health(index=target, wait_for_status="yellow")


@pytest.mark.parametrize("stage", ["ingest", "segment"])
def test_states_that_are_older_than_the_offsets_are_named_and_a_rewind_brings_all_back(
    pipeline: Pipeline, paper: str, eventually: Callable[[Callable[[], bool]], None], stage: str
) -> None:
    states = pipeline.settings.names.state_index
    snapshot = f"{states}-snapshot"
    pipeline.publish(paper, {1: FISHING}, revision=1)
    with pipeline.stopped("ingest", "segment"):
        copy(pipeline.client, states, snapshot)
    pipeline.publish(paper, {2: BRIDGE}, revision=1)
    before = pipeline.documents(paper)
    assert len(before) == 2
    with pipeline.stopped("ingest", "segment"):
        pipeline.client.indices.delete(index=states)
        copy(pipeline.client, snapshot, states)
        pipeline.client.indices.delete(index=snapshot)
    log = pipeline.workers.log(stage)
    eventually(lambda: f"The states of {stage} are older than what its group has read" in log.read_text("utf-8"))
    with pipeline.stopped("ingest", "segment"):
        eventually(lambda: pipeline.run("rewind").exit_code == 0)
    pipeline.publish(paper, {3: CUSTOMS}, revision=1)
    after = pipeline.documents(paper)
    assert len(after) == 3, "the page that came after the snapshot is not forgotten"
    assert {name: after[name]["article_id"] for name in before} == {
        name: document["article_id"] for name, document in before.items()
    }


def test_an_index_that_is_older_than_the_offsets_is_named_and_a_rebuild_brings_all_back(
    pipeline: Pipeline, paper: str, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    alias = Names(pipeline.settings.prefix, "articles")
    pipeline.publish(paper, {1: FISHING}, revision=1)
    (live,) = pipeline.client.indices.get_alias(name=alias.write)
    behind = pipeline.client.indices.get_alias(index=live)[live]["aliases"]
    snapshot = f"{pipeline.settings.prefix}snapshot"
    with pipeline.stopped("index"):
        copy(pipeline.client, live, snapshot)
    pipeline.publish(paper, {2: BRIDGE}, revision=1)
    before = pipeline.documents(paper)
    with pipeline.stopped("index"):
        pipeline.client.indices.delete(index=live)
        copy(pipeline.client, snapshot, live)
        pipeline.client.indices.delete(index=snapshot)
        for name, options in behind.items():
            pipeline.client.indices.put_alias(index=live, name=name, **options)
    assert len(pipeline.documents(paper)) == 1
    log = pipeline.workers.log("index")
    eventually(lambda: "The index is older than what its group has read" in log.read_text("utf-8"))
    with pipeline.stopped("index"):
        assert pipeline.run("rebuild").exit_code == 0
    pipeline.publish(paper, {3: CUSTOMS}, revision=1)
    after = pipeline.documents(paper)
    assert len(after) == 3
    assert {name: after[name]["article_id"] for name in before} == {
        name: document["article_id"] for name, document in before.items()
    }
