"""Delivery: whatever happens to a worker, a read_committed reader sees each output exactly once."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import ProducerFenced

from services.runtime.kafka.connection import connection
from services.runtime.messages.quarantine import original_headers, read_quarantined
from services.runtime.messages.records import Record
from services.runtime.stage import EXIT_CRASHED
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until, written
from tests.workers import Worker, running

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"
STOP_SECONDS = 5


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return new_installation(servers)


def wait_until_delivered(settings: Settings, *workers: Worker) -> None:
    wait_until(
        lambda: all(worker.runs() for worker in workers) and remaining(settings, "relay", settings.names.raw) == 0,
        "every record to be committed",
    )


def wait_until_written(settings: Settings, count: int) -> None:
    wait_until(lambda: written(settings, settings.names.issues) >= count, f"{count} outputs")


def assert_each_once(settings: Settings, records: list[Record]) -> list[Record]:
    outputs = read_all(settings, settings.names.issues)
    assert Counter(each.key for each in outputs) == Counter(each.key for each in records)
    return outputs


def in_small_batches(settings: Settings, records: int = 40) -> Settings:
    return settings.model_copy(update={"batch_records": records})


def test_a_bad_record_is_quarantined_whole_and_the_stream_goes_on(settings: Settings) -> None:
    junk = Record("", 1, 0, 1_691_100_000_005, b"bad", b"\xff\x00\xfe", (("a", b"\x80"), ("a", b"2")))
    nothing = Record("", 2, 0, 1_691_100_000_006, None, None)
    good = numbered(20)
    publish(settings, settings.names.raw, [*good[:10], junk, nothing, *good[10:]])
    with running(settings, RELAY) as worker:
        wait_until_delivered(settings, worker)
    assert_each_once(settings, good)
    found = sorted(read_all(settings, settings.names.quarantine), key=lambda each: read_quarantined(each).partition)
    assert [(each.key, each.value, original_headers(each.headers)[:2]) for each in found] == [
        (b"bad", b"\xff\x00\xfe", junk.headers),
        (None, None, found[1].headers[-1:]),
    ]
    told = read_quarantined(found[0])
    assert (told.stage, told.error, told.attempt, told.topic) == ("relay", "a bad record", 1, settings.names.raw)
    assert (told.partition, told.timestamp) == (1, junk.timestamp)


def test_sigterm_in_the_middle_ends_soon_with_success_and_loses_nothing(settings: Settings) -> None:
    records = numbered(800)
    publish(settings, settings.names.raw, records)
    small = in_small_batches(settings)
    with running(small, RELAY, "0.1") as worker:
        wait_until_written(settings, 100)
        asked = time.monotonic()
        worker.process.terminate()
        assert worker.process.wait(30) == 0
        assert time.monotonic() - asked < STOP_SECONDS
    assert 0 < remaining(settings, "relay", settings.names.raw) < len(records)
    with running(settings, RELAY) as worker:
        wait_until_delivered(settings, worker)
    assert_each_once(settings, records)


def test_after_sigkill_and_a_restart_each_output_is_there_once(settings: Settings) -> None:
    records = numbered(800)
    publish(settings, settings.names.raw, records)
    with running(in_small_batches(settings), RELAY, "0.05") as worker:
        wait_until_written(settings, 200)
        worker.process.send_signal(signal.SIGKILL)
    with running(settings, RELAY) as worker:
        wait_until_delivered(settings, worker)
    assert_each_once(settings, records)


def slow(count: int) -> list[Record]:
    return [replace(record, key=b"slow", value=record.key, partition=0) for record in numbered(count)]


def test_a_batch_that_takes_longer_than_the_session_keeps_its_place_in_the_group(settings: Settings) -> None:
    records = slow(80)
    publish(settings, settings.names.raw, records)
    with running(settings, RELAY) as worker:
        wait_until_delivered(settings, worker)
        assert worker.log.read_text("utf-8").count("partitions assigned") == 1
    outputs = read_all(settings, settings.names.issues)
    assert [each.value for each in outputs] == [each.value for each in records]


def test_a_long_batch_is_let_go_when_the_worker_is_told_to_end(settings: Settings) -> None:
    publish(settings, settings.names.raw, slow(400))
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.said("partitions assigned"), "the worker to begin")
        asked = time.monotonic()
        worker.process.terminate()
        assert worker.process.wait(60) == 0
        assert time.monotonic() - asked < STOP_SECONDS
    assert remaining(settings, "relay", settings.names.raw) == 400


def test_a_worker_that_was_frozen_does_not_do_again_what_another_did_meanwhile(settings: Settings) -> None:
    records = numbered(200)
    publish(settings, settings.names.raw, records)
    with running(settings, RELAY, "1.5") as frozen:
        wait_until(lambda: frozen.said("batch begins"), "the worker to have a batch in hand")
        frozen.process.send_signal(signal.SIGSTOP)
        with running(settings, RELAY) as other:
            wait_until_delivered(settings, other)
            frozen.process.send_signal(signal.SIGCONT)
            wait_until(lambda: frozen.said("partitions revoked"), "the frozen worker to see that it was left out")
            frozen.process.terminate()
            assert frozen.process.wait(30) == 0
    assert_each_once(settings, records)


async def transaction_left_open(settings: Settings, output: Record) -> AIOKafkaProducer:
    """Do what a worker has done that dies, or falls silent, in the middle of its transaction over partition 0."""
    part, group = TopicPartition(settings.names.raw, 0), settings.names.group("relay")
    async with AIOKafkaConsumer(**connection(settings), group_id=group, enable_auto_commit=False) as consumer:
        consumer.assign([part])
        await consumer.commit({part: (0, f"{group}-dead")})
    producer = AIOKafkaProducer(**connection(settings), transactional_id=f"{group}-dead")
    await producer.start()
    await producer.begin_transaction()
    await producer.send_and_wait(settings.names.issues, output.value, output.key, partition=0)
    await producer.send_offsets_to_transaction({part: 1}, group)
    return producer


async def end(producer: AIOKafkaProducer) -> None:
    try:
        await producer.commit_transaction()
    finally:
        await producer.stop()


def test_a_transaction_that_a_dead_worker_left_open_is_ended_by_who_takes_over(settings: Settings) -> None:
    records = numbered(40)
    publish(settings, settings.names.raw, records)
    with asyncio.Runner() as runner:
        dead = runner.run(transaction_left_open(settings, records[0]))
        with running(settings, RELAY) as worker:
            wait_until(lambda: worker.said("a transaction left open was ended"), "the worker to take over")
            with pytest.raises(ProducerFenced):
                runner.run(end(dead))
            wait_until_delivered(settings, worker)
    assert_each_once(settings, records)


def test_an_unforeseen_error_ends_the_worker_with_nothing_committed(settings: Settings) -> None:
    records = [*numbered(5), Record("", 0, 0, 1_691_100_000_999, b"break", b"x")]
    publish(settings, settings.names.raw, records)
    with running(settings, RELAY) as worker:
        assert worker.process.wait(60) == EXIT_CRASHED
        assert "a fault that nobody foresaw" in worker.log.read_text("utf-8")
    delivered = {each.key for each in read_all(settings, settings.names.issues)}
    assert b"break" not in delivered
    assert b"000000" not in delivered or remaining(settings, "relay", settings.names.raw) < len(records)
    assert remaining(settings, "relay", settings.names.raw) == len(records) - len(delivered)


class Newsroom:
    """Publishes without pause until it is closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._publish)
        self.records: list[Record] = []
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _publish(self) -> None:
        while not self._closed.wait(0.2):
            records = numbered(60, first=len(self.records))
            publish(self._settings, self._settings.names.raw, records)
            self.records += records


def test_workers_that_come_and_go_share_the_partitions_and_double_nothing(settings: Settings) -> None:
    small = in_small_batches(settings)
    newsroom = Newsroom(settings)
    try:
        with running(small, RELAY, "0.1") as first, running(small, RELAY, "0.1") as second:
            wait_until(
                lambda: first.said('"partitions":2') and second.said('"partitions":2'), "both workers to have a share"
            )
            wait_until_written(settings, written(settings, settings.names.issues) + 200)
            first.process.terminate()
            assert first.process.wait(30) == 0
            wait_until(lambda: second.said('"partitions":4'), "the second worker to take over")
            newsroom.close()
            wait_until_delivered(settings, second)
    finally:
        newsroom.close()
    outputs = assert_each_once(settings, newsroom.records)
    assert len({each.headers for each in outputs}) == 2
