"""Input that is gone: never passed over in silence, named with its offsets, and taken up again by a command."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.kafka.connection import connection
from services.runtime.stage import EXIT_NEEDS_OPERATOR
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until
from tests.workers import get, running

if TYPE_CHECKING:
    from click.testing import Result

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"


@pytest.fixture
def settings(servers: Servers) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return new_installation(servers).model_copy(update={"http_port": port})


def expire(settings: Settings, topic: str, until: dict[int, int]) -> None:
    """Delete the records of some partitions below an offset, as retention does it."""

    async def delete() -> None:
        admin = AIOKafkaAdminClient(**connection(settings))
        await admin.start()
        try:
            await admin.delete_records(
                {TopicPartition(topic, number): RecordsToDelete(offset) for number, offset in until.items()}
            )
        finally:
            await admin.close()

    asyncio.run(delete())


async def let_expire(settings: Settings, topic: str) -> None:
    """Give a topic the settings that it had in an earlier release."""
    config = {"cleanup.policy": "delete", "retention.ms": "604800000", "max.message.bytes": "33554432"}
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, config)])
    finally:
        await admin.close()


def commit(settings: Settings, stage: str, topic: str, offsets: dict[int, int]) -> None:
    async def send() -> None:
        group = settings.names.group(stage)
        async with AIOKafkaConsumer(**connection(settings), group_id=group, enable_auto_commit=False) as consumer:
            consumer.assign([TopicPartition(topic, number) for number in offsets])
            await consumer.commit({TopicPartition(topic, number): offset for number, offset in offsets.items()})

    asyncio.run(send())


def broadsheet(settings: Settings, *arguments: str) -> Result:
    names = ("kafka", "elasticsearch", "prefix", "partitions")
    given = {f"BROADSHEET_{name.upper()}": str(getattr(settings, name)) for name in names}
    return CliRunner().invoke(app, [*arguments], env=given)


def test_a_worker_whose_records_expired_while_it_was_stopped_says_so_and_ends(settings: Settings) -> None:
    raw = settings.names.raw
    publish(settings, raw, numbered(8))
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.runs() and not remaining(settings, "relay", raw), "the first records to be done")
        worker.process.terminate()
        assert worker.process.wait(30) == 0
    publish(settings, raw, numbered(32, first=8))
    expire(settings, raw, {0: 6, 3: 4})
    with running(settings, RELAY) as worker:
        wait_until(lambda: "no longer has" in get(settings.http_port, "/ready")[1], "the worker to say what is lost")
        status, why = get(settings.http_port, "/ready")
        assert status == 503
        assert f"{raw}-0 offsets 2 to 5, {raw}-3 offsets 2 to 3." in why
        assert get(settings.http_port, "/live")[0] == 200
        metrics = get(settings.http_port, "/metrics")[1]
        assert f'broadsheet_input_lost_offsets{{partition="0",stage="relay",topic="{raw}"}} 4.0' in metrics
        worker.process.terminate()
        assert worker.process.wait(30) == EXIT_NEEDS_OPERATOR
        assert "the worker must not go on" in worker.log.read_text("utf-8")
    assert len(read_all(settings, settings.names.issues)) == 8, "nothing may be done beyond a gap"


def test_a_new_group_begins_with_the_first_record_there_is(settings: Settings) -> None:
    publish(settings, settings.names.raw, numbered(40))
    expire(settings, settings.names.raw, {0: 6})
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.runs() and len(read_all(settings, settings.names.issues)) == 34, "the rest")


def test_status_names_what_is_lost_and_resume_goes_on_behind_it(settings: Settings) -> None:
    issues = settings.names.issues
    publish(settings, issues, numbered(40))
    commit(settings, "segment", issues, {0: 2, 1: 10, 2: 10, 3: 10})
    asyncio.run(let_expire(settings, issues))
    expire(settings, issues, {0: 6})
    mended = broadsheet(settings, "setup", "--mend")
    assert f"corrected: {issues}: cleanup.policy was delete, is compact" in mended.output
    shown = broadsheet(settings, "status", "--json")
    assert shown.exit_code == 1
    (segment,) = [one for one in json.loads(shown.stdout)["stages"] if one["stage"] == "segment"]
    assert segment["lag"] == 4, "what is gone does not count as to be done"
    assert [(one["topic"], one["first"], one["end"]) for one in segment["lost"]] == [(issues, 2, 6)]
    assert f"{issues}-0 offsets 2 to 5" in broadsheet(settings, "status").output
    resumed = broadsheet(settings, "resume", "segment")
    assert (resumed.exit_code, resumed.output.count("passed over")) == (0, 1)
    assert remaining(settings, "segment", issues) == 4
    assert "has lost no input" in broadsheet(settings, "resume", "segment").output


def test_a_partition_that_was_cut_is_not_taken_for_one_that_is_done(settings: Settings) -> None:
    """As after an unclean election, or where the topic was deleted and made again under its name."""
    raw = settings.names.raw
    publish(settings, raw, numbered(8))
    commit(settings, "relay", raw, {0: 500})
    with running(settings, RELAY) as worker:
        wait_until(lambda: "behind the end" in get(settings.http_port, "/ready")[1], "the worker to say so")
        worker.process.terminate()
        assert worker.process.wait(30) == EXIT_NEEDS_OPERATOR
