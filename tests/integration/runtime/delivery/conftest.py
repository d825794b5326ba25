"""A Kafka of its own for tests that break it."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from services.local import kafka, places, ports
from services.local.artifacts import fetch, pinned
from services.local.lock import HomeLock
from services.local.maven import download
from services.local.places import Home
from services.local.process import Spawner
from services.local.progress import silent
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Broker:
    """A Kafka that can be killed and started again at the same address, with its data."""

    def __init__(self, home: Home, spawner: Spawner, more: Mapping[str, str] | None = None) -> None:
        self._ports = ports.choose(0, 0)
        self._spawner = spawner
        cancel = threading.Event()
        jars = [each for each in pinned() if each.packaging == "jar"]
        self._command = kafka.prepare(
            home,
            self._ports,
            java=places.java_home(places.server_user()),
            jars=fetch(jars, places.cache_directory(), download, silent, cancel),
            heap="256m",
            more=more,
        )
        self.address = f"{ports.HOST}:{self._ports.kafka}"
        self.start()

    def start(self) -> None:
        self._server = self._spawner.start(self._command)
        self._server.wait_ready(lambda: kafka.is_ready(self._ports), kafka.READY_SECONDS, threading.Event())

    def freeze(self) -> None:
        """Let it stand still, with every connection open."""
        os.kill(self._server.process_id, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._server.process_id, signal.SIGCONT)

    def kill(self) -> None:
        os.kill(self._server.process_id, signal.SIGKILL)
        self._server.wait_gone(10)


@pytest.fixture
def broker() -> Iterator[Broker]:
    with temporary_home() as folder, spawning(Home(folder)) as spawner:
        broker = Broker(Home(folder), spawner)
        yield broker
        broker.kill()


@contextmanager
def spawning(home: Home) -> Iterator[Spawner]:
    lock = HomeLock(home.root)
    spawner = Spawner(lock.inherited)
    yield spawner
    spawner.close()
    lock.release()
