"""Headers and partitions: the same record always leads to the same bytes in the same place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from schemas.article import Article
from schemas.contracts import generate
from schemas.contracts.valid import EXAMPLES
from schemas.difference import Difference
from services.runtime.kafka.sending import partition_of
from services.runtime.messages.headers import event_headers, trace_of
from services.runtime.messages.records import Record
from services.runtime.settings import Settings

ISSUE: Any = EXAMPLES["issues"][0]
ARTICLE = EXAMPLES["articles"][0].model_copy(update={"difference": Difference(kind="created")})
assert isinstance(ARTICLE, Article)
INSTALLATIONS = [("", ""), ("evening-", ""), ("evening-", "maoming")]
TRACE = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def record(offset: int = 1, headers: tuple[tuple[str, bytes], ...] = ()) -> Record:
    return Record("issues", 0, offset, 1_691_100_000_000, b"k", b"v", headers)


def test_the_headers_are_those_of_a_cloud_event_in_binary_mode() -> None:
    source = Settings(installation="maoming").source_of("segment")
    headers = dict(event_headers(record(), source=source, message=ARTICLE, event_id="渔港日报/2023-08-04/a/7"))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"broadsheet.article"
    assert headers["ce_source"] == b"broadsheet/maoming/segment"
    assert headers["ce_time"] == b"2023-08-03T22:00:00.000Z"
    assert headers["ce_subject"].decode() == ARTICLE.article_id
    assert headers["ce_dataschema"].decode() == generate.schema("articles")["$id"]
    assert headers["ce_difference"] == b"created"
    assert headers["ce_id"].decode() == "渔港日报/2023-08-04/a/7"
    assert headers["content-type"] == b"application/json"


def test_the_time_of_the_page_goes_on_through_every_stage() -> None:
    """Kafka stamps later records with the time of their arrival."""
    first = event_headers(record(), source="ingest", message=ISSUE, event_id="1")
    later = replace(record(headers=first), timestamp=1_800_000_000_000)
    second = event_headers(later, source="segment", message=ARTICLE, event_id="1")
    assert dict(second)["ce_time"] == b"2023-08-03T22:00:00.000Z"


def test_two_installations_have_two_sources() -> None:
    """Without a name, the prefix tells them apart."""
    sources = [Settings(prefix=prefix, installation=name).source_of("tag") for prefix, name in INSTALLATIONS]
    assert sources == ["broadsheet/tag", "broadsheet/evening/tag", "broadsheet/maoming/tag"]


@pytest.mark.parametrize("name", ["茂名", "Mao ming", "a/b"])
def test_a_name_that_is_no_part_of_a_uri_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="installation"):
        Settings(installation=name)


def test_a_trace_goes_on_through_every_stage() -> None:
    first = event_headers(
        record(headers=(("traceparent", TRACE),)), source="ingest", message=EXAMPLES["issues"][0], event_id="1"
    )
    second = event_headers(record(headers=first), source="segment", message=ARTICLE, event_id="1")
    assert dict(second)["traceparent"] == TRACE


def test_a_record_without_a_trace_begins_one_that_only_its_place_decides() -> None:
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace_of(record()))
    assert trace_of(record()) == trace_of(record())
    assert trace_of(record(1)) != trace_of(record(2))


@pytest.mark.parametrize(
    ("key", "hashed"), [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)]
)
def test_a_key_goes_where_every_kafka_client_sends_it(key: bytes, hashed: int) -> None:
    # Kafka's own test of its hash (UtilsTest.testMurmur2) gives these values.
    assert partition_of(key, 7) == (hashed & 0x7FFFFFFF) % 7


def test_a_record_without_a_key_goes_to_the_first_partition() -> None:
    assert partition_of(None, 7) == 0
