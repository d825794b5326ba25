"""Health: a worker that waits is alive and not ready, one that is stuck is not alive."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from services.runtime.messages.records import Record
from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until
from tests.proxy import Proxy
from tests.workers import get, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"
STOP_SECONDS = 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def proxy(servers: Servers) -> Iterator[Proxy]:
    address = urlsplit(servers.elasticsearch)
    assert address.hostname
    assert address.port
    with Proxy(address.hostname, address.port) as proxy:
        yield proxy


@pytest.fixture
def settings(servers: Servers, proxy: Proxy) -> Settings:
    update = {"elasticsearch": f"http://127.0.0.1:{proxy.port}", "http_port": free_port()}
    return new_installation(servers).model_copy(update=update)


def lags(port: int) -> list[float]:
    lines = get(port, "/metrics")[1].splitlines()
    return [float(line.split()[-1]) for line in lines if line.startswith("broadsheet_lag_records{")]


def asking(number: int) -> Record:
    return Record("", number % 4, 0, 1_691_100_000_000 + number, b"ask", b"x")


def test_with_elasticsearch_away_a_worker_waits_and_goes_on_by_itself(settings: Settings, proxy: Proxy) -> None:
    port = settings.http_port
    publish(settings, settings.names.raw, [*numbered(8), asking(1)])
    with running(settings, RELAY) as worker:
        wait_until(lambda: get(port, "/ready") == (503, "waiting for Elasticsearch\n"), "the worker to wait")
        assert get(port, "/live") == (200, "waiting for Elasticsearch\n")
        assert remaining(settings, "relay", settings.names.raw) > 0
        proxy.open()
        wait_until(lambda: remaining(settings, "relay", settings.names.raw) == 0, "the worker to go on")
        wait_until(lambda: get(port, "/ready")[0] == 200, "the worker to be ready")
        assert worker.process.poll() is None
        wait_until(lambda: lags(port) == [0.0] * 4, "the metrics to show that nothing is left")
        assert 'broadsheet_records_total{outcome="emitted",stage="relay"} 9.0' in get(port, "/metrics")[1]
    assert len(read_all(settings, settings.names.issues)) == 9


def test_a_worker_that_waits_ends_soon_when_told_to(settings: Settings) -> None:
    publish(settings, settings.names.raw, [asking(0)])
    with running(settings, RELAY) as worker:
        wait_until(lambda: worker.said("waiting for Elasticsearch"), "the worker to wait")
        asked = time.monotonic()
        worker.process.terminate()
        assert worker.process.wait(30) == 0
        assert time.monotonic() - asked < STOP_SECONDS
    assert remaining(settings, "relay", settings.names.raw) == 1
    assert read_all(settings, settings.names.issues) == []


def test_a_worker_that_never_reached_kafka_ends_well_when_told_to(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"kafka": "127.0.0.1:9"})
    with running(nowhere, RELAY) as worker:
        wait_until(lambda: worker.said("waiting for a server"), "the worker to wait")
        worker.process.terminate()
        assert worker.process.wait(30) == 0
        log = worker.log.read_text("utf-8")
    assert "worker stopped" in log
    assert "Error while stopping" not in log


def test_a_worker_whose_handler_is_stuck_is_not_live(settings: Settings) -> None:
    port = settings.http_port
    with running(settings, RELAY, "0", "1.5"):
        wait_until(lambda: get(port, "/ready") == (200, "working\n"), "the worker to be ready")
        publish(settings, settings.names.raw, [Record("", 0, 0, 1_691_100_000_000, b"stall", b"x")])
        wait_until(lambda: get(port, "/live")[0] == 503, "the worker to be seen as stuck")
        assert "with 1 records to go" in get(port, "/live")[1]


def test_a_worker_that_silently_gets_no_more_records_is_not_live(settings: Settings) -> None:
    """Nothing in the worker fails: only that the partitions grow, and it does not see it by fetching."""
    port = settings.http_port
    with running(settings, RELAY, "0", "1.5"):
        publish(settings, settings.names.raw, [Record("", 0, 0, 1_691_100_000_000, b"deaf", b"x")])
        wait_until(lambda: remaining(settings, "relay", settings.names.raw) == 0, "the worker to begin")
        assert get(port, "/live") == (200, "working\n")
        publish(settings, settings.names.raw, numbered(8))
        wait_until(lambda: get(port, "/live")[0] == 503, "the worker to be seen as stuck")
        assert "no progress" in get(port, "/live")[1]
