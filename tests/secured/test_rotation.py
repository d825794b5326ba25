"""Every password and certificate changes while pages come in, and nothing is lost."""

from __future__ import annotations

import asyncio
import signal
import ssl
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer

from services.local import ports
from services.runtime.kafka.connection import connection
from services.runtime.kafka.topics import ensure_topics
from services.runtime.names import STAGES
from tests.secured.conftest import WHOLE
from tests.secured.expected import NEWSROOM, STAGE_USERS
from tests.secured.kafka.operator import User
from tests.secured.kafka.topics import AlterConfigs
from tests.secured.processes import process
from tests.secured.rendered import SUPERUSER
from tests.secured.servers.certificates import renew
from tests.secured.servers.secured import new_password
from tests.secured.waiting import PATIENCE_SECONDS, wait
from tests.unit.deploy.cluster import NAMES
from tests.workers import Worker, get

if TYPE_CHECKING:
    from pathlib import Path

    from tests.secured.servers.secured import Secured

pytestmark = [pytest.mark.servers, pytest.mark.timeout(3600), WHOLE]

PAPER = "轮换日报"
ISSUES = 60
BROKER, SET = 4, 0
LISTENER = "listener.name.clients"


def page(number: int) -> tuple[bytes, bytes]:
    """The key and the bytes of a page of one article."""
    text = f"渔港第{number}次开渔\n本报讯 今晨六时，第{number}批渔船驶出渔港，预计一周后返航，渔民喜迎丰收。\n"
    return f"{PAPER}/2024-{1 + number // 28:02}-{1 + number % 28:02}".encode(), text.encode()


async def change_passwords(secured: Secured) -> None:
    """As the operators do when Secrets are renewed: the servers first."""
    users = [user for user in secured.kafka_passwords if user != SUPERUSER]
    for user in users:
        secured.kafka_passwords[user] = new_password()
    for account in [one for one in secured.elasticsearch_passwords if one != SUPERUSER]:
        secured.elasticsearch_passwords[account] = new_password()
    async with User(secured.superuser()) as operator:
        for user in users:
            await operator.set_password(user, secured.kafka_passwords[user])
    secured.write_users()


async def change_certificates(secured: Secured) -> None:
    """As the operators do before certificates expire: new ones of the same authority, at running servers."""
    renew(secured.certificates)
    config = secured.home.elasticsearch.resolve() / "config"
    for name, path in (("http.key", secured.certificates.key), ("http.crt", secured.certificates.certificate)):
        (config / name).write_bytes(path.read_bytes())
    (secured.home.kafka / "server.pem").write_text(secured.certificates.keystore, "ascii")
    settings = [(f"{LISTENER}.ssl.keystore.type", SET, "PEM"), (f"{LISTENER}.ssl.keystore.location", SET, "server.pem")]
    async with User(secured.superuser()) as operator:
        answer = await operator.send(AlterConfigs([(BROKER, "1", settings)], False))
    assert [result[0] for result in answer.results] == [0], answer


def shown(port: int) -> str:
    """The certificate that a server shows to whoever connects now."""
    return ssl.get_server_certificate((ports.HOST, port))


def indexed(secured: Secured) -> int:
    secured.ask(SUPERUSER, "POST", f"{NAMES.aliases('issues').read}/_refresh")
    query = {"query": {"term": {"paper": PAPER}}}
    status, answer = secured.ask(SUPERUSER, "GET", f"{NAMES.aliases('issues').read}/_count", query)
    return int(answer["count"]) if status == 200 else 0


def test_passwords_and_certificates_change_under_load_and_nothing_is_lost(secured: Secured, tmp_path: Path) -> None:
    """Workers with the old passwords end with 78 or go on until they are stopped; their successors finish the work."""
    asyncio.run(ensure_topics(secured.superuser()))
    secrets = {*secured.kafka_passwords.values(), *secured.elasticsearch_passwords.values()}

    def start(stack: ExitStack, stage: str) -> tuple[Worker, int]:
        variables = secured.variables(STAGE_USERS[stage])
        return stack.enter_context(process(f"services.{stage}", variables, tmp_path / f"{stage}.log"))

    async def publish_and_change() -> None:
        old = secured.settings(NEWSROOM)
        producer = AIOKafkaProducer(**connection(old), enable_idempotence=True)
        async with producer:
            for number in range(ISSUES):
                key, value = page(number)
                await producer.send_and_wait(NAMES.raw, value, key, headers=[("page", b"1")])
                if number == ISSUES // 4:
                    await change_certificates(secured)
                if number == ISSUES // 2:
                    await change_passwords(secured)
                await asyncio.sleep(0.05)

    with ExitStack() as stack:
        workers = {stage: start(stack, stage) for stage in STAGES}
        for stage, (worker, port) in workers.items():
            wait(lambda worker=worker, port=port: worker.runs() and get(port, "/ready")[0] == 200, stage)
        asyncio.run(publish_and_change())
        for stage, (worker, _) in workers.items():
            if worker.process.poll() is None:
                worker.process.send_signal(signal.SIGTERM)
            assert worker.process.wait(PATIENCE_SECONDS) in (0, 78), worker.log.read_text("utf-8")[-2000:]
            start(stack, stage)
        wait(lambda: indexed(secured) >= ISSUES, f"{ISSUES} issues")
        renewed = secured.certificates.certificate.read_text("ascii")
        for port in (secured.ports.kafka, secured.ports.elasticsearch):
            wait(lambda port=port: shown(port) == renewed, "the new certificate")
    assert indexed(secured) == ISSUES
    logs = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.log"))
    secrets |= {*secured.kafka_passwords.values(), *secured.elasticsearch_passwords.values()}
    assert not any(password in logs for password in secrets)
