"""Read the record of an issue from its document in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.article import IssueRecord, Quality

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
