from __future__ import annotations

import pytest

from services.runtime.errors import Abandoned, Rejected, Unavailable
from services.runtime.messages import records
from services.runtime.messages.records import MOST_SENT_BYTES, Batch, Emission, Record


def record(offset: int) -> Record:
    return Record("issues", 0, offset, 1_700_000_000_000, b"key", b"value")


def emission(value: bytes) -> Emission:
    return Emission("articles", b"key", value, (), 0)


def test_an_error_over_one_record_rejects_it_alone_and_takes_back_what_it_emitted() -> None:
    batch = Batch([record(0), record(1)])
    for each in batch.records:
        with batch.attempt(each):
            batch.emissions.append(emission(b"%d" % each.offset))
            if each.offset == 0:
                raise Rejected("no issue")
    assert [one.value for one in batch.emissions] == [b"1"]
    assert [one.record.offset for one in batch.rejections] == [0]


@pytest.mark.parametrize("error", [Abandoned("stop"), Unavailable("away")])
def test_a_servers_absence_is_not_the_records_fault(error: Exception) -> None:
    batch = Batch([record(0)])
    with pytest.raises(type(error)), batch.attempt(batch.records[0]):
        raise error
    assert not batch.rejections


def test_a_batch_that_has_taken_its_time_leaves_the_rest_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch([record(offset) for offset in range(4)])
    batch.reject(batch.records[0], Rejected("does not decode"))
    batch.reject(batch.records[3], Rejected("does not decode"))
    monkeypatch.setattr(records, "LONGEST_SECONDS", -1.0)
    done = [each.offset for each, _ in batch.in_time((one, None) for one in batch.records[1:3])]
    assert done == [1]
    assert {each.offset for each in batch.left} == {2, 3}
    assert [one.record.offset for one in batch.rejections] == [0]


def test_a_batch_with_time_enough_leaves_nothing() -> None:
    batch = Batch([record(offset) for offset in range(3)])
    assert [each.offset for each, _ in batch.in_time((one, None) for one in batch.records)] == [0, 1, 2]
    assert not batch.left


def test_the_next_batch_begins_behind_the_last_record_or_with_the_first_that_was_left() -> None:
    records = [record(3), record(4), record(5), Record("corrections", 1, 7, 0, b"key", b"value")]
    batch = Batch(records)
    assert batch.reached() == {("issues", 0): 6, ("corrections", 1): 8}
    batch.left = frozenset(records[1:])
    assert batch.reached() == {("issues", 0): 4, ("corrections", 1): 7}


def test_a_batch_that_holds_enough_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each arrival emits its whole issue: five hundred of them would fill the memory."""
    monkeypatch.setattr(records, "MOST_EMITTED_BYTES", 25)
    batch = Batch([record(offset) for offset in range(5)])
    for each, _ in batch.in_time((one, None) for one in batch.records):
        with batch.attempt(each):
            batch.emissions.append(emission(b"ten bytes!"))
    assert [len(batch.emissions), {each.offset for each in batch.left}] == [2, {2, 3, 4}]


def test_a_record_that_leads_to_a_message_kafka_never_takes_goes_to_quarantine_alone() -> None:
    """The transaction would fail with it, again and again, and the worker end each time."""
    batch = Batch([record(0), record(1)])
    for each in batch.records:
        with batch.attempt(each):
            batch.emissions.append(emission(b"x" * (MOST_SENT_BYTES if each.offset else 10)))
    assert [one.record.offset for one in batch.rejections] == [1]
    assert [len(one.value or b"") for one in batch.emissions] == [10]
