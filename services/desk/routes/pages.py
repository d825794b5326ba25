"""The desk's pages: a search, an article, an issue, the list of issues, and exported files."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from services.desk.archive.archive import Archive
from services.desk.archive.export import MOST_ARTICLES, Format
from services.desk.archive.topics import every_label
from services.desk.problems import Gone
from services.desk.routes.api import export_file, file_of, kept
from services.desk.routes.articles.article_page import article_page
from services.desk.routes.articles.withdrawn import withdrawn_page
from services.desk.routes.corrections import sent_in
from services.desk.routes.editors import keep_token, token_of
from services.desk.routes.requests import archive_of, chart_of, parameters_in, search_of
from services.desk.routes.watching import keeper_of
from services.desk.views.asked import asked_in_words, name_for
from services.desk.views.issue import issue_view
from services.desk.views.language import words_of
from services.desk.views.made import made_view
from services.desk.views.rendering import page
from services.desk.views.search import search_view
from services.desk.watching.watches import written
from services.search.results import result_page

LISTED_ISSUES: Final = 50
MOST_CLIPS: Final = 200
"""The largest number of kept articles in a file; their ids must fit in an address."""

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Reading = Annotated[Archive, Depends(archive_of)]


@router.get("/")
async def search_page(request: Request, archive: Reading) -> HTMLResponse:
    """Show a search: what is found, its facets and its chart; without a query, the newest articles."""
    parameters = parameters_in(request.query_params)
    search = search_of(parameters)
    answer = await archive.search(search)
    labels = every_label(await archive.topic_labels())
    chart = await chart_of(archive, parameters, search, answer)
    shown = result_page(search, answer)
    words = words_of(request)
    view = search_view(parameters, answer, shown, chart, labels, words)
    kept_by_desk, token = keeper_of(request) is not None, token_of(request)
    response = page(
        request,
        "search.html",
        view=view,
        query=parameters.q,
        labels=labels,
        most=MOST_ARTICLES,
        watch_this=written(urlencode(parameters.pairs())),
        watch_name=name_for(parameters, labels, words),
        watch_asked=asked_in_words(parameters, labels, words),
        kept_by_desk=kept_by_desk,
        token=token,
    )
    if kept_by_desk:
        keep_token(response, request, token)
    return response


@router.get("/export/{form}")
async def export(form: Format, request: Request, archive: Reading) -> StreamingResponse:
    """Send a result as a file."""
    return await export_file(form, parameters_in(request.query_params), archive)


@router.get("/clips")
async def clips_page(request: Request) -> HTMLResponse:
    """Show the articles that the editor keeps in the browser; the page's script fills in the list."""
    return page(request, "clips.html", query="")


@router.get("/export/clips/{form}")
async def export_clips(form: Format, request: Request, archive: Reading) -> StreamingResponse:
    """Send the articles that the address names as a file, like a result; those withdrawn since are left out."""
    return file_of(kept(archive, request.query_params.getlist("id")[:MOST_CLIPS]), form)


@router.get("/articles/{article_id:path}")
async def article(article_id: str, request: Request, archive: Reading) -> HTMLResponse:
    """Show an article beside the lines it was printed on."""
    try:
        found = await archive.article(article_id)
    except Gone:
        return await withdrawn_page(article_id, request, archive)
    return await article_page(request, found, sent=sent_in(request.query_params))


@router.get("/issues")
async def issues_page(request: Request, archive: Reading) -> HTMLResponse:
    """List the newest issues with their quality, up to a day."""
    before = request.query_params.get("before")
    try:
        day = dt.date.fromisoformat(before).isoformat() if before else None
    except ValueError:
        day = None
    records = await archive.recent_issues(LISTED_ISSUES, day)
    earlier = records[-1].date.isoformat() if len(records) == LISTED_ISSUES else None
    return page(request, "issues.html", issues=records, earlier=earlier, query="")


@router.get("/issues/{issue_id:path}")
async def issue_page(issue_id: str, request: Request, archive: Reading) -> HTMLResponse:
    """Show an issue line by line in the colours of its articles."""
    record = await archive.issue(issue_id)
    articles = await archive.articles_of(issue_id)
    view = issue_view(record, articles, await archive.page_texts(issue_id), request.query_params.get("story", ""))
    labels = every_label(await archive.topic_labels()) if record.corrections else {}
    homeless = made_view("", record.corrections, labels, words_of(request))
    picking = request.query_params.get("pick", "")
    picking = picking if picking in {item.article.article_id for item in view.items} else ""
    return page(request, "issue.html", view=view, issue=record, homeless=homeless, picking=picking, query="")
