"""CloudEvents' own software development kits read our headers back, as we documented them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from schemas.article import Article, Withdrawal
from schemas.contracts.asyncapi import HEADERS
from schemas.contracts.valid import EXAMPLES
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Emission, Record
from services.runtime.settings import Settings
from services.tag.app import tag
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from tests.clients.conftest import HERE, run_node

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = Settings(installation="maoming")
TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def emissions() -> list[Emission]:
    """Return an article and a withdrawal as the tag stage sends them."""
    tagger = Tagger(seed_taxonomy())
    found = []
    for message in EXAMPLES["articles"]:
        if not isinstance(message, Article | Withdrawal):
            continue
        key = message.article_id
        came = Record("issues", 0, 7, 1_691_100_000_123, key.encode(), b"", (("traceparent", TRACE),))
        headers = event_headers(
            came, source=SOURCE.source_of("segment"), message=message, event_id=f"{key}/{message.version}"
        )
        record = Record("articles", 0, 1, 1_800_000_000_000, key.encode(), message.encode(), headers)
        found.append(tag(record, tagger, "articles.tagged", SOURCE.source_of("tag")))
    return found


SENT = emissions()
KINDS = ["changed", "created", "withdrawn"]


def check(event: dict[str, Any], sent: Emission, kind: str) -> None:
    value = json.loads(sent.value or b"")
    stage = "segment" if kind == "withdrawn" else "tag"
    assert event["specversion"] == "1.0"
    assert event["type"] == f"broadsheet.{value['type']}"
    assert event["source"] == f"broadsheet/maoming/{stage}"
    assert event["subject"] == value["article_id"]
    assert event["id"].startswith(f"{value['article_id']}/{value['version']}")
    assert event["dataschema"] == f"urn:broadsheet:schema:articles{'' if stage == 'segment' else '.tagged'}:1"
    assert event["datacontenttype"] == "application/json"
    assert event["difference"] == kind == value["difference"]["kind"]
    assert dt.datetime.fromisoformat(event["time"]) == dt.datetime(2023, 8, 3, 22, 0, 0, 123_000, dt.UTC)


@pytest.mark.parametrize(("sent", "kind"), list(zip(SENT, KINDS, strict=True)), ids=KINDS)
def test_pythons_kit_reads_our_events(sent: Emission, kind: str) -> None:
    event = from_binary_event(KafkaMessage(headers=dict(sent.headers), key=sent.key, value=sent.value or b""))
    attributes = dict(event.get_attributes())
    check({**attributes, "time": attributes["time"].isoformat()}, sent, kind)
    assert event.get_data() == json.loads(sent.value or b"")


def test_javascripts_kit_reads_our_events(node: Path) -> None:
    messages = [
        {
            "key": (sent.key or b"").decode(),
            "headers": {name: value.decode() for name, value in sent.headers},
            "value": (sent.value or b"").decode(),
        }
        for sent in SENT
    ]
    told = json.loads(run_node(node, HERE / "node" / "events.mjs", given=json.dumps(messages)))
    for event, sent, kind in zip(told, SENT, KINDS, strict=True):
        check(event, sent, kind)


@pytest.mark.parametrize("sent", SENT)
def test_every_header_is_documented_and_the_trace_is_the_newsrooms(sent: Emission) -> None:
    assert set(dict(sent.headers)) == set(HEADERS)
    assert dict(sent.headers)["traceparent"] == TRACE
