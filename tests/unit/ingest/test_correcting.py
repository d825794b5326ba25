"""Records of corrections: what is one is read, what is none is refused in words that name field and remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.correction import Correction
from services.ingest.correcting import read_correction
from services.runtime.errors import Rejected
from services.runtime.messages.records import Record

ISSUE = "渔港日报/2023-08-04"
GOOD: dict[str, Any] = {
    "correction_id": "0123456789abcdef0123456789abcdef",
    "article_id": f"{ISSUE}/5f0c2a9e41d7",
    "by": "周敏",
    "at": "2023-08-04T14:30:00+08:00",
    "change": {"change": "headline", "headline": "渔港开渔"},
}


def record(value: dict[str, Any] | bytes | None, key: bytes | None = ISSUE.encode()) -> Record:
    held = json.dumps(value).encode() if isinstance(value, dict) else value
    return Record("corrections", 0, 7, 1_691_100_000_000, key, held)


def changed(**change: Any) -> dict[str, Any]:
    return GOOD | {"change": change}


def test_a_correction_says_of_which_issue_it_is() -> None:
    found = read_correction(record(GOOD))
    assert isinstance(found, Correction)
    assert (found.issue_id, found.paper, found.date.isoformat()) == (ISSUE, "渔港日报", "2023-08-04")
    assert found.split_off_id == f"{ISSUE}/0123456789ab"


def test_its_time_is_kept_in_utc_so_that_equal_times_are_equal_bytes() -> None:
    elsewhere = GOOD | {"at": "2023-08-04T06:30:00Z"}
    assert read_correction(record(GOOD)).encode() == read_correction(record(elsewhere)).encode()


def test_a_correction_without_a_key_is_taken() -> None:
    assert read_correction(record(GOOD, key=None)).issue_id == ISSUE


BAD = {
    "nothing": (None, "empty value: send a correction as JSON"),
    "no JSON": (b"{", "not valid JSON"),
    "nobody": (GOOD | {"by": " "}, "by: "),
    "no time zone": (GOOD | {"at": "2023-08-04T14:30:00"}, "at: "),
    "another century": (GOOD | {"at": "0001-01-01T00:00:00+14:00"}, "at: 0001-01-01.*set the sender's clock"),
    "a short id": (GOOD | {"correction_id": "abc"}, "correction_id: "),
    "no such day": (GOOD | {"article_id": "渔港日报/2023-02-30/5f0c2a9e41d7"}, "article_id: .*copy the id"),
    "a field misspelt": (GOOD | {"artikel": 1}, "artikel: unknown field; remove it or correct its spelling"),
    "an unknown change": (changed(change="delete"), "change: .*'headline'"),
    "an empty headline": (changed(change="headline", headline=" "), "headline: "),
    "a headline of two lines": (changed(change="headline", headline="一\n二"), "headline: "),
    "an unknown kind": (changed(change="kind", kind="poem"), "kind: "),
    "too many topics": (changed(change="topics", topics=[f"t{n}" for n in range(21)]), "topics: "),
    "merged with itself": (changed(change="merge", other_id=f"{ISSUE}/5f0c2a9e41d7"), "change.other_id: .*itself"),
    "merged across issues": (
        changed(change="merge", other_id="渔港日报/2023-08-05/5f0c2a9e41d7"),
        "change.other_id: belongs to another issue",
    ),
    "split into itself": (
        changed(change="split", begins="昨日") | {"correction_id": "5f0c2a9e41d7" + "0" * 20},
        "correction_id: begins with the article's own id; choose another",
    ),
    "taking itself back": (changed(change="take_back", taken_back=GOOD["correction_id"]), "change.taken_back: "),
}


@pytest.mark.parametrize(("value", "said"), BAD.values(), ids=BAD)
def test_what_is_none_is_refused_in_words(value: dict[str, Any] | bytes | None, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        read_correction(record(value))


def test_a_key_of_another_issue_is_refused() -> None:
    with pytest.raises(Rejected, match="key '渔港日报/2023-08-05' disagrees with article_id"):
        read_correction(record(GOOD, key="渔港日报/2023-08-05".encode()))
