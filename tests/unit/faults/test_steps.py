"""Striking a worker at a step of a delivery: what goes by is known by its name, and stopped at the right side of it."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from tests.faults.breaking.plan import POINTS, POINTS_IN_A_SEED, STRUCK, plan, points, short_plan
from tests.faults.breaking.steps import EVERY, REQUESTS, Step, Traps
from tests.faults.servers.kafka_link import HOST, KafkaLink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.faults.breaking.steps import Place

END_TXN, METADATA = 26, 3
TAGGER = ("tag", 1)


def frame(key: int, correlation: int) -> bytes:
    body = struct.pack(">hhih", key, 1, correlation, -1) + b"..."
    return struct.pack(">i", len(body)) + body


def answer(correlation: int) -> bytes:
    return struct.pack(">ii", 6, correlation) + b"ok"


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[KafkaLink, Traps, list[int]]]:
    """Give a link to what answers each request as Kafka frames it, the traps, and the api keys that come through."""
    came: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readexactly(4):
                key, _, correlation = struct.unpack_from(">hhi", await reader.readexactly(int.from_bytes(head)))
                came.append(key)
                writer.write(answer(correlation))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    traps = Traps()
    server = await asyncio.start_server(serve, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    async with server, KafkaLink(port, passing=partial(traps.passing, TAGGER)) as link, asyncio.timeout(20):
        yield link, traps, came


async def asked(link: KafkaLink, *keys: int) -> list[bool]:
    """Send requests on one connection; tell for each whether it was answered."""
    reader, writer = await asyncio.open_connection(HOST, link.port)
    answered = []
    for correlation, key in enumerate(keys):
        try:
            writer.write(frame(key, correlation))
            answered.append(await reader.readexactly(10) == answer(correlation))
        except (OSError, asyncio.IncompleteReadError):
            answered.append(False)
    writer.close()
    return answered


async def struck(step: Step, *keys: int, goes_on: bool) -> tuple[list[bool], list[int], list[Place]]:
    places: list[Place] = []

    async def strike(place: Place) -> bool:
        places.append(place)
        return goes_on

    async with linked() as (link, traps, came), asyncio.TaskGroup() as work:
        work.create_task(traps.spring(step, strike))
        await asyncio.sleep(0)
        answered = await asked(link, *keys)
        assert traps.sprung[step] == len(places)
        if not places:
            await traps.passing(TAGGER, step.request, step.moment)
        return answered, came, places


def test_before_a_request_the_server_never_hears_of_it() -> None:
    answered, came, places = asyncio.run(struck(Step("tag", "EndTxn", "before"), METADATA, END_TXN, goes_on=False))
    assert (answered, came, places) == ([True, False], [METADATA], [TAGGER])


def test_after_a_request_the_server_has_done_it_and_the_worker_does_not_know() -> None:
    answered, came, places = asyncio.run(struck(Step("tag", "EndTxn", "after"), METADATA, END_TXN, goes_on=False))
    assert (answered, came, places) == ([True, False], [METADATA, END_TXN], [TAGGER])


def test_what_is_only_held_up_goes_on_and_a_trap_strikes_once() -> None:
    answered, came, places = asyncio.run(struck(Step("tag", "EndTxn", "before"), END_TXN, END_TXN, goes_on=True))
    assert (answered, came, places) == ([True, True], [END_TXN, END_TXN], [TAGGER])


def test_another_stages_worker_passes_a_trap() -> None:
    answered, came, places = asyncio.run(struck(Step("index", "EndTxn", "before"), END_TXN, goes_on=False))
    assert (answered, came, places) == ([True], [END_TXN], [])


def test_every_step_is_struck_in_every_way_by_eighteen_seeds_in_a_row() -> None:
    assert len(EVERY) == sum(map(len, REQUESTS.values())) * 2
    assert Counter(POINTS) == {(kind, step): 1 for kind in STRUCK for step in EVERY}
    for first in (1, 40):
        seeds = range(first, first + -(-len(POINTS) // POINTS_IN_A_SEED))
        found = {point for seed in seeds for point in points(seed, POINTS_IN_A_SEED)}
        assert found == set(POINTS)
    planned = [(fault.kind, fault.step) for fault in plan(1, 34) if fault.step is not None]
    assert sorted(map(str, planned)) == sorted(map(str, points(1, POINTS_IN_A_SEED)))


def test_the_short_plan_strikes_every_stage_and_restarts_no_server() -> None:
    faults = short_plan()
    assert {fault.step.stage for fault in faults if fault.step is not None} == set(REQUESTS)
    assert not [fault for fault in faults if fault.kind.endswith((" stopped", " killed")) and fault.step is None]
