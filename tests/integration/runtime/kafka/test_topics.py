"""Topics that Kafka made of its own accord, or another release: refused with what differs, and mended."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.kafka.connection import connection
from services.runtime.kafka.topics import TopicsDiffer, _describe, check_topics, topic_differences
from services.runtime.settings import Settings, load_settings
from tests.kafka import wait_until
from tests.workers import running

if TYPE_CHECKING:
    from click.testing import Result

    from tests.servers import Servers

pytestmark = pytest.mark.servers


@pytest.fixture
def settings(servers: Servers) -> Settings:
    """An installation whose first page was published before `setup`, to a Kafka that makes topics by itself."""
    prefix = f"t{uuid.uuid4().hex[:10]}."
    made = load_settings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, prefix=prefix, partitions=4)
    asyncio.run(create_as_kafka_does(made))
    return made


async def create_as_kafka_does(settings: Settings) -> None:
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        own = {"retention.ms": "604800000", "segment.bytes": "104857600"}
        await admin.create_topics(
            [NewTopic(settings.names.raw, 1, 1, topic_configs=own), NewTopic(settings.names.tagged, 4, 1)]
        )
    finally:
        await admin.close()
    async with AIOKafkaProducer(**connection(settings)) as producer:
        await producer.send_and_wait(settings.names.raw, b"page", b"paper/2023-08-15")


def broadsheet(settings: Settings, *arguments: str) -> Result:
    names = ("kafka", "elasticsearch", "prefix", "partitions")
    given = {f"BROADSHEET_{name.upper()}": str(getattr(settings, name)) for name in names}
    return CliRunner().invoke(app, [*arguments], env=given)


def test_setup_and_status_refuse_topics_that_would_lose_messages_and_mend_sets_them_right(settings: Settings) -> None:
    raw, tagged = settings.names.raw, settings.names.tagged
    refused = broadsheet(settings, "setup")
    assert refused.exit_code == 1
    for line in (
        f"{raw}: partitions is 1, must be 4",
        f"{raw}: retention.ms is 604800000, must be -1",
        f"{raw}: max.message.bytes is 1048588, must be 33554432",
        f"{tagged}: cleanup.policy is delete, must be compact",
        "broadsheet setup --mend",
    ):
        assert line in refused.output
    shown = broadsheet(settings, "status")
    assert shown.exit_code == 1
    assert f"{tagged}: cleanup.policy is delete, must be compact" in shown.output
    mended = broadsheet(settings, "setup", "--mend")
    assert mended.exit_code == 0, mended.output
    assert f"corrected: {raw}: partitions was 1, is 4" in mended.output
    assert "Keys have other partitions now" in mended.output
    assert asyncio.run(topic_differences(settings)) == []
    assert broadsheet(settings, "status").exit_code == 0
    assert asyncio.run(own_settings(settings, raw))["segment.bytes"] == "104857600", "what others set stays"


async def own_settings(settings: Settings, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        return dict((await _describe(admin, [topic]))[topic].own)
    finally:
        await admin.close()


def test_a_worker_waits_until_the_topics_are_mended(settings: Settings) -> None:
    with pytest.raises(TopicsDiffer):
        asyncio.run(check_topics(settings))
    with running(settings, "tests.integration.runtime.relay") as worker:
        wait_until(lambda: worker.said("must be compact"), "the worker to refuse the topics")
        assert not worker.said("partitions assigned")
        assert broadsheet(settings, "setup", "--mend").exit_code == 0
        wait_until(lambda: worker.said("partitions assigned"), "the worker to begin")
