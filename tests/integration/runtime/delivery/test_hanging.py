"""Transactions that the coordinator knows nothing of, so that neither fencing nor a timeout ends them.

Kafka 4.4 leaves them when it shuts down while it finishes a transaction: the transaction log says that it is complete,
and its partitions have no marker. Here a broker that does not check transactions takes records and offsets that were
not announced to the coordinator, which leaves the same on the topics.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.local.places import Home
from services.runtime.delivery.clients import consumer_of
from services.runtime.delivery.membership import Membership
from services.runtime.kafka.connection import connection
from tests.integration.runtime.delivery.conftest import Broker, spawning
from tests.integration.runtime.delivery.test_waiting import free_port
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until, written
from tests.servers import Servers, temporary_home
from tests.workers import get, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"
FORGETFUL = "tests.integration.runtime.forgetful"
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def trusting() -> Iterator[Broker]:
    """A broker that does not ask the coordinator whether a transaction is open."""
    with temporary_home() as folder, spawning(Home(folder)) as spawner:
        broker = Broker(Home(folder), spawner, {"transaction.partition.verification.enable": "false"})
        yield broker
        broker.kill()


@pytest.fixture
def settings(trusting: Broker) -> Settings:
    installation = new_installation(Servers(trusting.address, "http://127.0.0.1:9"))
    return installation.model_copy(update={"http_port": free_port()})


async def forgotten(settings: Settings, mark: str, output: Record, part: TopicPartition | None, topic: str) -> None:
    """Leave a record, and the offset 1 of `part`, in a transaction that the coordinator knows nothing of."""
    group = settings.names.group("relay")
    if part is not None:
        async with AIOKafkaConsumer(**connection(settings), group_id=group, enable_auto_commit=False) as consumer:
            consumer.assign([part])
            await consumer.commit({part: (0, mark)})
    async with AIOKafkaProducer(**connection(settings), transactional_id=f"{group}-dead") as producer:
        await producer.begin_transaction()
        # So the client believes that the coordinator knows them.
        transaction = producer._txn_manager
        transaction._txn_partitions.add(TopicPartition(topic, output.partition))
        transaction._txn_consumer_group = group
        await producer.send_and_wait(topic, output.value, output.key, partition=output.partition)
        if part is not None:
            await producer.send_offsets_to_transaction({part: 1}, group)
        transaction._txn_partitions.clear()
        transaction._txn_consumer_group = None
        await producer.abort_transaction()  # nothing is announced, so this sends nothing


def test_a_transaction_that_kafka_forgot_is_ended_by_who_takes_over(settings: Settings) -> None:
    records = numbered(40)
    publish(settings, settings.names.raw, records)
    mark, part = f"{settings.names.group('relay')}-dead", TopicPartition(settings.names.raw, 0)
    asyncio.run(forgotten(settings, mark, records[0], part, settings.names.issues))
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.runs() and not remaining(settings, "relay", settings.names.raw), "the worker", 40)
    found = sorted(each.key for each in read_all(settings, settings.names.issues))
    assert found == sorted(each.key for each in records)


async def share(settings: Settings) -> None:
    """Join the group of the relay as another worker, and leave it when it has partitions."""
    consumer = consumer_of(settings, settings.names.group("relay"))
    assigned = asyncio.Event()
    membership = Membership(settings.session_timeout, assigned.set, lambda: None)
    await consumer.start()
    try:
        membership.join(consumer, [settings.names.raw])
        await asyncio.wait_for(assigned.wait(), PATIENCE_SECONDS)
    finally:
        await consumer.stop()


def test_a_worker_ends_its_own_transaction_that_kafka_forgot_before_it_takes_over(settings: Settings) -> None:
    """It waited for its own offsets for ever: a mark of its own stood for nothing to end."""
    records = numbered(8)
    with running(settings, FORGETFUL) as worker:
        wait_until(lambda: worker.runs() and get(settings.http_port, "/ready")[0] == 200, "the worker to be ready")
        publish(settings, settings.names.raw, records[:4])
        wait_until(lambda: written(settings, settings.names.issues) >= 4, "the first batch")
        assert remaining(settings, "relay", settings.names.raw) > 0
        asyncio.run(share(settings))
        publish(settings, settings.names.raw, records[4:])
        wait_until(lambda: worker.runs() and not remaining(settings, "relay", settings.names.raw), "the worker", 40)
    found = sorted(each.key for each in read_all(settings, settings.names.issues))
    assert found == sorted(each.key for each in records)


def waiting_seconds(settings: Settings) -> float:
    lines = get(settings.http_port, "/metrics")[1].splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith("broadsheet_waiting_seconds{"))


def is_held(settings: Settings, why: str) -> bool:
    status, words = get(settings.http_port, "/ready")
    return status == 503 and words.startswith(why)


def test_a_worker_that_cannot_take_over_its_partitions_says_so(settings: Settings) -> None:
    """It said "working" with a lag of 0, for as long as the transaction was open."""
    records = numbered(8)
    publish(settings, settings.names.raw, records)
    part = TopicPartition(settings.names.raw, 0)
    asyncio.run(forgotten(settings, "", records[0], part, settings.names.issues))
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.said("waiting to take over"), "the worker to wait")
        why = "waiting to take over: UnstableOffsets: a transaction about the offsets of"
        wait_until(lambda: is_held(settings, why), "the worker to be not ready", 4 * settings.session_timeout)
        assert waiting_seconds(settings) > settings.session_timeout
        assert get(settings.http_port, "/live")[0] == 200


def test_a_worker_whose_records_are_held_back_says_so(settings: Settings) -> None:
    """Kafka gives nothing behind an open transaction; the lag counts up to there, and is 0."""
    records = numbered(8)
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.runs() and get(settings.http_port, "/ready")[0] == 200, "the worker to be ready")
        raw = settings.names.raw
        asyncio.run(forgotten(settings, "", records[0], None, raw))
        publish(settings, raw, records)
        why = f"an open transaction holds back {raw}-0 from offset 0 on, for "
        wait_until(lambda: is_held(settings, why), "the worker to be not ready", 6 * settings.session_timeout)
        assert waiting_seconds(settings) > settings.session_timeout
