"""What changed in an article, as a receiver would see it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from schemas.article import GENERATIONS, Withdrawal

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle

Kind = Literal["created", "changed", "withdrawn"]
State = Literal["claimed", "waiting", "sent", "refused", "uncertain"]
"""How far a delivery is: about to be sent, failed and to be tried again, or settled in one of three ways."""
SEEN: Final = {
    *("article_id", "date", "pages", "kind", "headline", "kicker", "deck", "label", "bylines", "source", "body"),
    *("captions", "weather", "flags", "topics_unknown"),
}
"""What a receiver sees of an article; its version, its lines and its scores may change without a change of these."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a receiver was told last: what, the digest and the order of that message, and whether that is settled."""

    kind: Kind
    digest: str
    order: int
    state: State

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.state in {"sent", "refused", "uncertain"}


@dataclass(frozen=True, slots=True)
class Change:
    """A message that a receiver has to be told of.

    `key` is the same whenever the same change is delivered again, so that a receiver can drop repeats.
    """

    kind: Kind
    message: TaggedArticle | Withdrawal
    digest: str
    order: int

    def key(self, subscription: str) -> str:
        """Return the delivery's id for a subscription."""
        named = "\0".join((subscription, self.message.article_id, str(self.order), self.digest))
        return f"msg_{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def digest_of(message: TaggedArticle | Withdrawal) -> str:
    """Return what tells two versions of an article apart for a receiver; equal if it sees no difference."""
    if isinstance(message, Withdrawal):
        return "withdrawn"
    seen = message.model_dump(mode="json", include=SEEN)
    for part in ("body", "captions"):
        seen[part] = [{name: value for name, value in one.items() if name != "spans"} for one in seen[part]]
    seen["topics"] = [topic.id for topic in message.topics]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def order_of(message: TaggedArticle | Withdrawal) -> int:
    """Return the number that grows with each version of an article, as in the index."""
    return message.version * GENERATIONS + message.generation


def change_of(message: TaggedArticle | Withdrawal, known: Known | None) -> Change | None:
    """Return what a receiver has to be told; None if it knows it already.

    A withdrawal counts only for a receiver that was told of the article.
    """
    digest, order = digest_of(message), order_of(message)
    if known is None:
        return None if isinstance(message, Withdrawal) else Change("created", message, digest, order)
    if known.order > order or (known.digest == digest and known.is_settled):
        return None
    if known.digest == digest:
        return Change(known.kind, message, digest, known.order)
    if isinstance(message, Withdrawal):
        return Change("withdrawn", message, digest, order)
    return Change("created" if known.kind == "withdrawn" else "changed", message, digest, order)
