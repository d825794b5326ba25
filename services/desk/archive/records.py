"""Read the record of an issue, or the withdrawal of an article, from its document in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.article import IssueRecord, Quality, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_record(source: Mapping[str, Any]) -> IssueRecord:
    """Return the record in an issue's document; older releases wrote fewer quality counts."""
    return IssueRecord.model_validate(
        {
            **{name: source[name] for name in ("issue_id", "paper", "date", "revision", "version")},
            "pages": source["page"],
            "furniture": source["furniture"]["spans"],
            "quality": {name: source[name] for name in Quality.model_fields if name in source},
            "corrections": source.get("corrections", ()),
        },
        strict=False,
    )


def read_withdrawal(source: Mapping[str, Any]) -> Withdrawal:
    """Return the withdrawal in an article's document."""
    names = ("article_id", "issue_id", "paper", "date", "revision", "version")
    return Withdrawal.model_validate({name: source[name] for name in names}, strict=False)
