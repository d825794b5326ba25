"""What is lost comes back: consumer groups, and the states of ingest and segment; ids and texts stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaConsumer

from services.runtime.kafka.admin import partitions_of
from services.runtime.kafka.connection import connection
from services.runtime.names import STAGES
from tests.integration.pipeline.conftest import message
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

RENAMED = FISHING.replace("渔港三百艘渔船今晨开渔", "开渔首日渔港万船齐发").replace("今晨六时", "清晨六时")
"""The fishing story corrected from its first words on: a new id would be made from these."""


def history(pipeline: Pipeline, paper: str) -> None:
    """Publish an issue whose ids and versions depend on all that went before."""
    pipeline.publish(paper, {2: BRIDGE}, revision=1)
    pipeline.publish(paper, {1: FISHING}, revision=1)
    pipeline.publish(paper, {1: RENAMED}, revision=3)
    pipeline.publish(paper, {3: CUSTOMS}, revision=2)
    pipeline.publish(paper, {1: RENAMED, 3: CUSTOMS}, revision=4, complete=True)
    pipeline.publish(f"{paper}撤", {1: SCHOOLS}, revision=1)
    pipeline.publish(f"{paper}撤", {}, revision=2, withdrawn=True)


def held(pipeline: Pipeline, paper: str) -> list[dict[str, Any]]:
    papers = (paper, f"{paper}撤")
    return [document for each in papers for document in (*pipeline.stored(each), pipeline.record(each))]


def unversioned(value: Any) -> Any:
    """Return documents without their versions: a rewind sends every article at its issue's newest version."""
    if isinstance(value, dict):
        about = {"version", "revision", "contents"}
        return {key: unversioned(each) for key, each in value.items() if key not in about}
    return [unversioned(each) for each in value] if isinstance(value, list) else value


def rewind_group(pipeline: Pipeline, stage: str) -> None:
    """Set a group's offsets to the beginning, as Kafka's own tool does, or as offsets that expired come to be."""

    async def rewind() -> None:
        names = pipeline.settings.names
        reads = dict(zip(STAGES, (names.raw, names.issues, names.articles, names.tagged), strict=True))
        parts = (await partitions_of(pipeline.admin, [reads[stage]]))[reads[stage]]
        async with AIOKafkaConsumer(
            **connection(pipeline.settings), group_id=names.group(stage), enable_auto_commit=False
        ) as consumer:
            consumer.assign(parts)
            await consumer.commit(dict.fromkeys(parts, 0))

    pipeline.loop.run(rewind())


@pytest.mark.parametrize("stages", [("ingest",), ("segment",), ("tag",), ("index",), STAGES], ids=" and ".join)
def test_a_group_that_begins_again_changes_nothing(pipeline: Pipeline, paper: str, stages: tuple[str, ...]) -> None:
    history(pipeline, paper)
    before = held(pipeline, paper)
    with pipeline.stopped(*stages):
        for stage in stages:
            rewind_group(pipeline, stage)
    pipeline.settle()
    assert held(pipeline, paper) == before
    pipeline.publish(paper, {1: FISHING}, revision=5)
    assert before[0]["article_id"] in {document["article_id"] for document in pipeline.stored(paper)}
    assert len(pipeline.stored(paper)) == 3


def test_without_its_states_ingest_waits_and_a_rewind_works_all_out_as_it_was(
    pipeline: Pipeline, paper: str, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    history(pipeline, paper)
    before = held(pipeline, paper)
    pipeline.send_only((f"{paper}/2023-08-15".encode(), b"\x89PNG broken", {}))
    pipeline.settle()
    assert pipeline.run("quarantine", "drop", "--all").exit_code == 0
    pipeline.client.indices.delete(index=pipeline.settings.names.state_index)
    pipeline.send_only(message(f"{paper}新", {1: SCHOOLS}, revision=1))

    def waits() -> bool:
        pipeline.workers.tend()
        return b"Run `broadsheet rewind`" in pipeline.workers.log("ingest").read_bytes()

    eventually(waits)
    refused = pipeline.run("rewind")
    assert (refused.exit_code, "A processor of segment is in its group." in refused.stderr) == (1, True)
    with pipeline.stopped("segment"):
        rewound = pipeline.run("rewind")
        assert rewound.exit_code == 0, rewound.output
    pipeline.settle()
    assert unversioned(held(pipeline, paper)) == unversioned(before)
    assert len(pipeline.documents(f"{paper}新")) == 1
    assert pipeline.run("quarantine", "list").stdout.strip() == "0 messages in quarantine"
    pipeline.publish(paper, {1: RENAMED.replace("两千斤", "三千斤")}, revision=5)
    assert {document["article_id"] for document in pipeline.stored(paper)} == {
        document["article_id"] for document in before if "article_id" in document and document["paper"] == paper
    }
