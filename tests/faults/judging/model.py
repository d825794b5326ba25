"""What docs/delivery.md says of revisions, withdrawals and versions, in a model of its own.

It imports nothing of services/: what a message means is told by who wrote it, and the rules are written here once more.

1. The newest revision of a page wins, in whatever order they come. One revision has one text: a second is refused.
2. A whole issue or a withdrawal clears what is older than itself, also what is older and comes later.
3. Each arrival that changes anything makes the next version: `revision * 2048 + arrivals under it + corrections`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STEPS = 2048

Place = tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...], int]
"""Key, value, headers and timestamp (ms) of a record: who wrote it knows it again by these."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a newsroom says with one message: these pages (number, text) of an issue, under this revision."""

    issue_id: str
    revision: int
    pages: tuple[tuple[int, str], ...] = ()
    complete: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as known: its revision and its text."""

    revision: int
    text: str


class SecondText(ValueError):
    """A page came under a revision that is known with another text."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue as known.

    Attributes:
        floor: what is older than this revision is gone.
        revision: the newest that changed anything; -1 before the first message.
        arrivals: how many more changed something since that revision came.
    """

    floor: int = 0
    revision: int = -1
    arrivals: int = 0
    sheets: Mapping[int, Sheet] = field(default_factory=dict)

    def after(self, message: Meaning) -> Edition:
        """Return the edition after a message; itself when the message changes nothing.

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
        """Return the version with so many corrections known."""
        return self.revision * STEPS + self.arrivals + corrections


@dataclass(slots=True)
class Corrections:
    """What editors sent for one issue, each a correction as JSON has it: a set, which counts by time and then by id."""

    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, one: Mapping[str, Any]) -> bool:
        """Take one in; tell whether it is to be refused, since its id was sent with another content."""
        return self.sent.setdefault(one["correction_id"], one) != one

    def chosen(self, what: str) -> dict[str, Any]:
        """Return article id -> what was chosen last and not taken back: of headline or kind."""
        gone = {one["change"]["taken_back"] for one in self.sent.values() if one["change"]["change"] == "take_back"}
        return {
            one["article_id"]: one["change"][what]
            for one in by_time(self.sent.values())
            if one["change"]["change"] == what and one["correction_id"] not in gone
        }


def by_time(corrections: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return corrections in the order in which they count."""
    return sorted(corrections, key=lambda one: (one["at"], one["correction_id"]))


def wandering_ids(versions: Iterable[tuple[int, Mapping[str, str]]]) -> list[str]:
    """Return what is wrong with the ids of one issue: an article that is the same under another id than before.

    Args:
        versions: of the issue, each with id -> text of its articles, in any order; there are no corrections among them.
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
