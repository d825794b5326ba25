"""A dump gives back each record as it was, and a file that is none is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.operate.sources import line_of, message_of
from services.runtime.messages.records import Record

bytes_or_none = st.none() | st.binary(max_size=40)


@given(
    key=bytes_or_none,
    value=bytes_or_none,
    headers=st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=8)), max_size=3),
    timestamp=st.integers(0, 2**42),
)
def test_a_record_comes_back_byte_for_byte(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]], timestamp: int
) -> None:
    """Pages are GB18030, Big5 or no text at all."""
    line = line_of(Record("evening-issues.raw", 3, 17, timestamp, key, value, tuple(headers)), "issues.raw")
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert message_of(line) == {
        "topic": "issues.raw",
        "partition": 3,
        "timestamp_ms": timestamp,
        "key": key,
        "value": value,
        "headers": headers,
    }


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"topic": "issues.raw"}', "paper,date"])
def test_what_no_dump_has_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        message_of(line)
