"""A Kafka with TLS, SCRAM and rules, and an Elasticsearch with TLS, accounts and roles: those of the prod overlay."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.client
import json
import secrets
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from services.runtime.settings import Settings, load_settings
from tests.secured.certificates import Certificates, new_certificates
from tests.secured.kafka_operator import User
from tests.secured.rendered import SUPERUSER, accounts, roles_file, rules, users

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

STEPS = 10_000
PARTITIONS = 2
START_SECONDS = 240.0
RELOAD_SECONDS = 1
"""How often Elasticsearch looks whether its users, roles and certificates have changed."""

KAFKA_AUDIT = """\
logger.audit.name = kafka.authorizer.logger
logger.audit.level = debug
"""
ELASTICSEARCH_AUDIT = """\
logger.audit.name = org.elasticsearch.xpack.security.audit.logfile.LoggingAuditTrail
logger.audit.level = info
logger.audit.additivity = false
logger.audit.appenderRef.audit.ref = audit
appender.audit.type = Console
appender.audit.name = audit
appender.audit.layout.type = PatternLayout
appender.audit.layout.pattern = AUDIT %map{event.action} %map{user.name} %map{action} %map{indices}%n
"""
"""Both servers log every decision, so that a test can see which rights were used."""


@dataclass(slots=True)
class Secured:
    """The servers, and everybody's password."""

    home: Home
    ports: ports.Ports
    certificates: Certificates
    stranger: Certificates
    kafka_passwords: dict[str, str]
    elasticsearch_passwords: dict[str, str]
    _line: http.client.HTTPSConnection | None = None

    @property
    def logs(self) -> tuple[Path, Path]:
        return self.home.kafka_log, self.home.elasticsearch_log

    def settings(self, user: str | None, account: str | None = None, **more: Any) -> Settings:
        """The settings of a process that is `user` on Kafka and `account` (if left out, the same) on Elasticsearch."""
        return load_settings(**{**self.variables(user, account), **more})

    def variables(self, user: str | None, account: str | None = None) -> dict[str, Any]:
        known = user if account is None and user in self.elasticsearch_passwords else account
        found: dict[str, Any] = {
            "kafka": f"{ports.HOST}:{self.ports.kafka}",
            "kafka_ca": self.certificates.authority,
            "elasticsearch": self.elasticsearch,
            "elasticsearch_ca": self.certificates.authority,
            "partitions": PARTITIONS,
            "session_timeout": 6,
        }
        if user is not None:
            found |= {"kafka_user": user, "kafka_password": self.kafka_passwords[user]}
        if known is not None:
            found |= {"elasticsearch_user": known, "elasticsearch_password": self.elasticsearch_passwords[known]}
        return found

    @property
    def elasticsearch(self) -> str:
        return f"https://{ports.HOST}:{self.ports.elasticsearch}"

    def superuser(self) -> Settings:
        return self.settings(SUPERUSER, SUPERUSER)

    def ask(
        self, account: str, method: str, path: str, body: object = None, *, password: str | None = None
    ) -> tuple[int, Any]:
        """Send a request to Elasticsearch as an account; return the status and the answer."""
        told = f"{account}:{password or self.elasticsearch_passwords[account]}".encode()
        headers = {"authorization": f"Basic {base64.b64encode(told).decode()}", "content-type": "application/json"}
        if isinstance(body, list):
            data: str | None = "".join(json.dumps(one) + "\n" for one in body)
        else:
            data = None if body is None else json.dumps(body)
        if self._line is None:
            context = ssl.create_default_context(cafile=str(self.certificates.authority))
            self._line = http.client.HTTPSConnection(ports.HOST, self.ports.elasticsearch, timeout=30, context=context)
        try:
            self._line.request(method, f"/{path}", data, headers)
            answer = self._line.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection that `ask` keeps."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def write_users(self) -> None:
        """Write Elasticsearch's accounts as its file realm has them; a running server takes them up by itself."""
        place = self.home.elasticsearch.resolve() / "config"
        for name, text in self.realm().items():
            (place / name).write_text(text, "utf-8")

    def realm(self) -> dict[str, str]:
        """The files of the file realm, and the roles."""
        known = {SUPERUSER: "superuser", **{one: one for one in accounts()}}
        hashes = {one: _hashed(self.elasticsearch_passwords[one]) for one in known}
        return {
            "users": "".join(f"{one}:{hashed}\n" for one, hashed in hashes.items()),
            "users_roles": "".join(f"{role}:{one}\n" for one, role in known.items()),
        }


def _hashed(password: str) -> str:
    """As `elasticsearch-users` writes it with the hasher pbkdf2 (PBKDF2 with HMAC-SHA-512, 256 bits)."""
    salt = secrets.token_bytes(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, STEPS, 32)
    return f"{{PBKDF2}}{STEPS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def new_password() -> str:
    return f"geheim-{secrets.token_hex(12)}"


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
        more=_kafka_settings(secured),
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
        more=_elasticsearch_settings(),
        files={
            "http.key": secured.certificates.key.read_text("ascii"),
            "http.crt": secured.certificates.certificate.read_text("ascii"),
            "roles.yml": roles_file(),
            "log4j2.properties": elasticsearch.LOG4J + ELASTICSEARCH_AUDIT,
            **secured.realm(),
        },
    )
    started.append(spawner.start(command))


def _kafka_settings(secured: Secured) -> dict[str, str]:
    clients = f"CLIENTS://{ports.HOST}:{secured.ports.kafka}"
    controller = f"CONTROLLER://{ports.HOST}:{secured.ports.controller}"
    password = secured.kafka_passwords[SUPERUSER]
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    account = f'username="{SUPERUSER}" password="{password}"'
    return {
        "listeners": f"{clients},{controller}",
        "advertised.listeners": f"{clients},{controller}",
        "inter.broker.listener.name": "CLIENTS",
        "listener.security.protocol.map": "CONTROLLER:SASL_SSL,CLIENTS:SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f'{plain} {account} user_{SUPERUSER}="{password}";',
        "listener.name.clients.scram-sha-512.sasl.jaas.config": f"{scram} {account};",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": "server.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": "ca.pem",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{SUPERUSER}",
        "allow.everyone.if.no.acl.found": "false",
    }


def _elasticsearch_settings() -> dict[str, str | int | bool]:
    return {
        "xpack.security.enabled": True,
        "xpack.security.enrollment.enabled": False,
        "xpack.security.http.ssl.enabled": True,
        "xpack.security.http.ssl.key": "http.key",
        "xpack.security.http.ssl.certificate": "http.crt",
        "resource.reload.interval.high": f"{RELOAD_SECONDS}s",
        # Its log of every decision is not in the basic licence.
        "xpack.license.self_generated.type": "trial",
        "xpack.security.audit.enabled": True,
        "xpack.security.audit.logfile.events.include": "access_granted,access_denied,authentication_failed",
    }


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
