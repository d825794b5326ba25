"""Check ids of articles and issues before they reach Elasticsearch as a part of an address."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

ISSUE: Final = re.compile(r"[^/\x00-\x1f]{1,60}/(\d{4}-\d\d-\d\d)", re.ASCII)
ARTICLE: Final = re.compile(rf"{ISSUE.pattern}/[0-9a-f]{{12}}", re.ASCII)


def is_article_id(text: str) -> bool:
    """Return whether the text can be an article's id: paper/date/twelve hexadecimal digits."""
    return _is_id(ARTICLE, text)


def is_issue_id(text: str) -> bool:
    """Return whether the text can be an issue's id: paper/date."""
    return _is_id(ISSUE, text)


def _is_id(form: re.Pattern[str], text: str) -> bool:
    found = form.fullmatch(text)
    if found is None:
        return False
    try:
        dt.date.fromisoformat(found[1])
    except ValueError:
        return False
    return True
