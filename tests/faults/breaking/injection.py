"""Apply a plan's faults to the servers, the links to them, the workers and the index."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING, cast

from elastic_transport import TransportError
from elasticsearch import ApiError

from services.index.names import KINDS, Names
from tests.faults.breaking.plan import SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.breaking.plan import Fault
    from tests.faults.breaking.steps import Place, Step
    from tests.faults.servers.elasticsearch_proxy import Trouble
    from tests.faults.servers.installation import Installation
    from tests.faults.servers.site import Restartable

TRY_AGAIN_SECONDS = 0.3


async def do(fault: Fault, to: Installation) -> None:
    """Start a fault, and return when it has ended."""
    if fault.step is not None:
        await _at_step(fault, fault.step, to)
    elif fault.kind.startswith("worker"):
        await _to_worker(fault, to)
    elif fault.kind.startswith("Kafka"):
        await _to_kafka(fault, to)
    elif fault.kind == "rewind":
        await to.rewind(fault.number, fault.seconds)
    elif fault.kind == "retag":
        await to.retag(fault.number, fault.seconds)
    elif fault.kind == "replay":
        await to.operate(("quarantine", "replay", "--all"), fault.number, fault.seconds)
    elif fault.kind == "rebuild":
        async with to.operator:
            await to.operate(("rebuild",), fault.number, fault.seconds)
    else:
        await _to_elasticsearch(fault, to)


async def _at_step(fault: Fault, step: Step, to: Installation) -> None:
    ends: list[asyncio.Task[None]] = []

    async def strike(place: Place) -> bool:
        worker = to.fleet.workers[place]
        match fault.kind:
            case "worker killed at a step":
                worker.send(signal.SIGKILL)
                ends.append(asyncio.create_task(to.fleet.kill(*place, fault.seconds)))
                return False
            case "worker frozen at a step":
                await to.fleet.freeze(*place, fault.seconds)
                return True
            case _:
                return False

    await to.traps.spring(step, strike)
    await asyncio.gather(*ends)


async def _to_worker(fault: Fault, to: Installation) -> None:
    victim = (fault.stage, fault.number, fault.seconds)
    match fault.kind:
        case "worker killed":
            await to.fleet.kill(*victim)
        case "worker stopped":
            await to.fleet.stop_one(*victim)
        case "worker added":
            await to.fleet.add(fault.stage, fault.seconds)
        case _:
            await to.fleet.freeze(*victim)


async def _to_kafka(fault: Fault, to: Installation) -> None:
    side = [link for (_, number), link in to.links.items() if number % SIDES == fault.number % SIDES]
    match fault.kind:
        case "Kafka stopped":
            await _restart(to.site.kafka, signal.SIGTERM, fault.seconds)
        case "Kafka killed":
            await _restart(to.site.kafka, signal.SIGKILL, fault.seconds)
        case "Kafka link cut":
            await _during([link.cut() for link in side], fault.seconds)
        case _:
            await _during([link.silent() for link in side], fault.seconds)


async def _to_elasticsearch(fault: Fault, to: Installation) -> None:
    match fault.kind:
        case "Elasticsearch stopped":
            await _restart(to.site.elasticsearch, signal.SIGTERM, fault.seconds)
        case "Elasticsearch killed":
            await _restart(to.site.elasticsearch, signal.SIGKILL, fault.seconds)
        case "Elasticsearch full":
            await _fill(to, fault.seconds)
        case _:
            kind = cast("Trouble", fault.kind.removeprefix("Elasticsearch "))
            await _during([to.proxy.trouble(kind)], fault.seconds)


async def _during(troubles: Sequence[contextlib.AbstractContextManager[None]], seconds: float) -> None:
    with contextlib.ExitStack() as stack:
        for trouble in troubles:
            stack.enter_context(trouble)
        await asyncio.sleep(seconds)


async def _restart(server: Restartable | None, how: signal.Signals, seconds: float) -> None:
    assert server is not None, "lent servers are not restarted"
    async with server.in_use:
        await server.end(how)
        await asyncio.sleep(seconds)
        await server.start()


async def _fill(to: Installation, seconds: float) -> None:
    """Set the block that Elasticsearch sets on indices when its disk is full, and lift it again."""
    async with to.full:
        await _block(to, blocked=True)
        await asyncio.sleep(seconds)
        await _block(to, blocked=None)


async def _block(to: Installation, *, blocked: bool | None) -> None:
    indices = [to.settings.names.state_index, *(Names(to.settings.prefix, kind).every_version for kind in KINDS)]
    while True:
        # Elasticsearch may be down now because of another fault.
        with contextlib.suppress(ApiError, TransportError):
            await to.client.indices.put_settings(
                index=indices, settings={"index.blocks.read_only_allow_delete": blocked}
            )
            return
        await asyncio.sleep(TRY_AGAIN_SECONDS)
