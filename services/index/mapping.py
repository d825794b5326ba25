"""The strict mappings of the four kinds of index; a test compares docs/fields.md with them.

They use only what Elasticsearch has without plugins and optional modules. `search.*` is indexed but kept out
of `_source`; `article` is kept in `_source` but not indexed. If old documents do not fit a change, the change must
raise `MAPPING_VERSION`, and a rebuild fills a new index beside the live one.
"""

from __future__ import annotations

from typing import Any, Final

from services.search import fields

MAPPING_VERSION: Final = 3
LONGEST_KEYWORD: Final = 512
"""In characters: a longer value is kept but cannot be filtered (Lucene refuses terms over 32,766 bytes)."""
RESOLVED: Final = "resolved"
"""The field of an entry that is no longer in quarantine."""

KEYWORD: Final = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
KEPT: Final = {"type": "object", "enabled": False}
CHARACTERS: Final = {
    "type": "text",
    "analyzer": "whitespace",
    "position_increment_gap": fields.CLAUSE_GAP,
    "index_options": "positions",
}
PAIRS: Final = {**CHARACTERS, "position_increment_gap": fields.CLAUSE_GAP + 1}
"""A clause has one pair fewer than tokens; a gap that is wider by 1 keeps pairs and characters at equal positions."""

IDENTITY: Final = {
    "issue_id": KEYWORD,
    "paper": KEYWORD,
    "date": {"type": "date", "format": "strict_date"},
    "revision": {"type": "long"},
    "version": {"type": "long"},
}

ARTICLES: Final[dict[str, Any]] = {
    "article_id": KEYWORD,
    **IDENTITY,
    "withdrawn": {"type": "boolean"},
    "date_assumed": {"type": "boolean"},
    "language": KEYWORD,
    "page": KEYWORD,
    "kind": KEYWORD,
    "headline": KEYWORD,
    "kicker": KEYWORD,
    "deck": KEYWORD,
    "column": KEYWORD,
    "source": KEYWORD,
    "reporter": KEYWORD,
    "topic": KEYWORD,
    "topic_label": KEYWORD,
    "place": KEYWORD,
    "place_code": KEYWORD,
    "organisation": KEYWORD,
    "person": KEYWORD,
    "named_date": {"type": "date", "format": "strict_date"},
    "sky": KEYWORD,
    "low_celsius": {"type": "float"},
    "high_celsius": {"type": "float"},
    "characters": {"type": "integer"},
    "confidence": {"type": "float"},
    "headline_confidence": {"type": "float"},
    "flags": KEYWORD,
    "corrected": KEYWORD,
    "corrected_by": KEYWORD,
    "corrected_at": {"type": "date", "format": "strict_date_optional_time"},
    fields.EDITED_BY: KEYWORD,
    fields.EDITED_AT: {"type": "date", "format": "strict_date_optional_time"},
    "taxonomy_version": KEYWORD,
    fields.ARTICLE: KEPT,
    fields.SEARCH: {
        "type": "object",
        "dynamic": "strict",
        "properties": {
            **dict.fromkeys((*fields.PARTS, *fields.GATHERED), CHARACTERS),
            **dict.fromkeys([part + fields.PAIRS for part in (*fields.PARTS, *fields.GATHERED)], PAIRS),
            "words": {"type": "text", "analyzer": "whitespace", "position_increment_gap": fields.CLAUSE_GAP},
        },
    },
}

ISSUES: Final[dict[str, Any]] = {
    **IDENTITY,
    "page": KEYWORD,
    "lines": {"type": "integer"},
    "placed": {"type": "integer"},
    "articles": {"type": "integer"},
    "title_only": {"type": "integer"},
    "body_only": {"type": "integer"},
    "orphan_captions": {"type": "integer"},
    "low_confidence": {"type": "integer"},
    "fair_confidence": {"type": "integer"},
    "good_confidence": {"type": "integer"},
    "high_confidence": {"type": "integer"},
    "ignored_pages": {"type": "integer"},
    "damaged_text": {"type": "integer"},
    "interleaved_columns": {"type": "integer"},
    "unreadable_characters": {"type": "integer"},
    "lines_cleaned": {"type": "integer"},
    "damage_kind": KEYWORD,
    "damage": KEPT,
    "furniture": KEPT,
    "contents": KEPT,
    "corrections": KEPT,
    "ignored": KEPT,
}

QUARANTINE: Final[dict[str, Any]] = {
    "reference": KEYWORD,
    "time": {"type": "date", "format": "epoch_millis"},
    "stage": KEYWORD,
    "error": KEYWORD,
    "error_type": KEYWORD,
    "attempt": {"type": "integer"},
    "topic": KEYWORD,
    "partition": {"type": "integer"},
    "offset": {"type": "long"},
    "key": KEYWORD,
    RESOLVED: KEYWORD,
}

HISTORY: Final[dict[str, Any]] = {
    "article_id": KEYWORD,
    "issue_id": KEYWORD,
    "date": {"type": "date", "format": "strict_date"},
    "revision": {"type": "long"},
    "version": {"type": "long"},
    "generation": {"type": "integer"},
    "time": {"type": "date", "format": "epoch_millis"},
    "caused": {"type": "date", "format": "strict_date_optional_time"},
    "change": KEYWORD,
    "article": KEPT,
}

PROPERTIES: Final[dict[str, dict[str, Any]]] = {
    "articles": ARTICLES,
    "issues": ISSUES,
    "quarantine": QUARANTINE,
    "history": HISTORY,
}
VERSIONS: Final[dict[str, int]] = {**dict.fromkeys(PROPERTIES, MAPPING_VERSION), "history": 1}
"""Kind -> the version of its mapping. No rebuild can fill the history anew, so its mapping may only grow."""


def mappings(kind: str) -> dict[str, Any]:
    """Return the mappings of `kind`; Elasticsearch refuses a field that they do not name."""
    body: dict[str, Any] = {
        "dynamic": "strict",
        "date_detection": False,
        "_meta": {"mapping_version": VERSIONS[kind]},
        "properties": PROPERTIES[kind],
    }
    if kind == "articles":
        body["_source"] = {"excludes": [f"{fields.SEARCH}.*"]}
    return body


SETTINGS: Final[dict[str, Any]] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "codec": "best_compression",
}
"""The settings of an index of any kind.

They give no `refresh_interval`. So Elasticsearch refreshes an index once a second while it is searched, and not while
nobody has searched it for 30 s (`index.search.idle.after`); the first search after that waits for a refresh.
"""
