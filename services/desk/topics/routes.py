"""The page on which an editor edits a topic and sees what it would change; nothing is pushed from here."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from schemas.taxonomy import Taxonomy
from services.desk.archive.archive import Archive
from services.desk.routes.bodies import FORM, body_of, fields_in, kind_of
from services.desk.routes.requests import archive_of, settings_of
from services.desk.topics.views import SHOWN_CHANGES, changed, text_of
from services.desk.views.language import language_of
from services.desk.views.rendering import page
from services.runtime.errors import BroadsheetError
from services.search.request.body import Search
from services.topics.deciding import Decider
from services.topics.preview import DAYS, MOST_ARTICLES, topic_changes
from services.topics.pushed import in_force, pushed
from services.topics.taxonomy.blocks import as_yaml, parse_topics, replaced
from services.topics.taxonomy.faults import TaxonomyError
from services.topics.taxonomy.seed import newsroom_taxonomy

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from schemas.taxonomy import TopicDefinition
    from services.runtime.settings import Settings
    from services.topics.preview import TopicChange

LARGEST_FORM: Final = 512 * 1024
"""The largest size of the form, in bytes: Chinese, percent-encoded, takes nine bytes a character."""
SECONDS: Final = 10.0
"""How long the form may take to arrive."""

router = APIRouter(include_in_schema=False)
Reading = Annotated[Archive, Depends(archive_of)]


@router.get("/topics")
async def topics_page(request: Request) -> Response:
    """Show the topics in force, and the text of the one that `topic` names."""
    taxonomy, known = await _current(settings_of(request))
    topic = request.query_params.get("topic", taxonomy.topics[0].id)
    return _page(request, taxonomy, known=known, topic=topic, text=text_of(taxonomy, topic))


@router.post("/topics")
async def preview(request: Request, archive: Reading) -> Response:
    """Show what the edited topics would change in the last month, or send the taxonomy with them as a file."""
    kind_of(request, (FORM,))
    fields = dict(fields_in(await body_of(request, LARGEST_FORM, SECONDS)))
    text, topic = fields.get("text", ""), fields.get("topic", "")
    taxonomy, known = await _current(settings_of(request))
    try:
        topics = await asyncio.to_thread(parse_topics, text)
    except TaxonomyError as error:
        faults = [fault.chinese if language_of(request) == "zh" else fault.english for fault in error.faults]
        return _page(request, taxonomy, known=known, topic=topic, text=text, faults=faults, status=422)
    edited = replaced(taxonomy, topics)
    if "download" in fields:
        headers = {"content-disposition": 'attachment; filename="taxonomy.yaml"'}
        return Response(as_yaml(edited), media_type="application/yaml", headers=headers)
    articles = await _last_month(archive)
    changes = await asyncio.to_thread(_changes, articles, topics, edited.version)
    return _page(
        request,
        taxonomy,
        known=known,
        topic=topic,
        text=text,
        looked_at=len(articles),
        total=len(changes),
        gained=sum(bool(one.gained) for one in changes),
        lost=sum(bool(one.lost) for one in changes),
        changes=changed(changes[:SHOWN_CHANGES], language_of(request)),
    )


def _changes(articles: list[TaggedArticle], topics: tuple[TopicDefinition, ...], version: str) -> list[TopicChange]:
    only = frozenset(topic.id for topic in topics)
    return list(topic_changes(articles, Decider(Taxonomy(version=version, topics=topics)), only))


async def _last_month(archive: Archive) -> list[TaggedArticle]:
    """Return the articles of the last month up to the newest issue, the newest first."""
    newest = await archive.recent_issues(1, None)
    if not newest:
        return []
    first = newest[0].date - dt.timedelta(days=DAYS)
    search = Search(first=first.isoformat(), sort="newest")
    return [article async for article in archive.every(search, MOST_ARTICLES)]


async def _current(settings: Settings) -> tuple[Taxonomy, bool]:
    """Return the taxonomy in force, and whether it is known; if Kafka does not tell, the shipped topics."""
    try:
        return in_force(await pushed(settings)), True
    except BroadsheetError:
        return newsroom_taxonomy(), False


def _page(request: Request, taxonomy: Taxonomy, *, status: int = 200, **values: Any) -> Response:
    empty: dict[str, Any] = {"faults": (), "changes": None, "looked_at": 0, "total": 0, "gained": 0, "lost": 0}
    return page(request, "topics.html", status=status, query="", taxonomy=taxonomy, days=DAYS, **(empty | values))
