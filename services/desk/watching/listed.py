"""What the page of watched searches shows of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.desk.addresses.links import article_address
from services.desk.archive.titles import title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.desk.watching.news import News
    from services.desk.watching.watches import Watch


@dataclass(frozen=True, slots=True)
class WatchView:
    """A watched search.

    Attributes:
        is_known: whether it could be looked up.
        asked: the search's words and chosen values.
        newest: address and title of the newest articles that are new.
    """

    watch: Watch
    is_known: bool
    asked: str
    count: int
    more: bool
    newest: tuple[tuple[str, str], ...]


def watch_views(watches: Sequence[Watch], asked: Sequence[str], news: Sequence[News | None]) -> tuple[WatchView, ...]:
    """Return the watched searches, each in words and with its news."""
    return tuple(
        WatchView(
            watch,
            found is not None,
            in_words,
            found.count if found else 0,
            found.more if found else False,
            tuple((article_address(one.article_id), title_of(one)) for one in (found.newest if found else ())),
        )
        for watch, in_words, found in zip(watches, asked, news, strict=True)
    )
