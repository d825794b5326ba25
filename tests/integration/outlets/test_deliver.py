"""Real receivers: a web server and a mail server, which go away, and a deliverer that is killed."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from services.runtime.messages.records import Record
from tests.integration.desk.archive import create_indices, store
from tests.kafka import new_installation, publish, wait_until
from tests.unit.desk.edition import IDENTITY, ISSUE, article
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

SECRET = "0123456789abcdef"  # noqa: S105  # of this test
FIRST_ID = f"{ISSUE}/00000000000a"


@dataclass(slots=True)
class Receiver:
    """A web server that keeps what it accepted, or answers with an error while `status` says so."""

    status: int = 200
    tried: int = 0
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    port: int = 0

    @property
    def ids(self) -> list[str]:
        return [name for name, _ in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.tried += 1
            if receiver.status == 200:
                receiver.got.append((self.headers["webhook-id"], json.loads(body)))
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@dataclass(slots=True)
class Mailbox:
    mails: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def settings(servers: Servers) -> Settings:
    made = new_installation(servers)
    asyncio.run(create_indices(servers.elasticsearch, made.prefix))
    return made


def tell(settings: Settings, *messages: TaggedArticle | Withdrawal) -> None:
    """Put messages on the topic and into the index, as tag and index do."""
    with Elasticsearch(settings.elasticsearch_address) as client:
        store(client, settings.prefix, messages)
    send(settings, *messages)


def send(settings: Settings, *messages: TaggedArticle | Withdrawal) -> None:
    """Put messages on the topic alone, as a replay does."""
    records = [Record("", 0, 0, 1_691_100_000_000, one.article_id.encode(), one.encode()) for one in messages]
    publish(settings, settings.names.tagged, records)


@contextmanager
def delivering(settings: Settings, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    given = {
        f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
        for name in ("kafka", "elasticsearch", "prefix", "partitions")
    }
    program = "from services.cli.main import main; main()"
    log = file.with_suffix(".log")
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "deliver", str(file)],
            cwd=ROOT,
            env={**os.environ, **given, "KEY": SECRET},
            stdout=sink,
            stderr=sink,
        )
    try:
        yield process
        assert process.poll() is None, log.read_text("utf-8")[-3000:]
    finally:
        process.kill()
        process.wait(10)


def version(number: int, **changes: Any) -> TaggedArticle:
    return article(version=IDENTITY["version"] + number, **changes)


def test_every_change_reaches_a_receiver_once_through_its_outage_and_our_death(
    settings: Settings, tmp_path: Path
) -> None:
    """A receiver that is away delays only itself; what nobody can see is not sent."""
    file = tmp_path / "subscriptions.json"
    with receiving() as one, receiving() as other:
        subscriptions = [
            {"name": name, "to": f"http://127.0.0.1:{receiver.port}/", "secret_env": "KEY", "begin": "beginning"}
            for name, receiver in (("one", one), ("other", other))
        ]
        file.write_text(json.dumps({"subscriptions": subscriptions}))
        one.status = 503
        tell(settings, version(0), version(1), version(2, headline="首批月饼运往海外"))
        with delivering(settings, file):
            wait_until(lambda: len(other.got) == 2, "the other receiver")
            wait_until(lambda: one.tried >= 2, "two tries")
        one.status = 200
        gone = Withdrawal(**IDENTITY | {"version": IDENTITY["version"] + 3}, article_id=FIRST_ID)
        with delivering(settings, file):
            wait_until(lambda: len(one.got) == 2, "the receiver that is back")
            tell(settings, version(2, headline="首批月饼运往海外", generation=1), gone)
            wait_until(lambda: len(one.got) == len(other.got) == 3, "the withdrawal")
    for receiver in (one, other):
        assert [body["type"] for _, body in receiver.got] == ["article.created", "article.changed", "article.withdrawn"]
        assert len(set(receiver.ids)) == 3


def test_a_saved_search_is_a_mail_for_each_change_that_it_finds(settings: Settings, tmp_path: Path) -> None:
    """Once, though the deliverer is started again; what the search does not find is no mail."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        content = {
            "smtp": {"host": "127.0.0.1", "port": port, "sender": "news@example.com"},
            "subscriptions": [
                {"name": "tea", "to": "mailto:a@example.com", "q": "标题:春茶", "kind": ["story"], "begin": "beginning"}
            ],
        }
        file = tmp_path / "subscriptions.json"
        file.write_text(json.dumps(content))
        other = article(article_id=f"{ISSUE}/00000000000b", headline="春茶开采")
        tell(settings, version(0), other)
        with delivering(settings, file):
            wait_until(lambda: len(mailbox.mails) == 1, "a mail")
        corrected = article(article_id=other.article_id, headline="春茶今日开采", version=IDENTITY["version"] + 1)
        send(settings, other)
        tell(settings, corrected)
        with delivering(settings, file):
            wait_until(lambda: len(mailbox.mails) == 2, "a mail about the change")
    finally:
        controller.stop()
    assert [mail["Subject"] for mail in mailbox.mails] == ["[tea] 新稿 春茶开采", "[tea] 更新 春茶今日开采"]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2


def test_a_subscription_begins_with_what_changes_from_now_on(settings: Settings, tmp_path: Path) -> None:
    """And a stop before its first delivery loses nothing."""
    file = tmp_path / "subscriptions.json"
    with receiving() as receiver:
        subscription = {
            "name": "now",
            "to": f"http://127.0.0.1:{receiver.port}/",
            "secret_env": "KEY",
            "form": "newshub",
        }
        file.write_text(json.dumps({"subscriptions": [subscription]}))
        tell(settings, version(0))
        with delivering(settings, file):
            wait_until(lambda: _has_begun(settings), "the first start")
        second = article(article_id=f"{ISSUE}/00000000000c", headline="渔港开渔")
        tell(settings, second)
        with delivering(settings, file):
            wait_until(lambda: bool(receiver.got), "the new article")
        assert [body["headline"] for _, body in receiver.got] == ["渔港开渔"]


def _has_begun(settings: Settings) -> bool:
    from services.runtime.kafka.admin import Admin, group_offsets  # noqa: PLC0415
    from services.runtime.kafka.connection import connection  # noqa: PLC0415

    async def ask() -> bool:
        admin = Admin(**connection(settings))
        await admin.start()
        try:
            return bool(await group_offsets(admin, settings.names.group("out-now")))
        finally:
            await admin.close()

    return asyncio.run(ask())
