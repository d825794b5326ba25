"""A Kafka with TLS, SCRAM and rules, and an Elasticsearch with TLS, accounts and roles: those of the prod overlay."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from aiokafka.errors import KafkaError

from services.local import elasticsearch, kafka, places, ports
from services.local.artifacts import fetch, pinned
from services.local.lock import HomeLock
from services.local.maven import download
from services.local.places import Home
from services.local.process import Server, Spawner
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.connection import knock
from tests.secured.kafka.operator import User
from tests.secured.rendered import SUPERUSER, accounts, roles_file, rules, users
from tests.secured.servers.certificates import new_certificates
from tests.secured.servers.configuration import (
    ELASTICSEARCH_AUDIT,
    KAFKA_AUDIT,
    elasticsearch_settings,
    kafka_settings,
)
from tests.secured.servers.secured import Secured, new_password

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

START_SECONDS = 600.0


@contextmanager
def secured_servers(home: Path) -> Iterator[Secured]:
    """Run both servers in `home`, with the rules and roles of the prod overlay in force."""
    folder = home / "certificates"
    folder.mkdir()
    chosen = ports.choose(0, 0)
    secured = Secured(
        home=Home(home),
        ports=chosen,
        certificates=new_certificates(folder, "broadsheet"),
        stranger=new_certificates(folder, "stranger"),
        kafka_passwords={user: new_password() for user in (SUPERUSER, *users())},
        elasticsearch_passwords={one: new_password() for one in (SUPERUSER, *accounts())},
    )
    lock = HomeLock(home)
    spawner = Spawner(lock.inherited)
    started: list[Server] = []
    try:
        _start(secured, spawner, started)
        asyncio.run(_ready(secured))
        yield secured
    finally:
        secured.close()
        for server in started:
            server.terminate()
        for server in started:
            server.wait_gone(30)
        spawner.close()
        lock.release()


def _start(secured: Secured, spawner: Spawner, started: list[Server]) -> None:
    user = places.server_user()
    java = places.java_home(user)
    cache = places.cache_directory()
    files = fetch(list(pinned()), cache, download, lambda _event: None, threading.Event())
    jars = [file for file in files if file.suffix == ".jar"]
    (archive,) = (file for file in files if file.suffix == ".zip")
    command = kafka.prepare(
        secured.home,
        secured.ports,
        java=java,
        jars=jars,
        heap="256m",
        more=kafka_settings(secured),
        formatted_with=[
            f"--add-scram=SCRAM-SHA-512=[name={user},password={password}]"
            for user, password in secured.kafka_passwords.items()
        ],
    )
    for name, text in {
        "server.pem": secured.certificates.keystore,
        "ca.pem": secured.certificates.authority.read_text("ascii"),
        "log4j2.properties": (secured.home.kafka / "log4j2.properties").read_text("ascii") + KAFKA_AUDIT,
    }.items():
        (secured.home.kafka / name).write_text(text, "ascii")
    started.append(spawner.start(command))
    command = elasticsearch.prepare(
        secured.home,
        secured.ports,
        java=java,
        distribution=elasticsearch.unpack(archive, cache, user),
        heap="512m",
        user=user,
        more=elasticsearch_settings(),
        files={
            "http.key": secured.certificates.key.read_text("ascii"),
            "http.crt": secured.certificates.certificate.read_text("ascii"),
            "roles.yml": roles_file(),
            "log4j2.properties": elasticsearch.LOG4J + ELASTICSEARCH_AUDIT,
            **secured.realm(),
        },
    )
    started.append(spawner.start(command))


async def _ready(secured: Secured) -> None:
    """Wait for both servers, and create the rules as the operators do."""
    await _until(lambda: _kafka_is_ready(secured), secured.home.kafka_log)
    await _until(lambda: _elasticsearch_is_ready(secured), secured.home.elasticsearch_log)


async def _until(ready: Callable[[], Awaitable[bool]], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not await ready():
        if time.monotonic() > deadline:
            pytest.fail(f"not up after {START_SECONDS:.0f} s; see {log}")
        await asyncio.sleep(0.2)


async def _kafka_is_ready(secured: Secured) -> bool:
    try:
        await knock(secured.superuser())
        async with User(secured.superuser()) as operator:
            await operator.allow(rules())
            await operator.make_coordinators()
    except (BroadsheetError, KafkaError, OSError, TimeoutError):
        return False
    return True


async def _elasticsearch_is_ready(secured: Secured) -> bool:
    try:
        status, _ = secured.ask(SUPERUSER, "GET", "_cluster/health?wait_for_status=yellow&timeout=1s")
    except (OSError, http.client.HTTPException):
        return False
    return status == http.HTTPStatus.OK
