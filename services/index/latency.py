"""How long it took from publishing a page until search has its new articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.runtime.messages.headers import DIFFERENCE, published_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.runtime.messages.records import Record

CREATED: Final = "created"


def waited(records: Iterable[Record], now_ms: float) -> Iterator[float]:
    """Yield for each new article the seconds since its page was published.

    Only the first message of an article counts. A later version, a retag and a rewind carry the time of an earlier
    publication, so they say nothing about how long anybody waited.

    Args:
        records: of `articles.tagged`, as they are in the index now.
        now_ms: the present time in ms.
    """
    for record in records:
        published = published_ms(record) if record.header(DIFFERENCE) == CREATED else None
        if published is not None:
            yield max(0.0, (now_ms - published) / 1000)
