"""A broker that dies and comes back: the worker stays, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
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
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until, written
from tests.servers import Servers, temporary_home
from tests.workers import running

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.servers


class Broker:
    """A Kafka that can be killed and started again at the same address, with its data."""

    def __init__(self, home: Home, spawner: Spawner) -> None:
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
        )
        self.address = f"{ports.HOST}:{self._ports.kafka}"
        self.start()

    def start(self) -> None:
        self._server = self._spawner.start(self._command)
        self._server.wait_ready(lambda: kafka.is_ready(self._ports), kafka.READY_SECONDS, threading.Event())

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


def test_over_a_broker_that_dies_each_output_is_there_once(broker: Broker) -> None:
    nowhere = Servers(broker.address, "http://127.0.0.1:9")
    settings = new_installation(nowhere).model_copy(update={"batch_records": 40})
    records = numbered(1200)
    publish(settings, settings.names.raw, records)
    with running(settings, "tests.integration.runtime.relay", "0.1") as worker:
        wait_until(lambda: written(settings, settings.names.issues) > 100, "the worker to begin")
        broker.kill()
        broker.start()
        wait_until(
            lambda: worker.runs() and remaining(settings, "relay", settings.names.raw) == 0, "the worker to go on"
        )
        outputs = read_all(settings, settings.names.issues)
    assert Counter(each.key for each in outputs) == Counter(each.key for each in records)
