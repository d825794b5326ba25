"""An independent model of what docs/delivery.md says about revisions, withdrawals and versions.

It imports nothing from services/. The writer of a message tells what it means, and the rules are written here again.

1. The newest revision of a page wins, in any order of arrival. A revision has one text: a second text is refused.
2. A complete issue or a withdrawal clears everything older than itself, including older messages that arrive later.
3. Each arrival that changes anything makes the next version: `revision * 2048 + arrivals under it + corrections`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STEPS = 2048

Place = tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...], int]
"""Key, value, headers and timestamp (ms) of a record, by which its writer recognises it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a newsroom says with a message: these pages (number, text) of an issue, under this revision."""

    issue_id: str
    revision: int
    pages: tuple[tuple[int, str], ...] = ()
    complete: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A known page: its revision and its text."""

    revision: int
    text: str


class SecondText(ValueError):
    """A page arrived with a revision that is known with another text."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A known issue.

    Attributes:
        floor: everything older than this revision is gone.
        revision: the newest revision that changed anything; -1 before the first message.
        arrivals: how many more arrivals changed something since that revision arrived.
    """

    floor: int = 0
    revision: int = -1
    arrivals: int = 0
    sheets: Mapping[int, Sheet] = field(default_factory=dict)

    def after(self, message: Meaning) -> Edition:
        """Return the edition after a message, or the same edition if the message changes nothing.

        Raises:
            SecondText: the message gives a revision of a page another text.
        """
        clears = message.revision + 1 if message.withdrawn else message.revision if message.complete else 0
        floor = max(self.floor, clears)
        sheets = {number: sheet for number, sheet in self.sheets.items() if sheet.revision >= floor}
        for number, text in message.pages:
            known = sheets.get(number)
            if known is not None and known.revision == message.revision and known.text != text:
                raise SecondText(f"{message.issue_id} page {number} revision {message.revision}")
            if message.revision >= floor and (known is None or message.revision > known.revision):
                sheets[number] = Sheet(message.revision, text)
        if self.revision >= 0 and (floor, sheets) == (self.floor, self.sheets):
            return self
        if message.revision > self.revision:
            return Edition(floor, message.revision, 0, sheets)
        return Edition(floor, self.revision, self.arrivals + 1, sheets)

    def version(self, corrections: int) -> int:
        """Return the version with this many known corrections."""
        return self.revision * STEPS + self.arrivals + corrections


@dataclass(slots=True)
class Corrections:
    """The set of corrections that editors sent for an issue, in JSON form; they take effect by time and then by id."""

    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, one: Mapping[str, Any]) -> bool:
        """Add a correction; tell whether it must be refused because its id was sent with other content."""
        return self.sent.setdefault(one["correction_id"], one) != one

    def chosen(self, what: str) -> dict[str, Any]:
        """Return article id -> the last choice of headline or kind that was not taken back."""
        gone = {one["change"]["taken_back"] for one in self.sent.values() if one["change"]["change"] == "take_back"}
        return {
            one["article_id"]: one["change"][what]
            for one in by_time(self.sent.values())
            if one["change"]["change"] == what and one["correction_id"] not in gone
        }


def by_time(corrections: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return corrections in the order in which they take effect."""
    return sorted(corrections, key=lambda one: (one["at"], one["correction_id"]))


def wandering_ids(versions: Iterable[tuple[int, Mapping[str, str]]]) -> list[str]:
    """Return what is wrong with the ids of an issue: an unchanged article that has another id than before.

    Args:
        versions: versions of the issue, each with id -> text of its articles, in any order; none is by a correction.
    """
    last: dict[str, str] = {}
    wrong = []
    for version, texts in sorted(versions, key=lambda each: each[0]):
        for article_id, text in texts.items():
            before = [old for old, was in last.items() if was == text]
            alone = sum(other == text for other in texts.values()) == 1
            if alone and len(before) == 1 and before[0] != article_id:
                wrong.append(f"{article_id} at {version} was {before[0]} before, with the same text")
        last |= texts
    return wrong
