"""A broker that dies and comes back: the worker stays, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.kafka.admin import NO_COORDINATOR_YET, Admin
from services.runtime.kafka.connection import connection
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until, written
from tests.servers import Servers
from tests.workers import running

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from tests.integration.runtime.delivery.conftest import Broker

pytestmark = pytest.mark.servers


def test_over_a_broker_that_dies_each_output_is_there_once(broker: Broker) -> None:
    nowhere = Servers(broker.address, "http://127.0.0.1:9")
    settings = new_installation(nowhere).model_copy(update={"batch_records": 40})
    records = numbered(1200)
    publish(settings, settings.names.raw, records)
    with running(settings, "tests.integration.runtime.relay", "0.1") as worker:
        wait_until(lambda: written(settings, settings.names.issues) > 100, "the worker to begin")
        broker.kill()
        broker.start()
        wait_until(
            lambda: worker.runs() and remaining(settings, "relay", settings.names.raw) == 0, "the worker to go on"
        )
        outputs = read_all(settings, settings.names.issues)
    assert Counter(each.key for each in outputs) == Counter(each.key for each in records)


COMMITS = 2_000
"""So many that Kafka has something to load when it starts."""

ANSWERS = 40
RESTART_SECONDS = 60.0


def test_a_kafka_that_still_loads_a_group_is_not_taken_for_one_that_never_heard_of_it(broker: Broker) -> None:
    settings = new_installation(Servers(broker.address, "http://127.0.0.1:9"))
    part = TopicPartition(settings.names.raw, 0)
    publish(settings, settings.names.raw, numbered(8))
    asyncio.run(_commit(settings, part))
    broker.kill()
    with ThreadPoolExecutor() as pool:
        restart = pool.submit(broker.start)
        named, refused = asyncio.run(_ask(settings, part))
        restart.result()
    assert named == [1] * ANSWERS
    assert refused, "Kafka was never asked before it knew: the test shows nothing"


async def _commit(settings: Settings, part: TopicPartition) -> None:
    async with AIOKafkaConsumer(**connection(settings), group_id="editors", enable_auto_commit=False) as consumer:
        consumer.assign([part])
        for _ in range(COMMITS):
            await consumer.commit({part: 1})


async def _ask(settings: Settings, part: TopicPartition) -> tuple[list[int | None], int]:
    """Ask a Kafka that starts what is committed, as fast as it goes: what it named, and how often it could not yet."""
    named: list[int | None] = []
    refused = 0
    deadline = time.monotonic() + RESTART_SECONDS
    while len(named) < ANSWERS and time.monotonic() < deadline:
        admin = Admin(**connection(settings), request_timeout_ms=2_000)
        try:
            await admin.start()
            while len(named) < ANSWERS:
                try:
                    committed = await admin.committed("editors")
                except NO_COORDINATOR_YET:
                    refused += 1
                else:
                    named.append(committed[part].offset if part in committed else None)
        except (KafkaError, OSError, TimeoutError):
            await asyncio.sleep(0.005)
        finally:
            await admin.close()
    return named, refused
