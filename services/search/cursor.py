"""The opaque start of the next page, which addresses and programs pass back unchanged."""

from __future__ import annotations

import base64
import binascii
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.search.request.body import ORDER

if TYPE_CHECKING:
    from services.search.answer import Answer
    from services.search.request.body import Search, Sort

DEEPEST_PAGE: Final = 500
"""Pages that a search may be followed; for more, use the export."""
LONGEST_CURSOR: Final = 1000
LARGEST_LONG: Final = 2**63 - 1


class CursorError(ValueError):
    """A text that is not a cursor of this search, with a message for a person."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The start of page number `page` (the first is 1): after the hit with these sort `values`."""

    sort: Sort
    page: int
    values: tuple[Any, ...]


def encode(cursor: Cursor) -> str:
    """Return the cursor as URL-safe characters."""
    content = json.dumps([cursor.sort, cursor.page, *cursor.values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


def decode(text: str, sort: Sort) -> Cursor:
    """Return the cursor in `text`, which must be one of a search in the order `sort`.

    Raises:
        CursorError: it is not, or it is deeper than `DEEPEST_PAGE`.
    """
    try:
        content = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise CursorError("not a cursor; pass the one that the page before gave") from None
    if not isinstance(content, list) or len(content) != len(ORDER[sort]) + 2 or content[0] != sort:
        raise CursorError("this cursor belongs to a search in another order")
    page, values = content[1], content[2:]
    if type(page) is not int or page < 1 or not all(_fits(value, at, values) for at, value in enumerate(values)):
        raise CursorError("not a cursor; pass the one that the page before gave")
    if page > DEEPEST_PAGE:
        raise CursorError(f"deeper than {DEEPEST_PAGE} pages; narrow the search, or export it")
    return Cursor(sort, page, tuple(values))


def following(search: Search, answer: Answer) -> str | None:
    """Return the cursor of the page after `answer`, encoded; None after the last page, or if it would be too deep."""
    seen_all = len(answer.hits) < search.size or search.page * search.size >= answer.total
    if seen_all or search.page >= DEEPEST_PAGE:
        return None
    return encode(Cursor(search.sort, search.page + 1, answer.hits[-1].sort))


def _fits(value: object, at: int, values: list[object]) -> bool:
    if at == len(values) - 1:
        return isinstance(value, str) and value.isprintable()
    if isinstance(value, float):
        return at == 0 and len(values) > 2 and math.isfinite(value)  # noqa: PLR2004  # score, day, id
    return type(value) is int and abs(value) <= LARGEST_LONG
