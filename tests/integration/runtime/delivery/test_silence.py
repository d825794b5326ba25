"""Servers that hang: no connection breaks, and a worker says within one session that it is not ready."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.kafka import new_installation, numbered, publish, read_all, wait_until
from tests.proxy import Proxy
from tests.servers import Servers
from tests.workers import get, running

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from tests.integration.runtime.delivery.conftest import Broker

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"
READY = (200, "working\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def seconds_until_not_ready(settings: Settings, why: str) -> float:
    began = time.monotonic()
    wait_until(lambda: why in get(settings.http_port, "/ready")[1], f"the worker to say: {why}")
    return time.monotonic() - began


@pytest.mark.parametrize("killed", [False, True], ids=["frozen", "killed"])
def test_a_worker_without_kafka_is_not_ready_within_one_session(broker: Broker, *, killed: bool) -> None:
    """Before, it said for 65 s of a frozen broker, and for 35 s of a killed one, that it was working."""
    nowhere = Servers(broker.address, "http://127.0.0.1:9")
    settings = new_installation(nowhere).model_copy(update={"http_port": free_port()})
    with running(settings, RELAY) as worker:
        wait_until(lambda: get(settings.http_port, "/ready") == READY, "the worker to be ready")
        if killed:
            broker.kill()
        else:
            broker.freeze()
        assert seconds_until_not_ready(settings, "Kafka has not answered for") <= settings.session_timeout
        assert get(settings.http_port, "/live")[0] == 200
        if killed:
            broker.start()
        else:
            broker.thaw()
        wait_until(lambda: worker.runs() and get(settings.http_port, "/ready") == READY, "the worker to be ready again")
        publish(settings, settings.names.raw, numbered(8))
        wait_until(lambda: len(read_all(settings, settings.names.issues)) == 8, "the worker to go on")


def test_a_worker_that_needs_elasticsearch_is_not_ready_within_one_session_of_its_silence(servers: Servers) -> None:
    """Also when it has nothing to do: before, it noticed after 30 s, when a request timed out."""
    address = urlsplit(servers.elasticsearch)
    assert address.hostname
    assert address.port
    with Proxy(address.hostname, address.port) as proxy:
        proxy.open()
        update = {"elasticsearch": f"http://127.0.0.1:{proxy.port}", "http_port": free_port()}
        settings = new_installation(servers).model_copy(update=update)
        with running(settings, RELAY, "0", "300", "elasticsearch") as worker:
            wait_until(lambda: get(settings.http_port, "/ready") == READY, "the worker to be ready")
            began = time.monotonic()

            def stays_ready() -> bool:
                assert get(settings.http_port, "/ready") == READY
                return time.monotonic() - began > 2 * settings.session_timeout

            wait_until(stays_ready, "two sessions to pass")
            proxy.close()
            with socket.create_server(("127.0.0.1", proxy.port)):
                silent = seconds_until_not_ready(settings, "Elasticsearch has not answered for")
            assert silent <= settings.session_timeout
            assert get(settings.http_port, "/live")[0] == 200
            proxy.open()
            wait_until(lambda: worker.runs() and get(settings.http_port, "/ready") == READY, "readiness again")
