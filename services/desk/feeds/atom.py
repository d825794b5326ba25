"""A search's newest articles as an Atom feed (RFC 4287), with tombstones for withdrawn articles (RFC 6721).

An article's entry keeps its id for ever. A new version changes the entry's `updated`, and a withdrawal replaces the
entry by a tombstone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from services.desk.addresses.links import article_address
from services.desk.archive.titles import title_of
from services.newsitems.moments import changed, issued, moment, written
from services.newsitems.ninjs import uri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.tagged import TaggedArticle

MEDIA_TYPE: Final = "application/atom+xml"
ATOM: Final = "http://www.w3.org/2005/Atom"
TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
LONGEST_SUMMARY: Final = 200
UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""

ET.register_namespace("", ATOM)
ET.register_namespace("at", TOMBSTONES)


@dataclass(frozen=True, slots=True)
class Gone:
    """A withdrawn article: its id, the day of its issue, and the revision and version that withdrew it."""

    article_id: str
    date: dt.date
    revision: int
    version: int


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is of.

    Attributes:
        title: what was searched for, in words.
        name: the feed's id, a URI that never changes.
        base: the desk's address, without a slash at its end.
        here: the feed's address below it, and `page` the address of the same search on the desk.
        following: the address of the feed's next page; None on the last.
    """

    title: str
    name: str
    base: str
    here: str
    page: str
    following: str | None = None


def atom(feed: Feed, articles: Sequence[TaggedArticle], gone: Sequence[Gone]) -> bytes:
    """Return the feed as UTF-8 XML; the same articles always give the same bytes."""
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh"})
    _text(root, "id", feed.name)
    _text(root, "title", feed.title)
    _text(root, "updated", written(updated(articles, gone)))
    _text(_inside(root, "author"), "name", "Broadsheet")
    _text(root, "generator", "Broadsheet")
    _link(root, "self", feed.base + feed.here, MEDIA_TYPE)
    _link(root, "alternate", feed.base + feed.page, "text/html")
    if feed.following:
        _link(root, "next", feed.base + feed.following, MEDIA_TYPE)
    for article in articles:
        _entry(root, article, feed.base)
    for one in gone:
        when = written(moment(one.date, one.revision, one.version))
        ET.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", {"ref": uri(one.article_id), "when": when})
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def updated(articles: Sequence[TaggedArticle], gone: Sequence[Gone]) -> dt.datetime:
    """Return when anything in a feed last changed; an empty feed has not changed since 1970."""
    times = [changed(article) for article in articles]
    times += [moment(one.date, one.revision, one.version) for one in gone]
    return max(times, default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))


def _entry(root: ET.Element, article: TaggedArticle, base: str) -> None:
    entry = _inside(root, "entry")
    _text(entry, "id", uri(article.article_id))
    _text(entry, "title", title_of(article))
    _text(entry, "updated", written(changed(article)))
    _text(entry, "published", written(issued(article.date)))
    for name in [byline.name for byline in article.bylines] or [article.paper]:
        _text(_inside(entry, "author"), "name", name)
    _link(entry, "alternate", base + article_address(article.article_id), "text/html")
    for topic in article.topics:
        ET.SubElement(
            entry,
            f"{{{ATOM}}}category",
            {"term": topic.id, "label": _clean(topic.label), "scheme": f"{base}/feeds/topics/"},
        )
    text = "\n\n".join([*(block.text for block in article.body), *([article.weather.text] if article.weather else [])])
    text = text or "\n\n".join(caption.text for caption in article.captions) or title_of(article)
    _text(entry, "summary", text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY] + "…")
    content = _inside(entry, "content")
    content.set("type", "text")
    content.text = _clean(text)
    pages = "、".join(f"第{page}版" for page in article.pages)
    _text(entry, "rights", f"{article.paper} {article.date.isoformat()} {pages}".strip())


def _inside(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ATOM}}}{name}")


def _text(parent: ET.Element, name: str, text: str) -> None:
    _inside(parent, name).text = _clean(text)


def _link(parent: ET.Element, rel: str, address: str, kind: str) -> None:
    _inside(parent, "link").attrib |= {"rel": rel, "href": address, "type": kind}


def _clean(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
