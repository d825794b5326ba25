"""Records of `issues.raw` as tests publish them."""

from __future__ import annotations

import json
from typing import Any

from services.runtime.messages.records import Record

TIMESTAMP = 1_691_100_000_000


def text_record(text: str | bytes | None, *, key: bytes | None = None, **headers: str) -> Record:
    """Return a plain-text record; a keyword `date_assumed` becomes the header date-assumed."""
    value = text.encode() if isinstance(text, str) else text
    pairs = tuple((name.replace("_", "-"), field.encode()) for name, field in headers.items())
    return Record("issues.raw", 0, 7, TIMESTAMP, key, value, pairs)


def page_record(text: str | bytes | None, **headers: str) -> Record:
    """Return a plain-text record of page 1 of an issue."""
    whole: dict[str, Any] = {"paper": "渔港日报", "date": "2023-08-04", "page": "1"} | headers
    return text_record(text, **whole)


def json_record(key: bytes | None = None, **fields: Any) -> Record:
    """Return a JSON record of an issue with one page; a field given as None is left out."""
    whole = {"paper": "渔港日报", "date": "2023-08-04", "pages": [{"page": 1, "text": "渔港开渔"}]} | fields
    value = json.dumps({name: field for name, field in whole.items() if field is not None})
    return Record("issues.raw", 0, 7, TIMESTAMP, key, value.encode())
