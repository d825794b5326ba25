"""Feeds of a running desk, read by a feed reader."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import feedparser
import pytest
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from tests.integration.desk.archive import create_indices, many, new_prefix, running_desk, store
from tests.integration.desk.conftest import UNLIMITED
from tests.unit.desk.edition import IDENTITY, article, forecast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def own_prefix(servers: Servers) -> str:
    made = new_prefix()
    asyncio.run(create_indices(servers.elasticsearch, made))
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, made, [article(), forecast(), *many(60)])
    return made


@pytest.fixture(scope="module")
def own_desk(servers: Servers, own_prefix: str) -> Iterator[Desk]:
    with running_desk(servers.elasticsearch, own_prefix, **UNLIMITED) as running:
        yield running


def read(answer: Answer) -> Any:
    assert answer.status == 200, answer.text
    found = feedparser.parse(answer.text)
    assert not found.bozo, found.get("bozo_exception")
    return found


def feed(desk: Desk, path: str = "search", **parameters: object) -> Any:
    return read(desk.get(f"/feeds/{path}?{urlencode(parameters, doseq=True)}"))


def test_a_search_is_a_feed_and_its_pages_hold_everything(own_desk: Desk) -> None:
    """No cookie, no session: the address alone."""
    first = feed(own_desk)
    following = {link.rel: link.href for link in first.feed.links}["next"]
    second = read(own_desk.get(following.removeprefix(own_desk.address)))
    assert (len(first.entries), len(second.entries)) == (50, 12)
    assert len({entry.id for entry in (*first.entries, *second.entries)}) == 62
    assert [entry.title for entry in feed(own_desk, q="标题:首批月饼").entries] == [article().headline]


def test_a_feed_finds_only_what_was_asked_for(own_desk: Desk) -> None:
    """A search page offers what is near when nothing is found; a feed would deliver it as if it were asked for."""
    assert feed(own_desk, q="月饼 海关 厂长 火星人").entries == []


def test_a_topic_is_a_feed(own_desk: Desk) -> None:
    """It says what it is called; a topic without articles is not found."""
    found = feed(own_desk, "topics/customs")
    assert found.feed.title == "海关"
    assert found.entries
    assert own_desk.get("/feeds/topics/nothing").status == 404


def test_a_reader_that_has_it_all_gets_nothing(own_desk: Desk) -> None:
    """Until something changes."""
    tag = own_desk.get("/feeds/search").headers["etag"]
    assert own_desk.get("/feeds/search", if_none_match=tag).status == 304
    assert own_desk.get("/feeds/search", if_none_match=f'"x", W/{tag}').status == 304
    assert own_desk.get("/feeds/search", if_none_match='"x"').status == 200


def test_a_withdrawal_removes_the_entry_and_leaves_a_tombstone(
    own_desk: Desk, servers: Servers, own_prefix: str
) -> None:
    """The tag of the feed changes with it."""
    before = own_desk.get("/feeds/search?kind=weather")
    assert len(read(before).entries) == 1
    gone = Withdrawal(**IDENTITY | {"version": forecast().version + 1}, article_id=forecast().article_id)
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, own_prefix, [gone])
    after = own_desk.get("/feeds/search?kind=weather", if_none_match=before.headers["etag"])
    assert read(after).entries == []
    assert f'ref="{read(before).entries[0].id}"' in after.text


def test_a_wrong_search_is_refused_with_its_reason(own_desk: Desk) -> None:
    """As by the API: a program reads a feed, and got a page for people."""
    assert own_desk.get("/feeds/search?q=%22").status in {200, 400}
    for path, status, code in (
        ("search?nothing=1", 422, "bad-parameter"),
        ("search?after=x", 400, "bad-cursor"),
        ("topics/nothing", 404, "no-topic"),
    ):
        answer = own_desk.get(f"/feeds/{path}")
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["code"] == code
