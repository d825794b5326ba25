"""The cost and the safety of delivery: `python -m benchmarks.delivery`, or `make bench-delivery`.

In one run, interleaved, medians of three: the CPU time per message of a stage of ours that passes messages on, against
a plain aiokafka loop and a stock Faust agent. Then each is killed in the middle (SIGKILL) and started again, and a
read_committed reader counts what was lost or doubled. The exit code is 1 when ours is out of bounds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewTopic
from pydantic_core import to_json
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.contestants import BATCH_RECORDS, CONTESTANTS, Job
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.kafka.admin import Admin, group_offsets
from services.runtime.kafka.connection import connection
from services.runtime.kafka.topics import ensure_topics
from services.runtime.settings import Settings, load_settings
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20230804
ROUNDS = 3
BOUND = 1.7
"""A stage may take this many times the CPU of the plain loop, which promises less and writes no headers."""
PARTITIONS = 4
VALUE_BYTES = 2048
DEADLINE_SECONDS = 120
KILL_AFTER_SHARE = 0.4
CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
)


@dataclass(slots=True)
class Result:
    """The measurements of one contestant."""

    cpu_us: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0


def messages(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield `count` keys and values of about 2 KB of JSON, the same each time."""
    random_text = random.Random(SEED)  # noqa: S311  # test data
    for number in range(count):
        head = {"id": number, "paper": "渔港日报", "date": "2023-08-04", "revision": 1}
        room = VALUE_BYTES - len(to_json({**head, "text": ""}))
        text = "".join(random_text.choices(CHARACTERS, k=room // 3))
        yield f"{number:08d}".encode(), to_json({**head, "text": text})


@contextmanager
def servers(console: Console) -> Iterator[str]:
    """Yield the address of the Kafka in BROADSHEET_KAFKA, or else of embedded servers that end with the run."""
    configured = os.environ.get("BROADSHEET_KAFKA")
    if configured:
        yield configured
        return
    with temporary_home() as home, TerminalProgress(console) as progress:
        stack = LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress)
        with stack:
            yield stack.kafka


async def fill(settings: Settings, count: int, progress: Progress) -> None:
    """Write the messages to the raw topic."""
    await ensure_topics(settings)
    task = progress.add_task("Writing messages", total=count)
    async with AIOKafkaProducer(**connection(settings), linger_ms=20, max_batch_size=2**20) as producer:
        waiting = []
        for key, value in messages(count):
            waiting.append(await producer.send(settings.names.raw, value, key=key))
            if len(waiting) == BATCH_RECORDS:
                for future in waiting:
                    await future
                progress.advance(task, len(waiting))
                waiting.clear()
        for future in waiting:
            await future
        progress.advance(task, len(waiting))


async def create_topic(settings: Settings, topic: str) -> None:
    """Create a topic for output."""
    admin = Admin(**connection(settings))
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    finally:
        await admin.close()


async def wait_until_written(settings: Settings, topic: str, count: int, process: subprocess.Popen[str]) -> None:
    """Return once the worker has let its topic grow to `count` records; transaction markers count too."""
    consumer = AIOKafkaConsumer(**connection(settings))
    parts = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    async with consumer, asyncio.timeout(DEADLINE_SECONDS):
        while sum((await consumer.end_offsets(parts)).values()) < count:
            check_runs(process)
            await asyncio.sleep(0.01)


async def wait_until_committed(settings: Settings, group: str, process: subprocess.Popen[str]) -> None:
    """Return once the group has committed all that is in the raw topic."""
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings))
    parts = [TopicPartition(settings.names.raw, partition) for partition in range(PARTITIONS)]
    async with consumer, asyncio.timeout(DEADLINE_SECONDS):
        ends = await consumer.end_offsets(parts)
        await admin.start()
        try:
            while True:
                offsets = await group_offsets(admin, group)
                if all(offsets.get(part, 0) >= end for part, end in ends.items() if end):
                    return
                check_runs(process)
                await asyncio.sleep(0.1)
        finally:
            await admin.close()


def check_runs(process: subprocess.Popen[str]) -> None:
    """Raise RuntimeError if the worker has ended."""
    if process.poll() is not None:
        raise RuntimeError(f"a worker ended early, with code {process.returncode}")


async def count_keys(settings: Settings, topic: str) -> Counter[bytes]:
    """Return how often a read_committed reader sees each key, once no transaction of a killed worker is left open."""
    parts = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    seen: Counter[bytes] = Counter()
    everything = AIOKafkaConsumer(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings), isolation_level="read_committed", auto_offset_reset="earliest")
    async with everything, consumer, asyncio.timeout(DEADLINE_SECONDS):
        consumer.assign(parts)
        ends = await everything.end_offsets(parts)
        for part in parts:
            while await consumer.position(part) < ends[part]:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    seen.update(record.key for record in records)
    return seen


@contextmanager
def worker(settings: Settings, name: str, group: str, output: str, count: int) -> Iterator[subprocess.Popen[str]]:
    """Run a contestant in a process of its own, and terminate it at the end."""
    environment = {
        **os.environ,
        "BROADSHEET_KAFKA": settings.kafka_address,
        "BROADSHEET_PREFIX": settings.prefix,
        "BROADSHEET_PARTITIONS": str(settings.partitions),
        "BROADSHEET_SESSION_TIMEOUT": str(settings.session_timeout),
        "BROADSHEET_BATCH_RECORDS": str(BATCH_RECORDS),
        "BROADSHEET_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "benchmarks.delivery", "--messages", str(count), "--worker", name]
    with subprocess.Popen(
        [*command, group, output], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def measure(settings: Settings, name: str, number: int, count: int, result: Result) -> None:
    """Let a contestant handle all messages once."""
    group, output = f"{name}-{number}", f"{settings.prefix}out.{name}.{number}"
    asyncio.run(create_topic(settings, output))
    with worker(settings, name, group, output, count) as process:
        assert process.stdout is not None
        overdue = threading.Timer(DEADLINE_SECONDS, process.kill)
        overdue.start()
        line = process.stdout.readline()
        overdue.cancel()
        if not line:
            raise RuntimeError(f"{name} did not handle {count:,} messages in {DEADLINE_SECONDS} s")
        measured = json.loads(line)
    result.cpu_us.append(measured["cpu_us"])
    result.rate.append(measured["rate"])


def kill(settings: Settings, name: str, count: int, result: Result) -> None:
    """Kill a contestant in the middle, start it again, and count what a reader sees once all is committed."""
    group, output = f"{name}-killed", f"{settings.prefix}out.{name}.killed"
    asyncio.run(create_topic(settings, output))
    with worker(settings, name, group, output, count) as process:
        asyncio.run(wait_until_written(settings, output, int(count * KILL_AFTER_SHARE), process))
        process.kill()
    with worker(settings, name, group, output, count) as process:
        asyncio.run(wait_until_committed(settings, settings.names.group(group), process))
    seen = asyncio.run(count_keys(settings, output))
    result.lost = sum(key not in seen for key, _ in messages(count))
    result.doubled = sum(times - 1 for times in seen.values())


def table(results: dict[str, Result], count: int) -> Table:
    """Return the results as a table."""
    plain = statistics.median(results["aiokafka"].cpu_us)
    shown = Table(
        title=f"Passing on {count:,} messages of {VALUE_BYTES // 1024} KB: medians of {ROUNDS}, and one SIGKILL",
        caption="CPU time per message, user and system, of the worker's process",
    )
    for heading in ("", "CPU µs", "ratio", "messages/s", "lost", "doubled"):
        shown.add_column(heading, justify="right" if heading else "left")
    labels = {"ours": "a stage of ours", "aiokafka": "plain aiokafka loop", "faust": "stock Faust agent"}
    for name, result in results.items():
        cpu = statistics.median(result.cpu_us)
        cells = (f"{cpu:.1f}", f"{cpu / plain:.2f}", f"{statistics.median(result.rate):,.0f}")
        shown.add_row(labels[name], *cells, f"{result.lost:,}", f"{result.doubled:,}")
    return shown


def compare(count: int, console: Console) -> int:
    """Run the whole comparison, print the table, and return the exit code."""
    with servers(console) as kafka:
        prefix = f"bench{int(time.time())}."
        settings = load_settings(kafka=kafka, prefix=prefix, partitions=PARTITIONS, session_timeout=6)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        results = {name: Result() for name in CONTESTANTS}
        with Progress(*columns, console=console, transient=True) as progress:
            asyncio.run(fill(settings, count, progress))
            task = progress.add_task("", total=(ROUNDS + 1) * len(CONTESTANTS))
            for number in range(ROUNDS):
                for name, result in results.items():
                    progress.update(task, description=f"Measuring {name}, round {number + 1}")
                    measure(settings, name, number, count, result)
                    progress.advance(task)
            for name, result in results.items():
                progress.update(task, description=f"Killing {name} in the middle")
                kill(settings, name, count, result)
                progress.advance(task)
    console.print(table(results, count))
    ours = results["ours"]
    ratio = statistics.median(ours.cpu_us) / statistics.median(results["aiokafka"].cpu_us)
    good = ratio <= BOUND and not ours.lost and not ours.doubled
    verdict = "[green]within bounds[/green]" if good else "[red]out of bounds[/red]"
    console.print(
        f"Ours: {ratio:.2f} times the plain loop (bound {BOUND}), {ours.lost} lost, {ours.doubled} doubled: {verdict}."
    )
    return 0 if good else 1


def main(
    count: Annotated[int, typer.Option("--messages", min=5_000, help="How many messages each run handles.")] = 30_000,
    worker: Annotated[tuple[str, str, str] | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure the cost and the safety of delivery."""
    if worker is not None:
        name, group, output = worker
        raise typer.Exit(CONTESTANTS[name](Job(load_settings(), group, output, count)))
    raise typer.Exit(compare(count, Console()))


if __name__ == "__main__":
    typer.run(main)
