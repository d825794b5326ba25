"""What Elasticsearch's answers to bulk requests mean for the documents in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from elasticsearch import ApiError

Kind = Literal["done", "conflict", "again", "gone", "refused"]

CONFLICT = 409
TOO_LARGE = 413
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})
"""Too many requests or a block (a full disk answers 429 too), a fault in the server, a cluster that is not up."""
PASSING_TYPES = frozenset({"cluster_block_exception", "index_closed_exception"})
"""Errors after a person has blocked or closed an index, which a person will also undo."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    Attributes:
        kind: done: the index has it. conflict: the index has another version. again: the server is busy, full or
            blocked. gone: the index does not exist. refused: the server will never accept it.
        reason: why, unless the kind is done.
    """

    kind: Kind
    reason: str = ""


DONE = Outcome("done")


def of_item(item: Mapping[str, Any]) -> Outcome:
    """Return the outcome of one document, from its item in the answer to a bulk request."""
    result = next(iter(item.values()))
    status, error = result["status"], result.get("error") or {}
    if "error" not in result and status < 300:  # noqa: PLR2004  # HTTP's success
        return DONE
    kind = error.get("type")
    cause = (error.get("caused_by") or {}).get("reason", "")
    reason = f"{kind or status}: {error.get('reason', '')} {cause}".strip()
    if status == CONFLICT:
        return Outcome("conflict", reason)
    if status in PASSING_STATUSES or kind in PASSING_TYPES:
        return Outcome("again", reason)
    return Outcome("gone" if kind == "index_not_found_exception" else "refused", reason)


def of_request(error: ApiError) -> Outcome:
    """Return what an error for a complete bulk request means for every document in it."""
    reason = reason_of(error)
    if error.meta.status == TOO_LARGE:
        return Outcome("refused", f"the request is too large: {reason}")
    return Outcome("again" if error.meta.status in PASSING_STATUSES else "refused", reason)


def reason_of(error: BaseException) -> str:
    """Return a short reason why a request failed: the HTTP status and the server's words, or the error's type."""
    body = getattr(error, "body", None)
    if not isinstance(body, Mapping):
        return type(error).__name__
    told = body.get("error")
    status = getattr(getattr(error, "meta", None), "status", "")
    if isinstance(told, Mapping):
        return f"{status} {told.get('type', '')}: {str(told.get('reason', ''))[:200]}".strip()
    return f"{status} {told or type(error).__name__}".strip()
