"""The servers of a run: a real Kafka and a real Elasticsearch that can be ended at any moment and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Self

from services.local import elasticsearch, kafka, places, ports
from services.local.artifacts import fetch, pinned
from services.local.lock import HomeLock
from services.local.maven import download
from services.local.places import Home
from services.local.process import Spawner
from services.local.progress import silent
from tests.faults.breaking.plan import LINKS
from tests.faults.servers.fleet import CONTEXT
from tests.faults.servers.kafka_link import KafkaLink
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from services.local.process import Command, Server

GONE_SECONDS = 40.0
NICENESS = 5
"""The workers come first."""


class Restartable:
    """A server that is ended and started again at the same address, with its data.

    Args:
        spawner: starts its process.
        command: how.
        is_ready: tells whether it answers.
        patience: seconds to wait until it does.
    """

    def __init__(self, spawner: Spawner, command: Command, is_ready: Callable[[], bool], patience: float) -> None:
        self._spawner = spawner
        self._command = command
        self._is_ready = is_ready
        self._patience = patience
        self._server: Server | None = None
        self.in_use = asyncio.Lock()
        """To be held by who ends and starts it, so that only one does."""

    async def start(self) -> None:
        """Start it, and return when it answers."""
        server = await asyncio.to_thread(self._spawner.start, self._command)
        self._server = server
        await asyncio.to_thread(server.wait_ready, self._is_ready, self._patience, threading.Event())

    async def end(self, how: signal.Signals) -> None:
        """Send a signal to all of its processes, and return when they are gone."""
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.process_id, how)
            await asyncio.to_thread(self._server.wait_gone, GONE_SECONDS)
            self._server = None


class Site:
    """Kafka, with some links to it, and Elasticsearch; an asynchronous context manager.

    Its `reckoner` is one process that works out what must be held; it remembers the pages it saw from seed to seed.
    """

    kafka: Restartable
    elasticsearch: Restartable
    links: tuple[KafkaLink, ...]

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            self.reckoner = stack.enter_context(
                ProcessPoolExecutor(1, mp_context=CONTEXT, initializer=os.nice, initargs=(NICENESS,))
            )
            home = Home(stack.enter_context(temporary_home()))
            lock = HomeLock(home.root)
            stack.callback(lock.release)
            spawner = Spawner(lock.inherited)
            stack.callback(spawner.close)
            self._ports = ports.choose(0, 0)
            inner = [ports.free(0) for _ in range(LINKS)]
            links = [await stack.enter_async_context(KafkaLink(port)) for port in inner]
            self.links = tuple(links)
            self.kafka = Restartable(
                spawner, self._kafka_command(home, inner), lambda: kafka.is_ready(self._ports), kafka.READY_SECONDS
            )
            self.elasticsearch = Restartable(
                spawner,
                self._elasticsearch_command(home),
                lambda: elasticsearch.is_ready(self._ports),
                elasticsearch.READY_SECONDS,
            )
            for each in (self.kafka, self.elasticsearch):
                stack.push_async_callback(each.end, signal.SIGTERM)
            await asyncio.gather(self.kafka.start(), self.elasticsearch.start())
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    @property
    def kafka_address(self) -> str:
        """Where Kafka is without a link between."""
        return f"{ports.HOST}:{self._ports.kafka}"

    @property
    def elasticsearch_address(self) -> str:
        """Where Elasticsearch is without a proxy between."""
        return f"http://{ports.HOST}:{self._ports.elasticsearch}"

    def link_address(self, number: int) -> str:
        """Return the address of Kafka behind a link."""
        return f"{ports.HOST}:{self.links[number].port}"

    def _kafka_command(self, home: Home, inner: Sequence[int]) -> Command:
        command = kafka.prepare(
            home, self._ports, java=places.java_home(places.server_user()), jars=_artifacts("jar"), heap="384m"
        )
        # One more listener for each link: Kafka tells its clients to come back by the way that they came.
        names = [f"LINK{number}" for number in range(len(inner))]
        own = f"PLAINTEXT://{self.kafka_address},CONTROLLER://{ports.HOST}:{self._ports.controller}"
        bound = [own, *(f"{name}://{ports.HOST}:{port}" for name, port in zip(names, inner, strict=True))]
        told = [own, *(f"{name}://{self.link_address(number)}" for number, name in enumerate(names))]
        protocols = ",".join(f"{name}:PLAINTEXT" for name in ("CONTROLLER", "PLAINTEXT", *names))
        with (home.kafka / "server.properties").open("a", encoding="ascii") as properties:
            properties.write(f"listeners={','.join(bound)}\nadvertised.listeners={','.join(told)}\n")
            properties.write(f"listener.security.protocol.map={protocols}\n")
        return command

    def _elasticsearch_command(self, home: Home) -> Command:
        user = places.server_user()
        return elasticsearch.prepare(
            home,
            self._ports,
            java=places.java_home(user),
            distribution=elasticsearch.unpack(_artifacts("zip")[0], places.cache_directory(), user),
            heap="512m",
            user=user,
        )


def _artifacts(packaging: str) -> list[Path]:
    wanted = [each for each in pinned() if each.packaging == packaging]
    return fetch(wanted, places.cache_directory(), download, silent, threading.Event())
