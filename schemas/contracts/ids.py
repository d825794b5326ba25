"""The ids of the JSON Schemas: which schema a message fits, and which article or issue it is about.

An id names a topic and a major version. The major version rises when a reader of the schema before could no longer read
the messages; within one, messages only gain optional fields.
"""

from __future__ import annotations

from functools import cache
from typing import Final

MAJOR: Final = {
    "issues.raw": 1,
    "corrections": 1,
    "issues": 1,
    "articles": 1,
    "articles.tagged": 1,
    "taxonomy": 1,
}
"""Topic -> the major version of its schema."""

TOPIC_OF: Final = {
    "Issue": "issues",
    "Article": "articles",
    "Withdrawal": "articles",
    "IssueRecord": "articles",
    "TaggedArticle": "articles.tagged",
    "Taxonomy": "taxonomy",
}
"""Class of a message -> the topic whose schema it names. Withdrawals and records fit that of articles.tagged, too."""


@cache
def schema_id(topic: str) -> str:
    """Return the `$id` of the JSON Schema of a topic's values, such as urn:broadsheet:schema:articles.tagged:1."""
    return f"urn:broadsheet:schema:{topic}:{MAJOR[topic]}"


def schema_of(message: object) -> str:
    """Return the `$id` of the schema that a message fits."""
    return schema_id(TOPIC_OF[type(message).__name__])


def subject_of(message: object) -> str:
    """Return the id of the article that a message is about, or else of its issue, or nothing."""
    found: str = getattr(message, "article_id", "") or getattr(message, "issue_id", "")
    return found
