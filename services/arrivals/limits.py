"""Size limits for a record, a page and an issue, in bytes as written to Kafka and Elasticsearch.

A text is counted as JSON writes it: a line feed takes two bytes and a Chinese character three. docs/limits.md derives
each worker's memory from these figures, and tests/integration/pipeline/operating/test_limits.py checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.issue import Page

MEGABYTE = 1024 * 1024

MAX_RECORD_BYTES = 9 * MEGABYTE
"""Limit for a record's value as sent.

JSON may write a Chinese character in six bytes, twice the three bytes that we count. So the limit is a little more
than twice MAX_ISSUE_BYTES.
"""

MAX_PAGE_BYTES = MEGABYTE // 2
"""A newspaper page holds 10 to 20 KB of text. Twenty-five times as much is a book that was sent by mistake.

An article that fills such a page makes a document of 6 MB.
"""

MAX_PAGE_LINES = 5_000
"""Lines with text. A page of share prices has under 2,000. A hostile page with 5,000 lines takes segment 20 s."""

MAX_PAGE_LINE_FEEDS = 50_000
"""Blank lines count too: each takes segment 150 bytes of memory."""

MAX_ISSUE_BYTES = 4 * MEGABYTE
"""Two hundred pages of 20 KB.

A state document holds an issue twice. Elasticsearch counts a document five times before it writes it, and accepts a
tenth of its heap at once: with a heap of 512 MB it refused documents of 11 and 17 MB, whatever else it had to do.
"""

MAX_ISSUE_LINES = 40_000
"""Lines with text: a hundred pages of 400 lines."""

MAX_ISSUE_LINE_FEEDS = 400_000
"""Eight of the longest pages; segment takes 60 MB for them."""

MAX_PAGES = 400


def encoded_bytes(text: str) -> int:
    """Return how many bytes `text` takes in a JSON message."""
    return len(to_json(text)) - len('""')


def lines_with_text(text: str) -> int:
    """Return how many lines of `text` hold anything other than blanks."""
    return sum(1 for line in text.split("\n") if line and not line.isspace())


def check_record(value: bytes) -> None:
    """Check that a record's value is not too large to read.

    Raises:
        Rejected: the value is larger than any issue.
    """
    if len(value) > MAX_RECORD_BYTES:
        most = _megabytes(MAX_RECORD_BYTES)
        raise Rejected(f"the value has {_megabytes(len(value))}, the most is {most}; send fewer pages at once")


def check_page(name: object, text: str) -> None:
    """Check that a page has text and is within the limits.

    Args:
        name: the page's name for people, such as its number.
        text: the page's text, cleaned.

    Raises:
        Rejected: the page is blank or too large. The text gives the size and the limit.
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
    feeds = text.count("\n")
    if feeds > MAX_PAGE_LINE_FEEDS:
        raise Rejected(f"page {name}: {feeds:,} line feeds, the most is {MAX_PAGE_LINE_FEEDS:,}; is it one page?")


def check_issue(issue_id: str, pages: Iterable[Page]) -> None:
    """Check that an issue with these pages is within the limits.

    Raises:
        Rejected: the issue has too many pages, lines or bytes. The text gives the number and the limit.
    """
    known = list(pages)
    for found, most, what in (
        (len(known), MAX_PAGES, "pages"),
        (sum(lines_with_text(page.text) for page in known), MAX_ISSUE_LINES, "lines with text"),
        (sum(page.text.count("\n") for page in known), MAX_ISSUE_LINE_FEEDS, "line feeds"),
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
