"""The meaning of Elasticsearch's answer to one item of a bulk request."""

from __future__ import annotations

from typing import Any, Literal

Outcome = Literal["done", "again", "gone", "refused"]

NEWER_IS_THERE = 409
PASSING = frozenset({429, 502, 503, 504})


def outcome(item: dict[str, Any]) -> tuple[Outcome, str]:
    """Return the outcome of one item, and the reason if it was refused.

    done: it is indexed, or a newer version is. again: the server is busy, full or blocked. gone: the index is missing,
    because a rebuild has just removed it or because it is lost. refused: the document will never fit.
    """
    result = next(iter(item.values()))
    status, error = result["status"], result.get("error") or {}
    if status < 300 or status == NEWER_IS_THERE:  # noqa: PLR2004  # HTTP's success
        return "done", ""
    if status in PASSING or error.get("type") == "cluster_block_exception":
        return "again", ""
    if error.get("type") == "index_not_found_exception":
        return "gone", ""
    cause = (error.get("caused_by") or {}).get("reason", "")
    return "refused", f"{error.get('type', status)}: {error.get('reason', '')} {cause}".strip()
