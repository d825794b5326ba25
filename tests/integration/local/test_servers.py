"""The embedded servers are the real ones, and keep what they were given."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from elasticsearch import Elasticsearch, NotFoundError

from services.local.errors import HomeBusy
from services.local.lock import HomeLock
from services.local.stack import LocalStack
from tests.kafka import wait_until
from tests.servers import Servers, temporary_home

pytestmark = pytest.mark.servers

LINE = "本报讯 渔港今晨开渔"


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


async def create_topic(kafka: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(kafka: str, topic: str, *values: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True) as producer:
        for value in values:
            await producer.send_and_wait(topic, value.encode())


async def read(kafka: str, topic: str) -> list[str]:
    """Return every committed value in the topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed", auto_offset_reset="earliest")
    partition = TopicPartition(topic, 0)
    async with consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        values: list[str] = []
        while await consumer.position(partition) < end:
            batch = await consumer.getmany(timeout_ms=200)
            values += [record.value.decode() for record in batch.get(partition, [])]
        return values


async def send_aborted_and_committed(kafka: str, topic: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=topic) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"aborted")
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed")


def test_kafka_gives_back_what_it_was_given(servers: Servers, name: str) -> None:
    asyncio.run(create_topic(servers.kafka, name))
    asyncio.run(send(servers.kafka, name, LINE, "第二条"))
    assert asyncio.run(read(servers.kafka, name)) == [LINE, "第二条"]


def test_kafka_shows_only_what_a_transaction_committed(servers: Servers, name: str) -> None:
    asyncio.run(create_topic(servers.kafka, name))
    asyncio.run(send_aborted_and_committed(servers.kafka, name))
    assert asyncio.run(read(servers.kafka, name)) == ["committed"]


def test_elasticsearch_finds_what_was_indexed(servers: Servers, name: str) -> None:
    with Elasticsearch(servers.elasticsearch) as client:
        assert client.cluster.health()["status"] in {"green", "yellow"}
        client.indices.create(index=name, settings={"number_of_replicas": 0})
        client.index(index=name, id="1", document={"line": LINE}, refresh=True)
        hits = client.search(index=name, query={"match_phrase": {"line": "渔港"}})["hits"]["hits"]
        client.indices.delete(index=name)
    assert [hit["_source"] for hit in hits] == [{"line": LINE}]


def test_elasticsearch_makes_no_index_unasked(servers: Servers, name: str) -> None:
    with Elasticsearch(servers.elasticsearch) as client, pytest.raises(NotFoundError):
        client.index(index=name, document={"line": LINE})


@contextmanager
def foreground(home: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Run `python -m services.local` and give the process and both addresses once it has printed them."""
    arguments = ("--home", str(home), "--kafka-port", "0", "--elasticsearch-port", "0")
    with subprocess.Popen(
        [sys.executable, "-m", "services.local", *arguments], stdout=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout is not None
            said = run.stdout.readline()
            found = re.fullmatch(r"export BROADSHEET_KAFKA=(\S+) BROADSHEET_ELASTICSEARCH=(\S+)\n", said)
            assert found, f"not the addresses: {said!r}"
            yield run, found[1], found[2]
        finally:
            run.kill()


def test_a_killed_run_hinders_nothing_and_loses_nothing_and_ctrl_c_ends_the_next_with_success(name: str) -> None:
    with temporary_home() as home:
        with foreground(home) as (run, kafka, elasticsearch):
            asyncio.run(create_topic(kafka, name))
            asyncio.run(send(kafka, name, LINE))
            with Elasticsearch(elasticsearch) as client:
                client.indices.create(index=name, settings={"number_of_replicas": 0})
                client.index(index=name, id="1", document={"line": LINE})
            run.send_signal(signal.SIGKILL)
        with foreground(home) as (run, kafka, elasticsearch):
            assert asyncio.run(read(kafka, name)) == [LINE]
            with Elasticsearch(elasticsearch) as client:
                assert client.get(index=name, id="1")["_source"] == {"line": LINE}
            with pytest.raises(HomeBusy):
                LocalStack(home, kafka_port=0, elasticsearch_port=0).start()
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 0
        HomeLock(home).release()


@pytest.mark.timeout(900)
def test_a_server_that_ends_by_itself_is_named_and_started_again_with_its_data(name: str) -> None:
    with temporary_home() as home, LocalStack(home, kafka_port=0, elasticsearch_port=0) as stack:
        asyncio.run(create_topic(stack.kafka, name))
        asyncio.run(send(stack.kafka, name, LINE))
        assert stack.tend() == []
        for process_id in stack.process_ids:
            os.killpg(process_id, signal.SIGKILL)
        said: list[str] = []
        wait_until(lambda: bool(said.extend(stack.tend())) or len(said) == 2, "both to be found ended")
        assert {line.partition(" ")[0] for line in said} == {"Kafka", "Elasticsearch"}
        assert all(line.endswith("ended with signal SIGKILL") for line in said)

        def both_answer() -> bool:
            stack.tend()
            with Elasticsearch(stack.elasticsearch) as client, contextlib.suppress(Exception):
                client.cluster.health()
                return asyncio.run(read(stack.kafka, name)) == [LINE]
            return False

        wait_until(both_answer, "both to answer again", 150)
