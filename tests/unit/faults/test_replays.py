"""What must be held after an operator replayed messages from quarantine."""

from __future__ import annotations

from dataclasses import replace

from services.runtime.errors import Rejected
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Record, Rejection
from services.runtime.messages.resolved import again, held
from tests.faults.judging.verdict import judge
from tests.unit.faults.test_verdict import correction, expected, raw

FIRST = raw(seed=8, issues=12)[0]


def replay(record: Record) -> Record:
    """Return the record that an operator's replay writes after `record` was quarantined."""
    aside = to_quarantine(Rejection(record, Rejected("no")), stage="ingest", topic="quarantine")
    (one,) = held([Record("quarantine", 0, 0, record.timestamp, aside.key, aside.value, aside.headers)])
    return replace(record, headers=again(one).headers)


def test_a_message_that_is_replayed_means_what_it_meant() -> None:
    """On its way through quarantine it gets a trace and the number of its tries."""
    back = replay(FIRST)
    must = expected([FIRST, back])
    assert back.headers != FIRST.headers
    assert list(must.issues.values()) == [2]
    assert not must.quarantined


def test_a_message_that_is_replayed_after_a_correction_gives_the_corrected_issue() -> None:
    """The topics do not tell whether the replay or the correction came first."""
    back = replay(FIRST)
    change = correction(0, min(expected([FIRST]).visible), {"change": "headline", "headline": "渔港更正"})
    must, does = expected([FIRST, back], [change]), expected([FIRST], [change, change])
    assert judge(must, does).holds
    assert judge(expected([FIRST, FIRST], [change]), does).lost
