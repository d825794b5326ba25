"""The versions of an article: a page with two of them side by side, and the API."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from schemas.article import Withdrawal
from services.desk.archive.archive import Archive
from services.desk.archive.running import Running
from services.desk.reading.causes import causes_of
from services.desk.reading.history import known_versions
from services.desk.routes.api import MISSING, Id
from services.desk.routes.api_models import VersionAnswer, VersionCause
from services.desk.routes.articles.withdrawn import may_read_older
from services.desk.routes.requests import archive_of
from services.desk.views.articles.versions import changed_parts, pair_view, version_items
from services.desk.views.language import words_of
from services.desk.views.rendering import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.kept_version import KeptVersion

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
api = APIRouter(prefix="/api", tags=["articles"])
Reading = Annotated[Archive, Depends(archive_of)]


@pages.get("/articles/{article_id:path}/versions")
async def versions_page(article_id: str, request: Request, archive: Reading) -> HTMLResponse:
    """List the versions of an article, and show two of them side by side."""
    newest = await archive.article_or_withdrawal(article_id)
    versions = await known_versions(Running(archive), article_id)
    words = words_of(request)
    items = version_items(versions, words)
    asked = request.query_params
    readable = may_read_older(request)
    pair = pair_view(versions, items, asked.get("from", ""), asked.get("to", ""), words) if readable else None
    return page(
        request,
        "versions.html",
        query="",
        article_id=article_id,
        title=_title(versions) if readable or not isinstance(newest, Withdrawal) else "",
        items=items,
        pair=pair,
        readable=readable,
    )


@api.get("/articles/{article_id:path}/versions", responses=MISSING)
async def versions(article_id: Id, request: Request, archive: Reading) -> list[VersionAnswer]:
    """Return the versions of an article that are known, the oldest first.

    The texts are left out for anyone who may not correct.
    """
    await archive.article_or_withdrawal(article_id)
    found = await known_versions(Running(archive), article_id)
    readable = may_read_older(request)
    befores = (None, *found)
    return [_answer(one, before, readable=readable) for one, before in zip(found, befores, strict=False)]


def _title(versions: Sequence[KeptVersion]) -> str:
    headlines = (one.article.headline for one in reversed(versions) if one.article is not None)
    return next(filter(None, headlines), "")


def _answer(one: KeptVersion, before: KeptVersion | None, *, readable: bool) -> VersionAnswer:
    return VersionAnswer(
        version=one.version,
        generation=one.generation,
        revision=one.revision,
        caused=one.caused,
        known=dt.datetime.fromtimestamp(one.time / 1000, dt.UTC),
        withdrawn=one.article is None,
        causes=[
            VersionCause(
                kind=cause.kind,
                by=cause.by,
                correction_id=cause.correction.correction_id if cause.correction else None,
            )
            for cause in causes_of(one, before)
        ],
        changed=list(changed_parts(before, one)) if before else [],
        article=one.article if readable else None,
    )
