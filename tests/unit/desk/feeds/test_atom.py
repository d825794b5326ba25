"""A feed that feed readers accept: entries keep their ids, changes move their times, withdrawals leave tombstones."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree as ET

import feedparser

from schemas.issue import version_of
from services.desk.feeds.atom import ATOM, TOMBSTONES, Feed, Gone, atom
from services.newsitems.moments import changed, moment
from tests.unit.desk.edition import DAY, ISSUE, article, forecast, teas

FEED = Feed(
    "月饼", "urn:broadsheet:feed:1", "https://desk.example", "/feeds/search?q=月饼", "/?q=月饼", "/feeds/search?after=x"
)
MS = 1_691_107_200_000
"""2023-08-04 00:00 UTC."""


def read(*articles: Any, gone: tuple[Gone, ...] = ()) -> Any:
    found = feedparser.parse(atom(FEED, articles, gone))
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_a_feed_reader_finds_no_fault() -> None:
    """Every entry has an id, a title, a time, an author and a link."""
    found = read(article(), forecast(), teas())
    assert found.version == "atom10"
    assert found.feed.title == "月饼"
    assert {link.rel for link in found.feed.links} == {"self", "alternate", "next"}
    for entry in found.entries:
        assert entry.id.startswith("urn:broadsheet:article:")
        assert entry.title
        assert entry.author
        assert entry.updated_parsed
        assert entry.link.startswith("https://desk.example/articles/")
        assert entry.content[0].value
    assert found.entries[0].tags[0].term == "customs"


def test_a_new_version_updates_its_entry() -> None:
    """The id stays."""
    first = article(revision=MS, version=version_of(MS, 0))
    second = article(revision=MS, version=version_of(MS, 1), headline="首批月饼运往海外")
    before, after = read(first).entries[0], read(second).entries[0]
    assert before.id == after.id
    assert before.updated < after.updated
    assert after.title == "首批月饼运往海外"
    assert read(second).feed.updated == after.updated


def test_a_newsrooms_own_numbers_make_times_that_grow() -> None:
    """A number of one's own is not a time."""
    times = [moment(DAY, revision, version_of(revision, step)) for revision, step in ((1, 0), (1, 1), (2, 0))]
    assert times == sorted(set(times))
    assert {time.astimezone(dt.timezone(dt.timedelta(hours=8))).date() for time in times} == {DAY}


def test_an_editors_correction_moves_the_time() -> None:
    """Even of an issue with numbers of its own."""
    assert changed(teas()) == max(one.at for one in teas().corrections)


def test_a_withdrawn_article_leaves_a_tombstone() -> None:
    """With the id that its entry had (RFC 6721)."""
    gone = Gone(article().article_id, DAY, MS, version_of(MS, 0))
    root = ET.fromstring(atom(FEED, [forecast()], [gone]))  # noqa: S314  # our own
    (deleted,) = root.findall(f"{{{TOMBSTONES}}}deleted-entry")
    assert deleted.get("ref") == read(article()).entries[0].id
    assert deleted.get("when") == "2023-08-04T00:00:00.000Z"
    assert len(root.findall(f"{{{ATOM}}}entry")) == 1
    read(forecast(), gone=(gone,))


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    """Extracted text may have them."""
    assert read(article(headline="月饼\x0b出口\ufffe")).entries[0].title == "月饼\ufffd出口\ufffd"
    assert ISSUE in read(article()).entries[0].id.replace("%E7%A4%BA%E4%BE%8B%E6%97%A5%E6%8A%A5", "示例日报")
