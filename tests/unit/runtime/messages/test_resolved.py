"""What is in quarantine, and what sending again and dropping make of it."""

from __future__ import annotations

from dataclasses import replace

from services.runtime.errors import Rejected
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Emission, Record, Rejection
from services.runtime.messages.resolved import ORIGIN, Selection, again, held, resolution

TOPIC = "quarantine"


def original(offset: int, **fields: object) -> Record:
    record = Record("issues.raw", 2, offset, 1_700_000_000_000, b"key", b"\xff\xfe", (("page", b"1"),))
    return replace(record, **fields)  # type: ignore[arg-type]  # a test names real fields


def stored(emission: Emission, offset: int) -> Record:
    """The emission as it stands in quarantine."""
    return Record(TOPIC, 0, offset, emission.timestamp, emission.key, emission.value, emission.headers)


def quarantined(offset: int, at: int, error: str = "binary", **fields: object) -> Record:
    rejection = Rejection(original(offset, **fields), Rejected(error))
    return stored(to_quarantine(rejection, stage="ingest", topic=TOPIC), at)


def test_messages_are_listed_in_the_order_they_stood_in_on_their_topic() -> None:
    found = held([quarantined(9, 0), quarantined(3, 1)])
    assert [one.facts.offset for one in found] == [3, 9]


def test_a_message_sent_again_is_byte_for_byte_the_original_and_carries_its_number_of_tries() -> None:
    [one] = held([quarantined(3, 0)])
    sent = again(one)
    assert (sent.topic, sent.key, sent.value, sent.timestamp) == ("issues.raw", b"key", b"\xff\xfe", 1_700_000_000_000)
    told = (("quarantine-attempt", b"1"), ("quarantine-first-offset", b"3"))
    assert sent.headers == (("page", b"1"), ("traceparent", sent.headers[1][1]), *told)
    failed_again = original(7, headers=sent.headers)
    rejection = Rejection(failed_again, Rejected("binary"))
    [second] = held([stored(to_quarantine(rejection, stage="ingest", topic=TOPIC), 1)])
    assert second.facts.attempt == 2


def test_a_resolution_says_what_failed_where_as_the_message_did() -> None:
    [one] = held([quarantined(3, 0)])
    told = dict(resolution(one, "dropped", TOPIC).headers)
    assert (told["quarantine-resolved"], told["quarantine-reference"]) == (b"dropped", b"0-0")
    origin = {name: value for name, value in one.record.headers if name.removeprefix("quarantine-") in ORIGIN}
    assert len(origin) == len(ORIGIN)
    assert origin.items() <= told.items()


def test_what_fails_again_keeps_its_place_before_what_stood_behind_it_at_first() -> None:
    [early, _] = held([quarantined(3, 0), quarantined(4, 1)])
    records = [quarantined(3, 0), quarantined(4, 1), stored(resolution(early, "replayed", TOPIC), 2)]
    records.append(quarantined(9, 3, headers=again(early).headers))
    assert [(one.facts.offset, one.facts.attempt) for one in held(records)] == [(9, 2), (4, 1)]


def test_what_fails_once_more_because_its_group_was_rewound_is_no_second_message() -> None:
    records = [quarantined(3, 0), quarantined(4, 1)]
    records.append(stored(resolution(held(records)[0], "dropped", TOPIC), 2))
    records += [quarantined(3, 3), quarantined(4, 4)]
    assert [one.reference for one in held(records)] == ["0-4"]


def test_what_was_sent_again_or_dropped_is_in_quarantine_no_more() -> None:
    records = [quarantined(3, 0), quarantined(4, 1), quarantined(5, 2)]
    first, second, _ = held(records)
    records += [stored(resolution(first, "replayed", TOPIC), 3), stored(resolution(second, "dropped", TOPIC), 4)]
    assert [one.facts.offset for one in held(records)] == [5]


def test_a_record_that_the_quarantine_did_not_write_is_left_alone() -> None:
    assert held([original(1)]) == []


def test_a_selection_fits_by_stage_error_time_and_name() -> None:
    [one] = held([quarantined(3, 5, error="page 0: too small")])
    assert Selection(stage="ingest", error="PAGE 0", since=1_700_000_000_000, references=frozenset({"0-5"})).fits(one)
    for wanted in (
        Selection(stage="tag"),
        Selection(error="else"),
        Selection(until=1),
        Selection(references=frozenset({"0-6"})),
    ):
        assert not wanted.fits(one)
