"""Quarantine: the original message whole, and what went wrong beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.errors import Abandoned, Rejected, Unavailable
from services.runtime.messages.quarantine import MAX_ERROR_CHARACTERS, original_headers, read_quarantined, to_quarantine
from services.runtime.messages.records import Batch, Emission, Record, Rejection

PLAIN_HEADERS = st.lists(
    st.tuples(st.text(min_size=1).filter(lambda name: not name.startswith("quarantine-")), st.binary())
).map(tuple)


def record(**given: Any) -> Record:
    fields: dict[str, Any] = {
        "topic": "issues.raw",
        "partition": 3,
        "offset": 42,
        "timestamp": 1_691_100_000_000,
        "key": b"k",
    }
    return Record(**(fields | {"value": b"v", "headers": ()} | given))


def again(emission: Emission, *, at: int = 0) -> Record:
    """Return the emission as a reader of its topic gets it."""
    return Record(emission.topic, 0, at, emission.timestamp, emission.key, emission.value, emission.headers)


def quarantined(bad: Record, error: BaseException | None = None) -> Emission:
    return to_quarantine(Rejection(bad, error or Rejected("wrong")), stage="ingest", topic="quarantine")


@given(st.none() | st.binary(), st.none() | st.binary(), PLAIN_HEADERS)
def test_key_value_and_headers_come_back_as_they_were(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> None:
    emission = quarantined(record(key=key, value=value, headers=headers))
    assert (emission.key, emission.value) == (key, value)
    assert original_headers(emission.headers)[: len(headers)] == headers


def test_where_it_stood_and_what_went_wrong_are_told() -> None:
    told = read_quarantined(again(quarantined(record())))
    assert (told.stage, told.error, told.error_type, told.attempt) == ("ingest", "wrong", "Rejected", 1)
    assert (told.topic, told.partition, told.offset, told.timestamp) == ("issues.raw", 3, 42, 1_691_100_000_000)


def test_attempts_are_counted_over_replays() -> None:
    once = quarantined(record())
    replayed = record(headers=once.headers)
    twice = quarantined(replayed)
    assert read_quarantined(again(twice)).attempt == 2
    assert len(twice.headers) == len(once.headers)


def test_an_attempt_count_that_is_no_number_begins_anew() -> None:
    emission = quarantined(record(headers=(("quarantine-attempt", "²".encode()),)))
    assert read_quarantined(again(emission)).attempt == 1


def test_a_fault_of_ours_names_its_type() -> None:
    assert read_quarantined(again(quarantined(record(), KeyError("pages")))).error == "KeyError: 'pages'"


def test_a_long_error_is_cut() -> None:
    told = read_quarantined(again(quarantined(record(), Rejected("长" * 9_999))))
    assert len(told.error) == MAX_ERROR_CHARACTERS


def test_the_trace_goes_on() -> None:
    trace = ("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    assert trace in quarantined(record(headers=(trace,))).headers
    assert "traceparent" in dict(quarantined(record()).headers)


def test_a_message_of_another_topic_is_refused() -> None:
    with pytest.raises(Rejected, match="not a message of the quarantine"):
        read_quarantined(record())


def emission(name: bytes) -> Emission:
    return Emission("issues", name, b"", (), 0)


def test_an_error_takes_back_what_its_record_emitted_and_no_more() -> None:
    good, bad = record(offset=1), record(offset=2)
    batch = Batch([good, bad])
    with batch.attempt(good):
        batch.emissions.append(emission(b"good"))
    with batch.attempt(bad):
        batch.emissions.append(emission(b"half"))
        raise ValueError("wrong")
    assert [each.key for each in batch.emissions] == [b"good"]
    assert [each.record for each in batch.rejections] == [bad]


@pytest.mark.parametrize("error", [Abandoned("stop"), Unavailable("away"), KeyboardInterrupt(), SystemExit()])
def test_what_says_nothing_of_the_record_ends_the_batch(error: BaseException) -> None:
    batch = Batch([record()])
    with pytest.raises(type(error)), batch.attempt(batch.records[0]):
        raise error
    assert not batch.rejections
