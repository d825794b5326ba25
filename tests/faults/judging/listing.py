"""The records of an installation's topics in a file, for whoever looks for the cause of a verdict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.faults.judging.holdings import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from services.runtime.messages.records import Record


def write_topics(file: Path, topics: Mapping[str, Sequence[Record]]) -> None:
    """Write each record on a line, as JSON: its place, time (ms), key, headers, size, and the digest of its value."""
    with file.open("w", encoding="utf-8") as sink:
        for topic, records in topics.items():
            for one in records:
                line = {
                    "topic": topic,
                    "at": f"{one.partition}-{one.offset}",
                    "timestamp": one.timestamp,
                    "key": _text(one.key),
                    "headers": {name: _text(value) for name, value in one.headers},
                    "bytes": len(one.value or b""),
                    "digest": digest(one.value),
                }
                sink.write(json.dumps(line, ensure_ascii=False) + "\n")


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "backslashreplace")
