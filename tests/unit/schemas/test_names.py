"""Names of papers and editors are one visible line; a refusal names the character."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.contract import ContractError, decode
from schemas.correction import Correction, Editor
from schemas.names import PAPER_PATTERN, PERSON_PATTERN, REFUSED
from schemas.raw import RawIssue
from services.runtime.errors import Rejected
from services.runtime.kafka.corrections import new_correction

MARKS = [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", *"\x00\x1b\x7f\x9b\u2028\u2029"]
GOOD = ("茂名日报", "O'Neill & Söhne", "a\u200db", "𠮷", "ا")


def issue(paper: str) -> RawIssue:
    message = {"paper": paper, "date": "2023-08-15", "pages": [{"page": 1, "text": "x"}]}
    return decode(RawIssue, json.dumps(message).encode())


EDITOR: TypeAdapter[str] = TypeAdapter(Editor)


@pytest.mark.parametrize("mark", MARKS)
def test_a_character_that_hides_or_turns_text_is_refused_and_named(mark: str) -> None:
    """The error says which field, which character and where, and what to do."""
    said = rf"U\+{ord(mark):04X} at place 3; remove it"
    with pytest.raises(ContractError, match=rf"paper: .*{said}"):
        issue(f"茂名{mark}日报")
    with pytest.raises(ValidationError, match=rf"by: .*{said}"):
        EDITOR.validate_python(f"周敏{mark}x")
    with pytest.raises(Rejected, match=rf"by: .*{said}" if mark not in "\x00\x1b" else "by: "):
        new_correction("茂名日报/2023-08-15/0123456789ab", {"change": "kind", "kind": "brief"}, f"周敏{mark}x")


@pytest.mark.parametrize("name", GOOD)
def test_other_names_are_taken_as_they_are(name: str) -> None:
    """Letters of any script, and joiners within words, are names."""
    assert issue(f" {name} ").paper == name
    assert EDITOR.validate_python(name) == name


def test_what_was_stored_under_an_older_rule_is_still_read() -> None:
    """A correction of an earlier release applies for ever, whatever its editor's name has in it."""
    made = new_correction("茂名日报/2023-08-15/0123456789ab", {"change": "kind", "kind": "brief"}, "周敏")
    stored = made.encode().replace("周敏".encode(), "周\u202e敏".encode())
    assert decode(Correction, stored).by == "周\u202e敏"


def test_a_slash_would_end_the_paper_in_an_id() -> None:
    """Ids are paper/date, so the paper has none."""
    with pytest.raises(ContractError, match="paper: 'a/b' has a slash"):
        issue("a/b")


@pytest.mark.parametrize("name", [*GOOD, *(f"a{mark}b" for mark in MARKS)])
def test_the_published_pattern_agrees(name: str) -> None:
    """The JSON Schema refuses what the code refuses."""
    assert bool(re.fullmatch(PERSON_PATTERN, name)) == bool(re.fullmatch(PAPER_PATTERN, name))
    assert bool(re.fullmatch(PAPER_PATTERN, name)) == (REFUSED.search(name) is None)
