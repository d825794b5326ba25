"""Watched searches on the desk: per editor where a sign-on names one, and what is new since the last visit."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from elasticsearch import Elasticsearch

from schemas.article import Block
from schemas.difference import Difference
from services.index.app import action
from services.runtime.messages.records import Record
from services.runtime.names import Names
from tests.integration.desk.archive import PATIENCE_SECONDS, create_indices, new_prefix, running_desk
from tests.integration.desk.conftest import UNLIMITED
from tests.unit.desk.edition import ISSUE, article, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

SEARCH = urlencode({"q": "海关", "kind": "story"})
NOON = dt.datetime(2023, 8, 4, 4, tzinfo=dt.UTC)


@pytest.fixture
def archive(servers: Servers) -> Iterator[tuple[Desk, Elasticsearch, str]]:
    """Return a desk behind a sign-on with an archive of its own, which holds one article."""
    made = new_prefix()
    asyncio.run(create_indices(servers.elasticsearch, made))
    variables = UNLIMITED | {"BROADSHEET_DESK_EDITOR_HEADER": "X-Forwarded-User"}
    with (
        Elasticsearch(servers.elasticsearch, request_timeout=PATIENCE_SECONDS) as client,
        running_desk(servers.elasticsearch, made, **variables) as desk,
    ):
        arrive(client, made, 1)
        yield desk, client, made


def arrive(client: Elasticsearch, prefix: str, number: int, kind: str = "story") -> None:
    """Let the `number`th article arrive, as the index processor does, a minute after the one before."""
    names = Names(prefix)
    one = article(
        article_id=f"{ISSUE}/{number:012x}",
        headline=f"海关第{number}号公告",
        kicker="",
        deck="",
        captions=(),
        figures=(),
        kind=kind,
        body=(Block(kind="paragraph", text="海关提醒旅客，入境物品应当申报。", spans=(span(2, 4),)),),
        difference=Difference(kind="created"),
    )
    time = int(NOON.timestamp() * 1000) + 60_000 * number
    for _, operation, source in action(Record(names.tagged, 0, number, time, b"", one.encode()), names):
        client.index(index=operation["index"]["_index"], id=operation["index"]["_id"], document=source, refresh=True)


class Editor:
    """A person in front of the desk, as the sign-on names him."""

    def __init__(self, desk: Desk, name: str) -> None:
        self._desk = desk
        self._headers = {"x_forwarded_user": quote(name, safe=""), "accept_language": "en"}
        answer = self.go("/watching")
        (token,) = re.findall(r"broadsheet-form=([0-9a-f]{32})", " ".join(answer.cookies))
        self.token = token

    def go(self, path: str) -> Answer:
        return self._desk.get(path, **self._headers)

    def send(self, **fields: str) -> Answer:
        body = urlencode({"token": self.token, **fields}).encode()
        sent = {"content_type": "application/x-www-form-urlencoded", "cookie": f"broadsheet-form={self.token}"}
        return self._desk.get("/watching", "POST", body, **self._headers, **sent)

    def watch_id(self) -> str:
        return re.findall(r'class="watch" data-id="([0-9a-f]+)"', self.go("/watching").text)[0]


def test_an_editor_sees_what_is_new_in_a_search_since_the_last_visit(archive: tuple[Desk, Elasticsearch, str]) -> None:
    desk, client, prefix = archive
    zhou = Editor(desk, "zhou")
    assert zhou.send(do="add", name="海关稿", search=SEARCH).status == 303
    assert "nothing new" in zhou.go("/watching").text
    arrive(client, prefix, 2)
    arrive(client, prefix, 3)
    arrive(client, prefix, 4, kind="brief")
    shown = zhou.go("/watching").text
    assert "new: 2" in shown
    assert "海关第3号公告" in shown
    assert "海关第4号公告" not in shown
    opened = zhou.send(do="open", id=zhou.watch_id())
    assert (opened.status, opened.headers["location"]) == (303, f"/?{SEARCH}&sort=newest")
    assert "nothing new" in zhou.go("/watching").text


def test_a_list_is_its_editors_own_and_is_renamed_and_emptied(archive: tuple[Desk, Elasticsearch, str]) -> None:
    desk, _, _ = archive
    zhou, wu = Editor(desk, "zhou"), Editor(desk, "wu")
    zhou.send(do="add", name="海关稿", search=SEARCH)
    assert "海关稿" not in wu.go("/watching").text
    zhou.send(do="rename", id=zhou.watch_id(), name="关务<b>")
    shown = zhou.go("/watching").text
    assert "关务&lt;b&gt;" in shown
    assert f'href="/feeds/search?{SEARCH.replace("&", "&amp;")}"' in shown
    zhou.send(do="remove", id=zhou.watch_id())
    assert "关务" not in zhou.go("/watching").text


def test_a_form_that_does_not_fit_changes_nothing(archive: tuple[Desk, Elasticsearch, str]) -> None:
    desk, _, _ = archive
    zhou = Editor(desk, "zhou")
    assert zhou.send(do="add", name="", search=SEARCH).status == 422
    assert zhou.send(do="add", name="全部", search="sort=newest").status == 422
    assert zhou.send(do="open", id="nothing").status == 404
    assert zhou.send(do="else").status == 422
    assert zhou.send(do="add", name="海关稿", search=SEARCH, token="0" * 32).status == 403
    assert desk.get("/watching", "POST", b"", sec_fetch_site="cross-site").status == 403
    assert desk.get("/watching", "POST", b"do=add", content_type="application/x-www-form-urlencoded").status == 403
    assert "海关稿" not in zhou.go("/watching").text


def test_whom_no_sign_on_names_keeps_the_list_in_the_browser(desk: Desk) -> None:
    shown = desk.get("/watching", accept_language="en").text
    assert "Kept in this browser only" in shown
    assert 'id="watch-entry"' in shown


def test_a_program_counts_what_is_new(archive: tuple[Desk, Elasticsearch, str]) -> None:
    desk, client, prefix = archive
    first = desk.get(f"/api/new?{SEARCH}").json()
    assert (first["count"], first["newest"]) == (0, [])
    arrive(client, prefix, 2)
    then = desk.get(f"/api/new?{SEARCH}&since_time={first['now']}").json()
    assert (then["count"], [one["title"] for one in then["newest"]]) == (1, ["海关第2号公告"])
    assert then["now"] > first["now"]
    assert desk.get(f"/api/new?{SEARCH}&since_time={then['now']}").json()["count"] == 0
    assert desk.get("/api/new?since_time=x").status == 422
