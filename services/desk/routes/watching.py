"""Watched searches: the page, its forms where a sign-on names the editor, and what is new for a browser's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from services.desk.addresses.parameters import Filters
from services.desk.archive.archive import Archive
from services.desk.archive.running import Running
from services.desk.archive.titles import title_of
from services.desk.archive.topics import every_label
from services.desk.problems import BadRequest, Forbidden, Invalid, NotFound
from services.desk.routes.api import BAD
from services.desk.routes.api_models import NewAnswer, NewArticle
from services.desk.routes.bodies import FORM, body_of, fields_in, kind_of
from services.desk.routes.editors import is_token, keep_token, refuse_foreign, signed_on, token_of
from services.desk.routes.requests import archive_of, search_of, settings_of
from services.desk.views.asked import asked_in_words
from services.desk.views.language import words_of
from services.desk.views.rendering import page
from services.desk.watching.asking import arrivals, news
from services.desk.watching.kept import KeptWatches
from services.desk.watching.listed import watch_views
from services.desk.watching.watches import MOST_WATCHES, named, with_added, with_name, with_visit, without, written

if TYPE_CHECKING:
    from services.desk.watching.news import News
    from services.desk.watching.watches import Watch

LARGEST_BODY: Final = 64 * 1024
BODY_SECONDS: Final = 10.0

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
api = APIRouter(prefix="/api", tags=["search"])
Reading = Annotated[Archive, Depends(archive_of)]


class NewParameters(Filters):
    """A search, and since when."""

    since_time: int | None = Field(
        None, ge=0, lt=2**53, description="`now` of the last answer; without it, nothing is counted."
    )


def keeper_of(request: Request) -> KeptWatches | None:
    """Return the list of the editor whom the sign-on names; None where the browser keeps it."""
    settings, archive = settings_of(request), archive_of(request)
    try:
        editor = signed_on(request, settings)
    except Forbidden:
        return None
    return KeptWatches(archive.client, settings.names.watches, editor) if editor else None


@pages.get("/watching")
async def watching_page(request: Request, archive: Reading) -> HTMLResponse:
    """Show the watched searches with what is new in each; the page's script fills in the browser's own."""
    keeper = keeper_of(request)
    watches = await keeper.read() if keeper else ()
    found = await _news(watches, archive)
    labels = every_label(await archive.topic_labels()) if watches else {}
    asked = [asked_in_words(one.filters, labels, words_of(request)) for one in watches]
    token = token_of(request)
    response = page(
        request,
        "watching.html",
        query="",
        keeper=keeper,
        watches=watch_views(watches, asked, found),
        token=token,
        most=MOST_WATCHES,
    )
    if keeper:
        keep_token(response, request, token)
    return response


@pages.post("/watching")
async def change_watches(request: Request, archive: Reading) -> RedirectResponse:
    """Do what a form of the page asks for, and redirect to the list or to the search that was opened."""
    refuse_foreign(request)
    kind_of(request, (FORM,))
    asked = dict(fields_in(await body_of(request, LARGEST_BODY, BODY_SECONDS)))
    keeper = keeper_of(request)
    if keeper is None:
        raise Forbidden("no-editor", "The browser keeps this list.", "此列表由浏览器保存。")
    if not is_token(request, asked.get("token", "")):
        raise Forbidden("token", "The form expired; load the page again.", "表单已过期，请刷新页面。")
    watch_id = asked.get("id", "")
    match asked.get("do"):
        case "add":
            return await _add(asked, keeper, archive)
        case "rename":
            name = _name(asked)
            await keeper.change(lambda watches: with_name(watches, watch_id, name))
        case "remove":
            await keeper.change(lambda watches: without(watches, watch_id))
        case "seen":
            now = (await arrivals(Running(archive), None)).now
            await keeper.change(lambda watches: with_visit(watches, watch_id, now))
        case "open":
            return await _open(watch_id, keeper, archive)
        case _:
            raise Invalid("bad-form", "do: add, rename, remove, seen or open", "表单内容无法识别。")
    return RedirectResponse("/watching", status_code=303)


@api.get("/new", responses=BAD)
async def new_in_search(asked: Annotated[NewParameters, Query()], archive: Reading) -> NewAnswer:
    """Count the articles of a search that came to the archive since an earlier answer, and name the newest of them.

    An article counts when it comes, not when it changes. Pass `now` as `since_time` the next time.
    """
    running = Running(archive)
    came = await arrivals(running, asked.since_time)
    ids = came.since(asked.since_time) if asked.since_time is not None else []
    (found,) = await news(running, [(search_of(asked), ids)], more=came.more)
    if found is None:
        raise BadRequest("refused", "The search cannot be carried out; make it simpler.", "无法执行此查询，请简化。")
    return NewAnswer(
        count=found.count,
        more=found.more,
        newest=[NewArticle(id=one.article_id, title=title_of(one)) for one in found.newest],
        now=max(came.now, asked.since_time or 0),
    )


async def _news(watches: tuple[Watch, ...], archive: Archive) -> list[News | None]:
    if not watches:
        return []
    running = Running(archive)
    came = await arrivals(running, min(one.seen for one in watches))
    return await news(running, [(search_of(one.filters), came.since(one.seen)) for one in watches], more=came.more)


async def _add(asked: dict[str, str], keeper: KeptWatches, archive: Archive) -> RedirectResponse:
    search, name = written(asked.get("search", "")), _name(asked)
    if search is None:
        raise Invalid("bad-search", "search: it asks for nothing", "这次检索没有条件，无法关注。")
    now = (await arrivals(Running(archive), None)).now

    def added(watches: tuple[Watch, ...]) -> tuple[Watch, ...]:
        after = with_added(watches, name, search, now)
        if len(after) > MOST_WATCHES:
            raise Invalid(
                "too-many",
                f"At most {MOST_WATCHES} searches can be watched; remove one.",
                f"最多关注 {MOST_WATCHES} 项检索，请先移除一项。",
            )
        return after

    await keeper.change(added)
    return RedirectResponse("/watching", status_code=303)


async def _open(watch_id: str, keeper: KeptWatches, archive: Archive) -> RedirectResponse:
    now = (await arrivals(Running(archive), None)).now
    watches = await keeper.change(lambda known: with_visit(known, watch_id, now))
    one = next((each for each in watches if each.watch_id == watch_id), None)
    if one is None:
        raise NotFound("no-watch", "There is no such search in your list.", "列表中没有这项检索。")
    return RedirectResponse(f"/?{one.search}&sort=newest", status_code=303)


def _name(asked: dict[str, str]) -> str:
    name = named(asked.get("name", ""))
    if name is None:
        raise Invalid("bad-name", "name: write 1 to 80 characters", "名称要有一至八十字。")
    return name
