"""Messages that are refused, each with the reason: a valid example with one thing wrong."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from schemas.contracts.valid import EXAMPLES


class Wrong(NamedTuple):
    """One thing that is wrong.

    Attributes:
        why: the reason, for people.
        change: fields that replace those of the example; `None` as a field's name is not possible in JSON.
        without: fields that are taken away.
    """

    why: str
    change: dict[str, Any]
    without: tuple[str, ...] = ()


WRONG: Final[dict[str, tuple[Wrong, ...]]] = {
    "issues.raw": (
        Wrong("paper is missing", {}, ("paper",)),
        Wrong("an unknown field: titel", {"titel": ""}),
        Wrong("a page must be a number, or a section and a number", {"pages": [{"page": "封面", "text": "…"}]}),
        Wrong("date is a number", {"date": 20230815}),
        Wrong("a slash in the paper's name would make another issue id", {"paper": "茂名/日报"}),
        Wrong("revision is a text", {"revision": "7"}),
    ),
    "corrections": (
        Wrong("by is missing: a correction has an author", {}, ("by",)),
        Wrong("no such kind of change", {"change": {"change": "delete"}}),
        Wrong("a headline of more than 200 characters", {"change": {"change": "headline", "headline": "长" * 201}}),
        Wrong("article_id is not an article's id", {"article_id": "茂名日报/2023-08-15"}),
    ),
    "issues": (
        Wrong("version is missing", {}, ("version",)),
        Wrong("version does not fit in 53 bits", {"version": 2**53}),
        Wrong("pages is not a list", {"pages": {"1": "…"}}),
    ),
    "articles": (
        Wrong("no such type of message", {"type": "story"}),
        Wrong("confidence is above 1", {"confidence": 95}),
        Wrong("headline is null; without one it is empty", {"headline": None}),
    ),
    "articles.tagged": (
        Wrong("taxonomy_version is missing", {}, ("taxonomy_version",)),
        Wrong("a topic without its score", {"topics": [{"id": "customs", "label": "海关", "label_en": "Customs"}]}),
        Wrong("version is negative", {"version": -1}),
    ),
    "taxonomy": (
        Wrong("no topic", {"topics": []}),
        Wrong("version is missing", {}, ("version",)),
        Wrong("topics is not a list", {"topics": "customs"}),
    ),
}
"""Topic -> what may be wrong with its first example."""


def _made(topic: str, wrong: Wrong) -> dict[str, Any]:
    value = json.loads(EXAMPLES[topic][0].encode()) | wrong.change
    return {name: each for name, each in value.items() if name not in wrong.without}


INVALID: Final[dict[str, list[tuple[str, dict[str, Any]]]]] = {
    topic: [(wrong.why, _made(topic, wrong)) for wrong in several] for topic, several in WRONG.items()
}
"""Topic -> the reason and the value of each message that is refused."""
