"""How much one record, one page and one issue may hold, in bytes as they are written to Kafka and Elasticsearch.

A text is counted as JSON writes it: a line feed takes two bytes there, a Chinese character three. What memory follows
from these figures in each worker is worked out in docs/limits.md; tests/integration/pipeline/test_limits.py checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.issue import Page

MEGABYTE = 1024 * 1024

MAX_RECORD_BYTES = 17 * MEGABYTE
"""Of a record's value as sent: JSON may write a Chinese character in six bytes, twice what we count of the largest
issue."""

MAX_PAGE_BYTES = MEGABYTE
"""A newspaper page holds 10 to 20 KB of text; fifty times that is a book sent by mistake."""

MAX_PAGE_LINES = 5_000
"""Lines with text. A page of share prices has under 2,000; an adversary's page of so many takes segment 20 s."""

MAX_ISSUE_BYTES = 8 * MEGABYTE
"""Four hundred pages of 20 KB. A state document holds an issue twice, and an Elasticsearch with a heap of 512 MB never
takes a document of 50 MB."""

MAX_ISSUE_LINES = 40_000
"""Lines with text: a hundred pages of 400."""

MAX_PAGES = 400


def encoded_bytes(text: str) -> int:
    """Return how many bytes `text` takes in a JSON message."""
    return len(to_json(text)) - len('""')


def lines_with_text(text: str) -> int:
    """Return how many lines of `text` hold anything but blanks."""
    return sum(1 for line in text.split("\n") if line and not line.isspace())


def check_record(value: bytes) -> None:
    """Make sure that a record's value is worth reading.

    Raises:
        Rejected: it is larger than any issue.
    """
    if len(value) > MAX_RECORD_BYTES:
        most = _megabytes(MAX_RECORD_BYTES)
        raise Rejected(f"the value has {_megabytes(len(value))}, the most is {most}; send fewer pages at once")


def check_page(name: object, text: str) -> None:
    """Make sure that a page can be worked on.

    Args:
        name: what a person calls the page, such as its number.
        text: the page's text, cleaned.

    Raises:
        Rejected: nothing stands on it, or too much; the text says how much and what the most is.
    """
    if not text.strip():
        raise Rejected(f"page {name}: nothing but blank lines; send the page's text")
    size = encoded_bytes(text)
    if size > MAX_PAGE_BYTES:
        most = _megabytes(MAX_PAGE_BYTES)
        raise Rejected(f"page {name}: {_megabytes(size)} of text as JSON, the most is {most}; is it one page?")
    lines = lines_with_text(text)
    if lines > MAX_PAGE_LINES:
        raise Rejected(f"page {name}: {lines:,} lines with text, the most is {MAX_PAGE_LINES:,}; is it one page?")


def check_issue(issue_id: str, pages: Iterable[Page]) -> None:
    """Make sure that an issue with these pages can be worked on.

    Raises:
        Rejected: it has too many pages, lines or bytes; the text says how many and what the most is.
    """
    known = list(pages)
    for found, most, what in (
        (len(known), MAX_PAGES, "pages"),
        (sum(lines_with_text(page.text) for page in known), MAX_ISSUE_LINES, "lines with text"),
        (sum(map(_page_bytes, known)), MAX_ISSUE_BYTES, "bytes of text as JSON"),
    ):
        if found > most:
            raise Rejected(
                f"{issue_id} would hold {found:,} {what}, the most is {most:,}; publish the rest as an issue of its own"
            )


def _page_bytes(page: Page) -> int:
    """Return how many bytes a page's text and geometry take in a JSON message."""
    return encoded_bytes(page.text) + (len(page.geometry.encode()) if page.geometry else 0)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
