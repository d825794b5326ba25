"""Atom feeds of searches and topics, at addresses that need no session: /feeds/search and /feeds/topics/TOPIC."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from email.utils import format_datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.desk.addresses.parameters import Filters
from services.desk.archive.archive import Archive
from services.desk.feeds.atom import MEDIA_TYPE, Feed, Gone, atom, updated
from services.desk.problems import NotFound, from_cursor
from services.desk.routes.api import BAD, problem_answer
from services.desk.routes.requests import archive_of, search_of
from services.search.cursor import LONGEST_CURSOR, Cursor, CursorError, decode, following

SEARCHES: Final = "/feeds/search"
ENTRIES: Final = 50
TOMBSTONES: Final = 100
SECONDS_FRESH: Final = 60
"""How long a reader may keep its copy before it asks again."""

router = APIRouter(prefix="/feeds", tags=["feeds"])
Reading = Annotated[Archive, Depends(archive_of)]
FEED: Final[dict[int | str, dict[str, Any]]] = {
    **BAD,
    200: {"description": "An Atom feed, newest issue first.", "content": {MEDIA_TYPE: {}}},
    304: {"description": "Nothing has changed."},
}
TOPIC_FEED: Final = FEED | {404: problem_answer("No article has this topic.")}


class FeedParameters(Filters):
    """A search, and the start of a further page of its feed."""

    after: str | None = Field(None, min_length=1, max_length=LONGEST_CURSOR, description="From the feed's link `next`.")


@router.get("/search", responses=FEED, response_class=Response)
async def search_feed(asked: Annotated[FeedParameters, Query()], archive: Reading, request: Request) -> Response:
    """Return the articles of a search as a feed."""
    return await _feed(asked, SEARCHES, asked.q or "Broadsheet", archive, request)


@router.get("/topics/{topic}", responses=TOPIC_FEED, response_class=Response)
async def topic_feed(
    topic: str, asked: Annotated[FeedParameters, Query()], archive: Reading, request: Request
) -> Response:
    """Return the articles of a topic as a feed; a search narrows it."""
    labels = await archive.topic_labels()
    if topic not in labels:
        raise NotFound("no-topic", f"No article has the topic {topic[:40]}.", f"没有主题为 {topic[:40]} 的报道。")
    asked = asked.model_copy(update={"topic": [topic]})
    return await _feed(asked, f"/feeds/topics/{topic}", labels[topic]["zh"], archive, request)


async def _feed(asked: FeedParameters, path: str, title: str, archive: Archive, request: Request) -> Response:
    wanted = replace(search_of(asked), sort="newest", size=ENTRIES, understanding=None)
    if asked.after:
        cursor = _cursor(asked.after)
        wanted = replace(wanted, after=cursor.values, page=cursor.page)
    answer = await archive.search(wanted, facets=False)
    articles = [] if answer.relaxed else [hit.article for hit in answer.hits]
    next_page = following(wanted, answer) if articles else None
    gone = await _gone(asked, archive, articles[-1].date.isoformat() if next_page else None)
    implied: dict[str, Any] = {"topic": []} if path != SEARCHES else {}
    feed = Feed(
        title=title,
        name=f"urn:broadsheet:feed:{hashlib.sha256(asked.address(path, after=None).encode()).hexdigest()[:32]}",
        base=str(request.base_url).rstrip("/"),
        here=asked.address(path, **implied),
        page=asked.address("/", after=None),
        following=asked.address(path, after=next_page, **implied) if next_page else None,
    )
    body = atom(feed, articles, gone)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "last-modified": format_datetime(updated(articles, gone).astimezone(dt.UTC), usegmt=True),
        "cache-control": f"max-age={SECONDS_FRESH}",
    }
    if _is_known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)


async def _gone(asked: FeedParameters, archive: Archive, oldest: str | None) -> list[Gone]:
    """Return the articles that were withdrawn from the issues that a feed is about.

    A withdrawal has no words and no topic, so a feed names every one of its papers and days. A reader takes no notice
    of a tombstone for an entry that it never had (RFC 6721, section 4).
    """
    first = max(filter(None, [oldest, asked.since.isoformat() if asked.since else None]), default=None)
    last = asked.until.isoformat() if asked.until else None
    withdrawn = await archive.withdrawn(asked.paper, first, last, TOMBSTONES)
    return [Gone(one.article_id, one.date, one.revision, one.version) for one in withdrawn]


def _cursor(text: str) -> Cursor:
    try:
        return decode(text, "newest")
    except CursorError as error:
        raise from_cursor(error) from None


def _is_known(header: str, etag: str) -> bool:
    """Return whether If-None-Match names a tag; the comparison is weak (RFC 9110, section 13.1.2)."""
    listed = [one.strip().removeprefix("W/") for one in header.split(",")]
    return etag in listed or "*" in listed
