"""What the index shows of the quarantine: facts and never bytes, in whatever order its records are read."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from services.index.app import action
from services.index.mapping import LONGEST_KEYWORD, PROPERTIES
from services.index.quarantine import entry
from services.runtime.errors import Rejected
from services.runtime.messages.quarantine import to_quarantine
from services.runtime.messages.records import Emission, Record, Rejection
from services.runtime.messages.resolved import held, resolution
from services.runtime.names import Names

NAMES = Names("test-")
NAME = "ingest/test-issues.raw/2/7/1700000000000"
KEY = "渔港日报/2023-08-15"
ORIGINAL = Record("test-issues.raw", 2, 7, 1_700_000_000_000, KEY.encode(), b"\xff\xfe page", (("page", b"1"),))


def stored(emission: Emission, offset: int) -> Record:
    """The emission as it stands in quarantine."""
    return Record(NAMES.quarantine, 3, offset, emission.timestamp, emission.key, emission.value, emission.headers)


def quarantined(error: str = "binary", original: Record = ORIGINAL, offset: int = 5) -> Record:
    rejection = Rejection(original, Rejected(error))
    return stored(to_quarantine(rejection, stage="ingest", topic=NAMES.quarantine), offset)


def test_an_entry_says_which_message_failed_where_and_why_and_holds_none_of_its_bytes() -> None:
    assert entry(quarantined()) == (
        NAME,
        1,
        {
            "reference": "3-5",
            "time": 1_700_000_000_000,
            "stage": "ingest",
            "error": "binary",
            "error_type": "Rejected",
            "attempt": 1,
            "topic": "test-issues.raw",
            "partition": 2,
            "offset": 7,
            "key": KEY,
        },
    )


def test_every_field_of_an_entry_is_one_of_the_index() -> None:
    records = [quarantined()]
    records.append(stored(resolution(held(records)[0], "dropped", NAMES.quarantine), 6))
    found = [entry(record) for record in records]
    assert {name for one in found if one for name in one[2]} == PROPERTIES["quarantine"].keys()


def test_a_message_without_a_key_has_none() -> None:
    found = entry(quarantined(original=replace(ORIGINAL, key=None)))
    assert found is not None
    assert "key" not in found[2]


def test_what_was_sent_again_or_dropped_wins_whichever_is_read_first() -> None:
    failed = quarantined()
    resolved = stored(resolution(held([failed])[0], "replayed", NAMES.quarantine), 6)
    for order in permutations((failed, resolved, failed)):
        index: dict[str, tuple[int, dict[str, object]]] = {}
        for _, operation, source in (one for record in order for one in action(record, NAMES)):
            target = operation["index"]
            assert (target["_index"], target["version_type"]) == ("test-quarantine-write", "external_gte")
            if target["version"] >= index.get(target["_id"], (0, {}))[0]:
                index[target["_id"]] = target["version"], source
        assert {name: source.get("resolved") for name, (_, source) in index.items()} == {NAME: "replayed"}


def test_a_message_that_comes_round_again_after_a_rewind_has_one_entry_under_its_newest_reference() -> None:
    (first, second) = (entry(quarantined(offset=offset)) for offset in (5, 9))
    assert first is not None
    assert second is not None
    assert (first[0], first[1]) == (second[0], second[1])
    assert (first[2]["reference"], second[2]["reference"]) == ("3-5", "3-9")


def test_a_record_that_the_quarantine_did_not_write_has_no_entry() -> None:
    foreign = replace(ORIGINAL, topic=NAMES.quarantine)
    assert entry(foreign) is None
    assert action(foreign, NAMES) == []
    half = quarantined()
    headers = tuple((name, b"x" if name == "quarantine-offset" else value) for name, value in half.headers)
    assert entry(replace(half, headers=headers)) is None
    headers = tuple((name, b"x" * 500 if name == "quarantine-stage" else value) for name, value in half.headers)
    assert entry(replace(half, headers=headers)) is None, "Elasticsearch takes no id so long"


@given(st.text(max_size=LONGEST_KEYWORD * 4), st.binary(max_size=LONGEST_KEYWORD * 2))
def test_an_error_and_a_key_can_always_be_counted_and_filtered_by(error: str, key: bytes) -> None:
    found = entry(quarantined(error or "x", replace(ORIGINAL, key=key)))
    assert found is not None
    assert max(len(found[2]["error"]), len(found[2]["key"])) <= LONGEST_KEYWORD
