"""What a form changes in the body and the captions of an article, as changes in the order in which they apply."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from schemas.correction import ANCHOR_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.tagged import TaggedArticle

NUMBERED: Final = re.compile(r"(text|join|caption|credit)_(\d{1,4})")
FAULT: Final = "correct.fault.body"


@dataclass(frozen=True, slots=True)
class BodyDraft:
    """What the form says about each block and caption, by index.

    A line feed in a text breaks the block there. `joins` are blocks that continue the block before. `moved` is the
    index of a block to move, and `to` the article that it moves to, as typed.
    """

    texts: Mapping[int, str] = field(default_factory=dict)
    joins: frozenset[int] = frozenset()
    captions: Mapping[int, str] = field(default_factory=dict)
    credits: Mapping[int, str] = field(default_factory=dict)
    moved: str = ""
    to: str = ""


def read_body(values: Mapping[str, str]) -> BodyDraft:
    """Return the draft in a form's fields: text_0, join_1, caption_0, credit_0, move and move_to."""
    found: dict[str, dict[int, str]] = {"text": {}, "join": {}, "caption": {}, "credit": {}}
    for name, value in values.items():
        if match := NUMBERED.fullmatch(name):
            found[match[1]][int(match[2])] = value
    return BodyDraft(
        found["text"],
        frozenset(found["join"]),
        found["caption"],
        found["credit"],
        values.get("move", ""),
        values.get("move_to", ""),
    )


def anchor_of(text: str) -> str:
    """Return the beginning by which a correction names a block."""
    return text.strip()[:ANCHOR_CHARACTERS].strip()


def place_of(texts: Iterable[str], begins: str) -> int | None:
    """Return the index of the first text with this beginning, compared without marks and spaces, as segment does."""
    wanted = letters(begins)
    return next((at for at, text in enumerate(texts) if wanted and letters(text).startswith(wanted)), None)


def letters(text: str) -> str:
    """Return a text without marks and spaces, in one width and case."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


def body_changes(
    body: BodyDraft, article: TaggedArticle, moved_to: str
) -> tuple[list[tuple[str, dict[str, Any]]], dict[str, str]]:
    """Return the changes with the field of each, and mistakes (field to key of the words).

    Each change names a block by the beginning that it has after the changes before.

    Args:
        body: what the form says.
        article: the article that the form was made from.
        moved_to: the id of the article that `body.to` names; empty if it names none.
    """
    edit = _Edit([block.text for block in article.body])
    for place in sorted(body.texts):
        if place < len(article.body):
            edit.retype(place, article.body[place].text, body.texts[place])
    for place in sorted(body.joins):
        edit.join(place)
    if body.moved.isdigit():
        edit.move(int(body.moved), moved_to)
    for place, caption in enumerate(article.captions):
        text = body.captions.get(place, caption.text).strip()
        credit = body.credits.get(place, caption.credit or "").strip()
        if (text, credit) != (caption.text.strip(), (caption.credit or "").strip()):
            change = {"change": "caption", "begins": anchor_of(caption.text), "text": text, "credit": credit}
            edit.wanted.append((f"caption_{place}", change))
    return edit.wanted, edit.faults


class _Edit:
    """The body while its changes are put together; `starts` has where each block of the article begins now."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.now = list(texts)
        self.starts = list(range(len(texts)))
        self.wanted: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, str] = {}

    def retype(self, place: int, old: str, typed: str) -> None:
        """Replace the text of a block, and break it where the typed text has a line feed."""
        pieces = [piece.strip() for piece in typed.splitlines() if piece.strip()]
        name = f"text_{place}"
        if not pieces:
            self.faults[name] = FAULT
            return
        at = self.starts[place]
        if "".join("".join(pieces).split()) != "".join(old.split()):
            self._want(name, at, {"change": "paragraph", "text": "".join(pieces)})
            self.now[at] = "".join(pieces)
        for piece in pieces[1:]:
            then = anchor_of(piece)
            cut = self.now[at].find(then, 1)
            if cut < 0 or letters(self.now[at][cut:])[: len(letters(piece))] != letters(piece):
                self.faults[name] = FAULT
                return
            self._want(name, at, {"change": "break", "then": then})
            self.now[at : at + 1] = [self.now[at][:cut].rstrip(), self.now[at][cut:].lstrip()]
            at += 1
            self.starts = [start + 1 if start >= at else start for start in self.starts]

    def join(self, place: int) -> None:
        """Join a block to the block before it."""
        if not 0 < place < len(self.starts):
            self.faults[f"text_{place}"] = FAULT
            return
        at = self.starts[place]
        self._want(f"text_{place}", at, {"change": "join"})
        self.now[at - 1 : at + 1] = [self.now[at - 1] + self.now[at]]
        self.starts = [start - 1 if start >= at else start for start in self.starts]

    def move(self, place: int, to_id: str) -> None:
        """Move a block to another article."""
        if place >= len(self.starts) or not to_id or len(self.now) == 1:
            self.faults["move"] = "correct.fault.move"
            return
        self._want("move", self.starts[place], {"change": "move", "to_id": to_id})

    def _want(self, name: str, at: int, change: dict[str, Any]) -> None:
        begins = anchor_of(self.now[at])
        if place_of(self.now, begins) != at:
            self.faults[name] = "correct.fault.anchor"
            return
        self.wanted.append((name, {"begins": begins, **change}))
