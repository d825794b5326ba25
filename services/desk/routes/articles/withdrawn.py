"""What the desk answers about a withdrawn article: since when and why, and its last text for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.article import Withdrawal
from services.desk.archive.running import Running
from services.desk.correcting.offers import merged_into
from services.desk.problems import Gone, NotFound
from services.desk.reading.history import known_versions
from services.desk.routes.editors import may_correct
from services.desk.routes.requests import settings_of
from services.desk.views.articles.withdrawn import withdrawn_view
from services.desk.views.interface import interface
from services.desk.views.language import words_of
from services.desk.views.rendering import page

if TYPE_CHECKING:
    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from services.desk.archive.archive import Archive


async def withdrawn_page(article_id: str, request: Request, archive: Archive) -> HTMLResponse:
    """Return the page of a withdrawn article, with the status 410: since when and why, and its text for editors."""
    gone = await archive.article_or_withdrawal(article_id)
    if not isinstance(gone, Withdrawal):
        raise NotFound("no-article", "The article is back.", "此稿又有了，请刷新。")
    merged = await merged_into(article_id, archive)
    found = await known_versions(Running(archive), article_id)
    view = withdrawn_view(gone, found, merged, words_of(request), with_text=may_read_older(request))
    return page(
        request, "withdrawn.html", status=410, query="", view=view, gone=gone, merged=merged, has_versions=bool(found)
    )


async def withdrawn_problem(gone: Gone, article_id: str, archive: Archive) -> Gone:
    """Return the error for programs that ask for a withdrawn article, with since when and why."""
    found = await archive.article_or_withdrawal(article_id)
    if not isinstance(found, Withdrawal):
        return gone
    merged, known = await merged_into(article_id, archive), await known_versions(Running(archive), article_id)
    told = [withdrawn_view(found, known, merged, interface(language), with_text=False) for language in ("en", "zh")]
    english, chinese = (f"{one.why} {one.since}".strip() for one in told)
    said = f"This article was withdrawn: {english}", f"此稿已撤下：{chinese}"
    return Gone("withdrawn", *said)


def may_read_older(request: Request) -> bool:
    """Return whether to show older texts and the text of withdrawn articles: to anyone who may correct.

    A text may have been replaced or withdrawn because it must not be read any more. So a desk for everybody shows when
    and why, and no text; so does any desk to a person whom the sign-on does not name.
    """
    return may_correct(request, settings_of(request))
