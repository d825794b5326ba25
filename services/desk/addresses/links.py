"""Addresses on the desk."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def article_address(article_id: str, query: str = "") -> str:
    """Return the page of an article; the words of `query` are marked in it."""
    return f"/articles/{quote(article_id)}{'?' + urlencode({'q': query}) if query.strip() else ''}"


def issue_address(issue_id: str, page: int | None = None, story: str = "") -> str:
    """Return the page of an issue, at one of its pages, with one of its articles marked as the one being read."""
    query = f"?{urlencode({'story': story})}" if story else ""
    return f"/issues/{quote(issue_id)}{query}{f'#page-{page}' if page else ''}"


def line_anchor(page: int, line: int) -> str:
    """Return the id that a line of a page has on any page of the desk."""
    return f"p{page}-l{line}"
