"""The servers of a run: a real Kafka and a real Elasticsearch that can be ended and restarted at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from services.local import elasticsearch, kafka, places, ports
from services.local.artifacts import fetch, pinned
from services.local.lock import HomeLock
from services.local.maven import download
from services.local.places import Home
from services.local.process import Spawner
from services.local.progress import silent
from tests.faults.breaking.plan import SIDES, WORKERS
from tests.faults.servers.fleet import CONTEXT, end_with_parent
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from services.local.process import Command, Server
    from tests.faults.breaking.steps import Place

GONE_SECONDS = 40.0


class Restartable:
    """A server that is ended and restarted at the same address with its data.

    Args:
        spawner: starts its process.
        command: the command that starts it.
        is_ready: tells whether it answers.
        patience: seconds to wait until it answers.
    """

    def __init__(self, spawner: Spawner, command: Command, is_ready: Callable[[], bool], patience: float) -> None:
        self._spawner = spawner
        self._command = command
        self._is_ready = is_ready
        self._patience = patience
        self._server: Server | None = None
        self.in_use = asyncio.Lock()
        """Whoever ends and starts the server must hold this, so that only one task does so at a time."""

    async def start(self) -> None:
        """Start the server, and return when it answers."""
        server = await asyncio.to_thread(self._spawner.start, self._command)
        self._server = server
        await asyncio.to_thread(server.wait_ready, self._is_ready, self._patience, threading.Event())

    async def end(self, how: signal.Signals) -> None:
        """Send a signal to all its processes, and return when they are gone."""
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.process_id, how)
            await asyncio.to_thread(self._server.wait_gone, GONE_SECONDS)
            self._server = None


@dataclass(frozen=True, slots=True)
class Door:
    """Where the worker at a place finds Kafka: the port on which a link listens, and Kafka's own port behind it."""

    port: int
    inner: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Running servers: their addresses, and a link to Kafka for each worker. It can be passed to another process.

    Attributes:
        kafka: host:port, without a link in between.
        elasticsearch: URL, without a proxy in between.
        doors: doors by the place that a worker fills.
    """

    kafka: str
    elasticsearch: str
    doors: Mapping[Place, Door]

    def to_json(self) -> str:
        """Return the ground as text."""
        doors = [(*place, door.port, door.inner) for place, door in self.doors.items()]
        return json.dumps([self.kafka, self.elasticsearch, doors])

    @classmethod
    def from_json(cls, text: str) -> Ground:
        """Return the ground from the text of `to_json`."""
        kafka_address, elasticsearch_address, doors = json.loads(text)
        found = {(stage, number): Door(port, inner) for stage, number, port, inner in doors}
        return cls(kafka_address, elasticsearch_address, found)

    def door(self, stage: str, number: int) -> Place:
        """Return the place whose link a worker uses; an added worker uses the last place of its stage."""
        return stage, min(number, max(other for of, other in self.doors if of == stage))


PLACES: tuple[Place, ...] = (
    *((stage, number) for stage, count in WORKERS.items() for number in range(count + 1)),
    *(("operator", side) for side in range(SIDES)),
)
"""A place for each worker, one more for each stage for workers that join, and the places of rebuilds."""


class Site:
    """The servers, and a process that computes what must be held; an asynchronous context manager.

    Attributes:
        reckoner: a process that remembers the pages it saw from seed to seed.
        grounds: where the servers are, for each installation that may use them at once; `ground` is the first.
        kafka: the Kafka that can be restarted; None if the servers are lent. `elasticsearch` has the same form.

    Args:
        lent: servers that another process runs; without them the site starts its own.
        lanes: how many installations may use them at once.
    """

    reckoner: ProcessPoolExecutor
    grounds: tuple[Ground, ...]

    def __init__(self, lent: Ground | None = None, lanes: int = 1) -> None:
        self._lent = lent
        self._lanes = lanes
        self.kafka: Restartable | None = None
        self.elasticsearch: Restartable | None = None
        self._home: Home | None = None

    def keep_files(self, folder: Path) -> None:
        """Copy the servers' logs, and Kafka's partitions, to `folder`: they tell what became of a transaction."""
        if self._home is not None:
            # Kafka goes on meanwhile, so a file may be gone.
            with contextlib.suppress(shutil.Error):
                shutil.copytree(self._home.kafka_log.parent, folder / "servers", dirs_exist_ok=True)
                shutil.copytree(self._home.kafka, folder / "kafka", dirs_exist_ok=True)

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            self.reckoner = stack.enter_context(ProcessPoolExecutor(1, mp_context=CONTEXT, initializer=end_with_parent))
            if self._lent is not None:
                self.grounds = (self._lent,)
            else:
                await self._start_servers(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    @property
    def ground(self) -> Ground:
        """Where the servers are, for an installation that uses them alone."""
        return self.grounds[0]

    async def _start_servers(self, stack: contextlib.AsyncExitStack) -> None:
        home = self._home = Home(stack.enter_context(temporary_home()))
        lock = HomeLock(home.root)
        stack.callback(lock.release)
        spawner = Spawner(lock.inherited)
        stack.callback(spawner.close)
        chosen = ports.choose(0, 0)
        addresses = f"{ports.HOST}:{chosen.kafka}", f"http://{ports.HOST}:{chosen.elasticsearch}"
        self.grounds = tuple(
            Ground(*addresses, {place: Door(ports.free(0), ports.free(0)) for place in PLACES})
            for _ in range(self._lanes)
        )
        self.kafka = Restartable(
            spawner, self._kafka_command(home, chosen), lambda: kafka.is_ready(chosen), kafka.READY_SECONDS
        )
        self.elasticsearch = Restartable(
            spawner,
            self._elasticsearch_command(home, chosen),
            lambda: elasticsearch.is_ready(chosen),
            elasticsearch.READY_SECONDS,
        )
        for each in (self.kafka, self.elasticsearch):
            stack.push_async_callback(each.end, signal.SIGTERM)
        await asyncio.gather(self.kafka.start(), self.elasticsearch.start())

    def _kafka_command(self, home: Home, chosen: ports.Ports) -> Command:
        command = kafka.prepare(
            home, chosen, java=places.java_home(places.server_user()), jars=_artifacts("jar"), heap="384m"
        )
        # One more listener for each door, because Kafka tells clients to come back through the same listener.
        every = [door for ground in self.grounds for door in ground.doors.values()]
        doors = {f"DOOR{number}": door for number, door in enumerate(every)}
        own = f"PLAINTEXT://{self.ground.kafka},CONTROLLER://{ports.HOST}:{chosen.controller}"
        bound = [own, *(f"{name}://{ports.HOST}:{door.inner}" for name, door in doors.items())]
        told = [own, *(f"{name}://{ports.HOST}:{door.port}" for name, door in doors.items())]
        protocols = ",".join(f"{name}:PLAINTEXT" for name in ("CONTROLLER", "PLAINTEXT", *doors))
        with (home.kafka / "server.properties").open("a", encoding="ascii") as properties:
            properties.write(f"listeners={','.join(bound)}\nadvertised.listeners={','.join(told)}\n")
            properties.write(f"listener.security.protocol.map={protocols}\nnum.network.threads=1\n")
        return command

    def _elasticsearch_command(self, home: Home, chosen: ports.Ports) -> Command:
        user = places.server_user()
        return elasticsearch.prepare(
            home,
            chosen,
            java=places.java_home(user),
            distribution=elasticsearch.unpack(_artifacts("zip")[0], places.cache_directory(), user),
            heap="512m",
            user=user,
        )


def _artifacts(packaging: str) -> list[Path]:
    wanted = [each for each in pinned() if each.packaging == packaging]
    return fetch(wanted, places.cache_directory(), download, silent, threading.Event())
