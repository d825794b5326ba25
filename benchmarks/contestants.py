"""The loops that are compared, each run in a process of its own: ours, plain aiokafka, and a stock Faust agent.

All read the same messages from the same topic, decode, change and encode them in the same way, and write them to a
topic. Each prints one line of JSON when it has handled all messages, and continues until it is terminated.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic_core import from_json, to_json

from schemas.contracts.valid import EXAMPLES
from services.runtime.delivery.clients import PRODUCER_BATCH_BYTES
from services.runtime.kafka.connection import connection
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Batch, Emission
from services.runtime.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from faust.types import StreamT

    from services.runtime.settings import Settings

BATCH_RECORDS = 500
MESSAGE: Any = EXAMPLES["articles"][0]
"""Its headers are those of every message."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker does: `messages` from the raw topic to the topic `output`, as a member of `group`."""

    settings: Settings
    group: str
    output: str
    messages: int


def change(value: bytes) -> bytes:
    """Decode a message, change it, and encode it again."""
    message = from_json(value)
    message["revision"] += 1
    return to_json(message)


class Meter:
    """Counts messages, and measures the process's CPU time (user and system) and elapsed time since the first."""

    def __init__(self, messages: int) -> None:
        self._expected = messages
        self._seen = 0
        self._first: tuple[float, float] | None = None
        self._first_seen = 0
        self._done = False

    def batch(self, size: int) -> None:
        """Mark the start of a batch; all batches before it are done."""
        if self._first is None:
            self._first = self._now()
        elif self._seen + size >= self._expected and not self._done:
            self._done = True
            cpu, clock = self._now()
            measured = {
                "cpu_us": (cpu - self._first[0]) / self._seen * 1e6,
                "rate": self._seen / (clock - self._first[1]),
            }
            sys.stdout.write(json.dumps(measured) + "\n")
            sys.stdout.flush()
        self._seen += size

    @staticmethod
    def _now() -> tuple[float, float]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime, time.perf_counter()


def run_ours(job: Job) -> int:
    """Run a stage of ours that passes every message on."""
    stage = Stage(job.group, job.settings, [job.settings.names.raw])
    meter = Meter(job.messages)

    async def handle(batch: Batch) -> None:
        meter.batch(len(batch.records))
        for record in batch.records:
            with batch.attempt(record):
                value = change(record.value or b"")
                event_id = (record.key or b"").decode()
                headers = event_headers(record, source=job.group, message=MESSAGE, event_id=event_id)
                batch.emissions.append(Emission(job.output, record.key, value, headers, record.timestamp))

    return stage.run(handle)


def run_aiokafka(job: Job) -> int:
    """Run the plain loop: take a batch, send each message, wait until all are written, commit."""
    with suppress(asyncio.CancelledError):
        asyncio.run(_plain_loop(job))
    return 0


async def _plain_loop(job: Job) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    consumer = AIOKafkaConsumer(
        job.settings.names.raw,
        **connection(job.settings),
        group_id=job.settings.names.group(job.group),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=int(job.settings.session_timeout * 1000),
    )
    # With its default of 16 KB, the plain loop would need a request for every eight messages.
    producer = AIOKafkaProducer(**connection(job.settings), max_batch_size=PRODUCER_BATCH_BYTES)
    meter = Meter(job.messages)
    async with consumer, producer:
        while True:
            taken = await consumer.getmany(timeout_ms=200, max_records=BATCH_RECORDS)
            sent = []
            if taken:
                meter.batch(sum(len(records) for records in taken.values()))
            for records in taken.values():
                sent += [await producer.send(job.output, change(record.value), key=record.key) for record in records]
            for future in sent:
                await future
            if taken:
                await consumer.commit()


def run_faust(job: Job) -> int:
    """Run an agent as Faust's own guide writes it: one message at a time, raw bytes in and out."""
    app = faust.App(
        job.settings.names.group(job.group),
        broker=f"kafka://{job.settings.kafka_address}",
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=job.settings.session_timeout,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
    )
    incoming = app.topic(job.settings.names.raw, key_type=bytes, value_type=bytes, value_serializer="raw")
    outgoing = app.topic(job.output, key_type=bytes, value_type=bytes, value_serializer="raw")
    meter = Meter(job.messages)

    async def agent(messages: StreamT[bytes]) -> None:
        waiting = 0
        async for key, value in messages.items():
            if not waiting:
                meter.batch(waiting := BATCH_RECORDS)
            waiting -= 1
            await outgoing.send(key=key, value=change(value))

    app.agent(incoming, name="stock")(agent)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    worker = faust.Worker(app, loop=loop, loglevel="info", quiet=True, redirect_stdouts=False, stdout=io.StringIO())
    with suppress(SystemExit):
        worker.execute_from_commandline()
    return 0


CONTESTANTS: dict[str, Callable[[Job], int]] = {
    "ours": run_ours,
    "aiokafka": run_aiokafka,
    "faust": run_faust,
}
