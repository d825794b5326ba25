"""Real receivers: a web server and a mail server, which go away, and a deliverer that is killed."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from services.runtime.messages.records import Record
from tests.integration.desk.archive import create_indices, store
from tests.kafka import new_installation, publish, wait_until
from tests.receivers import Receiver, delivering, started, told
from tests.unit.desk.edition import IDENTITY, ISSUE, article

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

FIRST_ID = f"{ISSUE}/00000000000a"


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


def version(number: int, **changes: Any) -> TaggedArticle:
    return article(version=IDENTITY["version"] + number, **changes)


def test_every_change_reaches_a_receiver_once_through_its_outage_and_our_death(
    settings: Settings, tmp_path: Path
) -> None:
    """A receiver that is away delays only itself; what nobody can see is not sent."""
    file = tmp_path / "subscriptions.json"
    with Receiver() as one, Receiver() as other:
        subscriptions = [
            {"name": name, "to": receiver.address, "secret_env": "KEY", "begin": "beginning"}
            for name, receiver in (("one", one), ("other", other))
        ]
        file.write_text(json.dumps({"subscriptions": subscriptions}))
        one.mode = "refuses"
        tell(settings, version(0), version(1), version(2, headline="首批月饼运往海外"))
        with delivering(settings, file):
            wait_until(lambda: len(other.got) == 2, "the other receiver")
            wait_until(lambda: one.tried >= 2, "two tries")
        one.mode = "answers"
        gone = Withdrawal(**IDENTITY | {"version": IDENTITY["version"] + 3}, article_id=FIRST_ID)
        with delivering(settings, file):
            wait_until(lambda: len(one.got) == 2, "the receiver that is back")
            tell(settings, version(2, headline="首批月饼运往海外", generation=1), gone)
            wait_until(lambda: len(one.got) == len(other.got) == 3, "the withdrawal")
    for receiver in (one, other):
        assert [body["type"] for body in receiver.bodies] == ["article.created", "article.changed", "article.withdrawn"]
        assert len(set(receiver.ids)) == 3


def test_it_ends_well_when_it_is_told_to(settings: Settings, tmp_path: Path) -> None:
    """SIGTERM, as a cluster sends it, ends it with success, whatever it waits for."""
    file = tmp_path / "subscriptions.json"
    with Receiver() as one:
        subscriptions = [{"name": "one", "to": one.address, "secret_env": "KEY", "begin": "beginning"}]
        file.write_text(json.dumps({"subscriptions": subscriptions}))
        one.mode = "refuses"
        tell(settings, version(0))
        with started(settings, file) as process:
            wait_until(lambda: one.tried >= 1, "a try")
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def test_a_receiver_that_took_and_never_answered_can_drop_the_repeats(settings: Settings, tmp_path: Path) -> None:
    """It hangs, vanishes and comes back; the deliverer is killed meanwhile; the other receiver is told all the time."""
    file = tmp_path / "subscriptions.json"
    ids = [f"{ISSUE}/00000000000{place}" for place in "abc"]
    last: dict[str, TaggedArticle | Withdrawal] = {one: version(0, article_id=one) for one in ids}
    with Receiver() as away, Receiver() as there:
        subscriptions = [
            {"name": name, "to": receiver.address, "form": form, "secret_env": "KEY", "begin": "beginning"}
            for name, receiver, form in (("away", away, "newshub"), ("there", there, "webhook"))
        ]
        file.write_text(json.dumps({"subscriptions": subscriptions}))
        away.mode = "hangs"
        tell(settings, *last.values())
        with delivering(settings, file):
            wait_until(lambda: len(there.got) == 3, "the other receiver")
            wait_until(lambda: len(away.got) == 2, "a repeat")
        away.close()
        with delivering(settings, file):
            last[ids[0]] = version(1, article_id=ids[0], headline="首批月饼运往海外")
            last[ids[1]] = Withdrawal(**IDENTITY | {"version": IDENTITY["version"] + 1}, article_id=ids[1])
            tell(settings, last[ids[0]], last[ids[1]])
            wait_until(lambda: not told(there.got, last).stale, "the other receiver's changes")
            assert told(away.got, last).stale
            away.mode = "answers"
            away.open()
            wait_until(lambda: not told(away.got, last).stale, "the receiver that is back")
    outcome = told(away.got, last)
    assert (outcome.articles, outcome.changes, outcome.out_of_order) == (3, 5, 0)
    assert outcome.repeats >= 1
    assert told(there.got, last).repeats == 0


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
    with Receiver() as receiver:
        subscription = {
            "name": "now",
            "to": receiver.address,
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
        assert [body["headline"] for body in receiver.bodies] == ["渔港开渔"]


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
