"""Addresses on the desk."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def article_address(article_id: str, query: str = "") -> str:
    """Return the address of an article's page, which marks the words of `query`."""
    return f"/articles/{quote(article_id)}{'?' + urlencode({'q': query}) if query.strip() else ''}"


def issue_address(issue_id: str, page: int | None = None, story: str = "", picking: str = "") -> str:
    """Return the address of an issue's page, at a given page, with the article being read marked.

    `picking` is the id of an article for which the editor chooses another one there, to merge it.
    """
    pairs = {name: value for name, value in (("story", story), ("pick", picking)) if value}
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"/issues/{quote(issue_id)}{query}{f'#page-{page}' if page else ''}"


def line_anchor(page: int, line: int) -> str:
    """Return the id that a printed line has on every page of the desk."""
    return f"p{page}-l{line}"
