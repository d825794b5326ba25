"""Values of facets that contain the text typed so far: the request for them, and its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_letters
from typing import TYPE_CHECKING, Any, Final

from services.search import fields
from services.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

SUGGESTED: Final = ("topic", "place", "organisation", "person", "reporter", "column", "paper")
SUGGESTIONS_EACH: Final = 5
REGEXP_SIGNS: Final = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value of a facet that contains the typed text, and its number of articles."""

    facet: str
    value: str
    count: int


def suggestion_counts(text: str) -> dict[str, Any]:
    """Return the aggregations that count values with `text`, as typed or normalised; none if it is blank."""
    spellings = sorted({text.strip(), normalise(text).text.strip()} - {""})
    if not spellings:
        return {}
    pattern = "|".join(f".*{_literal(spelling)}.*" for spelling in spellings)
    names = {name: "topic_label" if name == "topic" else fields.FACETS[name] for name in SUGGESTED}
    return {
        name: {"terms": {"field": field_name, "include": pattern, "size": SUGGESTIONS_EACH}}
        for name, field_name in names.items()
    }


def suggestions(aggregations: Mapping[str, Any]) -> list[Suggestion]:
    """Return the suggestions in Elasticsearch's answer to `suggestion_counts`, the most frequent first."""
    found = [
        Suggestion(name, str(bucket["key"]), bucket["doc_count"])
        for name in SUGGESTED
        for bucket in aggregations[name]["buckets"]
    ]
    return sorted(found, key=lambda one: (-one.count, SUGGESTED.index(one.facet), one.value))


def _literal(text: str) -> str:
    """Return the Lucene regular expression that matches `text` in capitals or small letters."""
    return "".join(
        f"[{letter.lower()}{letter.upper()}]" if letter in ascii_letters else REGEXP_SIGNS.sub(r"\\\1", letter)
        for letter in text
    )
