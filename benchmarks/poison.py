"""What a poison message costs the stream: `python -m benchmarks.poison`, or `make bench-poison`.

In each round, the same number of pages goes through the four stages on embedded servers twice: alone, and with a
message that cannot be processed behind each page, in its partition. The difference, divided by the number of these
messages, is the cost of one. The exit code is 1 if that is a second or more, or if one of them is not in quarantine.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
from aiokafka import AIOKafkaProducer
from elasticsearch import AsyncElasticsearch
from rich.console import Console

from benchmarks.newsroom import day, issue
from services.cli.correct.quarantine import read_held
from services.cli.operate.setup import create_everything
from services.index.names import Names
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.kafka.connection import connection
from services.runtime.messages.resolved import Selection
from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.servers import temporary_home
from tests.workers import running

if TYPE_CHECKING:
    from services.runtime.settings import Settings

ROUNDS = 3
POISON = b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"
"""The beginning of a picture: no text, and no JSON."""

DEADLINE_SECONDS = 300


async def pass_through(settings: Settings, client: AsyncElasticsearch, numbers: range, *, poisoned: bool) -> float:
    """Publish the issues with these numbers; return the seconds until all of them are searchable."""
    began = time.monotonic()
    async with AIOKafkaProducer(**connection(settings)) as producer:
        for number in numbers:
            issue_id, value = issue(number)
            await producer.send(settings.names.raw, value, key=issue_id.encode())
            if poisoned:
                await producer.send(settings.names.raw, POISON, key=issue_id.encode())
    query = {"range": {"date": {"gte": day(numbers.start).isoformat(), "lt": day(numbers.stop).isoformat()}}}
    index = Names(settings.prefix, "issues").read
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await client.count(index=index, query=query))["count"] < len(numbers):
            await client.indices.refresh(index=index)
    return time.monotonic() - began


async def measure(settings: Settings, pages: int, console: Console) -> int:
    """Measure, print, and return the exit code."""
    await create_everything(settings)
    with ExitStack() as stack:
        for stage in STAGES:
            stack.enter_context(running(settings, f"services.{stage}"))
        async with AsyncElasticsearch(settings.elasticsearch_address) as client:
            await pass_through(settings, client, range(pages), poisoned=False)
            costs = []
            for first in range(pages, pages + 2 * ROUNDS * pages, 2 * pages):
                plain, poisoned = range(first, first + pages), range(first + pages, first + 2 * pages)
                alone = await pass_through(settings, client, plain, poisoned=False)
                among = await pass_through(settings, client, poisoned, poisoned=True)
                costs.append((among - alone) / pages)
                console.print(f"{pages} pages: {alone:.2f} s alone, {among:.2f} s with as many poison messages")
    held = len(await read_held(settings, Selection()))
    cost = statistics.median(costs)
    console.print(f"A poison message costs {cost * 1000:.1f} ms (median of {ROUNDS}); {held} are in quarantine.")
    return 0 if cost < 1 and held == ROUNDS * pages else 1


def main(pages: Annotated[int, typer.Option(min=1, max=1000, help="How many pages go through at once.")] = 50) -> None:
    """Measure what a poison message costs."""
    console = Console()
    with (
        temporary_home() as home,
        TerminalProgress(console) as progress,
        LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress) as stack,
    ):
        servers = {"kafka": stack.kafka, "elasticsearch": stack.elasticsearch}
        settings = load_settings(**servers, prefix="poison.", partitions=4)
        raise typer.Exit(asyncio.run(measure(settings, pages, console)))


if __name__ == "__main__":
    typer.run(main)
