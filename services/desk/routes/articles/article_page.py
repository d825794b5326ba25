"""The page of an article, for reading it or completing a correction."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from services.desk.correcting.form import blank
from services.desk.correcting.offers import offered_for
from services.desk.correcting.partners import partner_text
from services.desk.reading.citation import citation, cited_text
from services.desk.reading.related import related, related_requests
from services.desk.routes.articles.results import list_query, place_of
from services.desk.routes.editors import keep_token, may_correct, remembered, signed_on, token_of
from services.desk.routes.requests import archive_of, settings_of
from services.desk.views.articles.article import article_view
from services.desk.views.corrections import CorrectionView, form_view
from services.desk.views.language import words_of
from services.desk.views.made import made_view
from services.desk.views.rendering import page
from services.search.highlight import Highlighter
from services.search.query.errors import QueryError
from services.search.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from schemas.tagged import TaggedArticle
    from services.desk.correcting.form import Draft, Offer
    from services.desk.views.corrections import SentCorrections

NO_FAULTS: Mapping[str, str] = {}


async def article_page(  # noqa: PLR0913  # what the page may have to say beside the article
    request: Request,
    article: TaggedArticle,
    *,
    draft: Draft | None = None,
    faults: Mapping[str, str] = NO_FAULTS,
    sent: SentCorrections | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Return the page; `draft` fills in the form, and `faults` (field to key of the words) names its mistakes."""
    query = _query_in(request)
    archive, settings, words = archive_of(request), settings_of(request), words_of(request)
    texts, newest, outlines, near, found = await asyncio.gather(
        archive.page_texts(article.issue_id),
        archive.issue_version(article.issue_id),
        archive.outlines_of(article.issue_id),
        place_of(request, article.article_id, archive),
        archive.each(related_requests(article)),
    )
    offered = await offered_for(article, archive, outlines)
    token, form = token_of(request), None
    if may_correct(request, settings):
        form = form_view(
            draft or replace(blank(article), other=_picked(request, offered)),
            article,
            offered,
            words,
            token=token,
            editor=signed_on(request, settings),
            by=draft.by if draft and draft.by else remembered(request),
            faults=faults,
        )
    view = article_view(article, texts, Highlighter(query), newest)
    corrections = CorrectionView(
        made_view(article.article_id, article.corrections, offered.topics, words),
        form,
        sent,
        arrived=sent is not None and sent.arrived(article.corrections),
    )
    response = page(
        request,
        "article.html",
        status=status,
        view=view,
        article=article,
        query=query.text,
        corrections=corrections,
        near=near,
        listed=list_query(request.query_params),
        noted="noted" in request.query_params,
        related=related(article, outlines, found),
        cited=cited_text(article, words.language),
        citation=citation(article, words.language),
    )
    if form is not None:
        keep_token(response, request, token)
    return response


def _picked(request: Request, offered: Offer) -> str:
    """Return what the form says about the article that the editor picked on the issue's page, to merge it."""
    picked = request.query_params.get("merge", "")
    return next((partner_text(other) for other in offered.others if other.article_id == picked), "")


def _query_in(request: Request) -> Query:
    """Return the query whose words the page marks; a query that cannot be understood marks nothing."""
    try:
        return Query.parse(request.query_params.get("q", ""))
    except QueryError:
        return Query()
