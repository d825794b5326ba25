"""Sending corrections: safe when it returns, and whoever waits is told in time that Kafka is away."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from schemas.contract import decode
from schemas.correction import Correction
from services.local.ports import HOST
from services.runtime.errors import Unavailable
from services.runtime.kafka.corrections import CorrectionSender, new_correction
from tests.kafka import new_installation, read_all

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

ARTICLE = "渔港日报/2023-08-04/5f0c2a9e41d7"
PATIENCE = 2.0


def correction(number: int) -> Correction:
    return new_correction(ARTICLE, {"change": "headline", "headline": f"第{number}题"}, "周敏", f"{number:032x}")


def sent(settings: Settings) -> list[str]:
    records = read_all(settings, settings.names.corrections)
    assert {record.key for record in records} <= {"渔港日报/2023-08-04".encode()}
    return sorted(decode(Correction, record.value).correction_id for record in records)


@asynccontextmanager
async def forwarding(port: int, target: str) -> AsyncIterator[None]:
    """Pass every connection to a port of this machine on to `target`."""
    host, _, target_port = target.rpartition(":")

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(target_port))
        await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)

    async with await asyncio.start_server(forward, HOST, port):
        yield


async def unused_port() -> int:
    async with await asyncio.start_server(lambda *_: None, HOST, 0) as server:
        port: int = server.sockets[0].getsockname()[1]
    return port


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listen until the other side hangs up."""
    try:
        await reader.read(-1)
    finally:
        writer.close()


def test_several_at_once_are_all_safe_and_share_one_connection(servers: Servers) -> None:
    settings = new_installation(servers)

    async def send() -> None:
        sender = CorrectionSender(settings)
        await asyncio.gather(*(sender.send(correction(number)) for number in range(5)))
        await sender.stop()
        await sender.stop()

    asyncio.run(send())
    assert sent(settings) == [f"{number:032x}" for number in range(5)]


def test_once_kafka_is_back_the_next_correction_goes(servers: Servers) -> None:
    settings = new_installation(servers)

    async def send() -> None:
        port = await unused_port()
        sender = CorrectionSender(settings.model_copy(update={"kafka": f"{HOST}:{port}"}), PATIENCE)
        with pytest.raises(Unavailable, match=str(port)):
            await sender.send(correction(1))
        async with forwarding(port, servers.kafka):
            await sender.send(correction(2))
            await sender.stop()

    asyncio.run(send())
    assert sent(settings) == [f"{2:032x}"]


def test_whoever_waits_for_a_server_that_says_nothing_is_told_in_time(servers: Servers) -> None:
    settings = new_installation(servers)

    async def send() -> float:
        async with await asyncio.start_server(say_nothing, HOST, 0) as silent:
            address = f"{HOST}:{silent.sockets[0].getsockname()[1]}"
            sender = CorrectionSender(settings.model_copy(update={"kafka": address}), PATIENCE)
            started = time.monotonic()
            with pytest.raises(Unavailable):
                await sender.send(correction(1))
            waited = time.monotonic() - started
            await sender.stop()
        return waited

    assert asyncio.run(send()) < PATIENCE * 4
