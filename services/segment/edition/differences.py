"""Which messages of a version to send, and how each differs from the one sent before it under the same id.

A version of an issue repeats most articles of the version before. Only what changed is sent. The state knows what was
sent last under each id: its version and a digest of each part. It is written before the batch's transaction commits,
and taken back if the batch comes again, so it never claims what was not delivered.

A version that was handled already sends everything once more, byte for byte as it was sent last. After a rewind,
everything is sent until it was sent under a version as high as the topics had. Otherwise the index would keep what it
has under that version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic_core import to_json

from schemas.article import Article, ArticleVersion, IssueRecord, Withdrawal
from schemas.difference import ChangedPart, Difference, DifferenceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DIGEST_BYTES: Final = 8

COMPARED: Final[frozenset[str]] = frozenset(
    (
        *("headline", "kicker", "deck", "label", "bylines", "source", "body", "captions", "weather", "kind", "pages"),
        *("jumps", "spans", "boxes", "date_assumed", "language", "corrections", "topics_chosen"),
        # Identity: what says which article and which version it is.
        *("type", "article_id", "issue_id", "paper", "date", "revision", "version", "generation", "difference"),
    )
)
"""The fields of an article that other parts than confidence compare, or none."""

PARTS: Final[Mapping[ChangedPart, Callable[[Article], object]]] = {
    "headline": lambda a: (a.headline, a.kicker, a.deck, a.label),
    "bylines": lambda a: (a.bylines, a.source),
    "text": lambda a: (
        [(block.kind, block.text) for block in a.body],
        [(caption.text, caption.credit) for caption in a.captions],
        a.weather,
    ),
    "kind": lambda a: a.kind,
    "pages": lambda a: (a.pages, a.jumps),
    "lines": lambda a: (
        a.spans,
        [block.spans for block in a.body],
        [caption.spans for caption in a.captions],
        a.boxes,
    ),
    "date": lambda a: (a.date_assumed, a.language),
    "corrections": lambda a: (a.corrections, a.topics_chosen),
    # Everything else, so that no field is forgotten.
    "confidence": lambda a: a.model_dump(mode="json", exclude=set(COMPARED)),
}
"""Part -> its content in an article."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The message sent last under an id.

    Attributes:
        parts: part -> digest of its content; empty for a withdrawal.
    """

    version: int
    revision: int
    difference: Difference
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """What was sent of an issue.

    Attributes:
        version: the last version handled; None if there is none.
        sent: id -> the message sent last; None if that is not known.
        floor: what was sent last under a lower version than this is sent again, changed or not.
    """

    version: int | None
    sent: Mapping[str, Sent] | None
    floor: int = -1

    def next(self, message: Article | Withdrawal) -> tuple[Sent, bool]:
        """Return what is sent last under the message's id after its version, and whether to send it now."""
        parts = digests(message)
        before = self.sent.get(message.article_id) if self.sent is not None else None
        if before is not None and before.parts == parts:
            if message.version == self.version:
                return before, True
            if before.version >= self.floor:
                return before, False
        difference = self._difference(message, before, parts)
        return Sent(message.version, message.revision, difference, parts), True

    def _difference(self, message: Article | Withdrawal, before: Sent | None, parts: Mapping[str, str]) -> Difference:
        if self.version is not None and self.sent is None:
            return Difference(kind="restated")
        version = before.version if before else None
        if before is not None and before.parts == parts:
            return Difference(kind="unchanged", version=version)
        if isinstance(message, Withdrawal):
            return Difference(kind="withdrawn", version=version)
        if before is None or not before.parts:
            return Difference(kind="created", version=version)
        changed = tuple(part for part in PARTS if parts[part] != before.parts.get(part))
        return Difference(kind="changed", parts=changed, version=version)


def digests(message: Article | Withdrawal) -> dict[str, str]:
    """Return part -> digest of its content; empty for a withdrawal."""
    if isinstance(message, Withdrawal):
        return {}
    return {
        part: hashlib.blake2b(to_json(content(message)), digest_size=DIGEST_BYTES).hexdigest()
        for part, content in PARTS.items()
    }


def due(
    messages: Iterable[Article | Withdrawal | IssueRecord], history: History
) -> tuple[list[Article | Withdrawal | IssueRecord], dict[str, Sent]]:
    """Return the messages of a version to send, and what is sent last under each id after it.

    Args:
        messages: every message of the version, its record last.
        history: what was sent before.
    """
    found: list[Article | Withdrawal | IssueRecord] = []
    sent: dict[str, Sent] = {}
    for message in messages:
        if isinstance(message, IssueRecord):
            contents = tuple(ArticleVersion(article_id=name, version=one.version) for name, one in alive(sent))
            found.append(message.model_copy(update={"contents": contents}))
            continue
        one, is_due = history.next(message)
        sent[message.article_id] = one
        if is_due:
            as_sent = {"version": one.version, "revision": one.revision, "difference": one.difference}
            found.append(message.model_copy(update=as_sent))
    return found, sent


def alive(sent: Mapping[str, Sent]) -> list[tuple[str, Sent]]:
    """Return the articles that are not withdrawn, in their order."""
    return [(name, one) for name, one in sent.items() if one.parts]


def history_from(state: Mapping[str, Any] | None) -> History:
    """Return what a state says was sent; a state from an earlier release or from a rewind does not say."""
    if state is None:
        return History(None, {})
    floor = state.get("floor", -1)
    if "sent" not in state:
        return History(state["version"], None, floor)
    return History(state["version"], {name: _sent(one) for name, one in state["sent"].items()}, floor)


def to_state(sent: Mapping[str, Sent]) -> dict[str, Any]:
    """Return what was sent, for the state."""
    return {
        name: {
            "version": one.version,
            "revision": one.revision,
            "kind": one.difference.kind,
            "changed": list(one.difference.parts),
            "before": one.difference.version,
            "parts": dict(one.parts),
        }
        for name, one in sent.items()
    }


def _sent(one: Mapping[str, Any]) -> Sent:
    changed = cast("tuple[ChangedPart, ...]", tuple(one["changed"]))
    kind: DifferenceKind = one["kind"]
    difference = Difference(kind=kind, parts=changed, version=one["before"])
    return Sent(one["version"], one["revision"], difference, one["parts"])
