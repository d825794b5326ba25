"""Messages of every release are decoded for ever: they are on compacted topics, and nobody writes them again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.contract import decode
from schemas.contracts import generate
from schemas.contracts.invalid import INVALID

GOLDEN = Path(__file__).with_name("golden")
RELEASES = sorted(path.stem for path in GOLDEN.glob("[0-9]*.jsonl"))


def messages(release: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{release}.jsonl").read_text("utf-8").splitlines()]


def test_there_is_a_file_for_each_release_and_a_message_for_each_topic() -> None:
    assert RELEASES[:2] == ["0.1.0", "0.2.0"]
    assert generate.RELEASE in RELEASES, "run `make golden` for the release"
    for release in RELEASES:
        assert {one["topic"] for one in messages(release)} == set(generate.TOPICS)


@pytest.mark.parametrize("release", RELEASES)
def test_every_message_of_a_release_is_read_and_nothing_of_it_is_lost(release: str) -> None:
    for one in messages(release):
        decoded = decode(generate.TOPICS[one["topic"]][0], json.dumps(one["value"]).encode())
        again = json.loads(decoded.encode())
        assert {name: again[name] for name in one["value"]} == one["value"] or covers(again, one["value"])


def covers(found: Any, wanted: Any) -> bool:
    """Tell whether everything in `wanted` is in `found`, which may have more fields."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(covers(found.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(covers, found, wanted))
    return bool(found == wanted)


def test_each_topic_has_examples_of_what_is_refused() -> None:
    assert set(INVALID) == set(generate.TOPICS)
    assert all(len(found) >= 3 for found in INVALID.values())
