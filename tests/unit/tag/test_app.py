"""What the tag processor emits for one record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from schemas.article import IssueRecord, Quality, Withdrawal
from schemas.contract import ContractError, decode
from schemas.tagged import TaggedArticle
from services.runtime.messages.records import Record
from services.tag.app import tag
from tests.unit.tag.conftest import article

if TYPE_CHECKING:
    from services.tag.tagging import Tagger

ARTICLE = article("海关关员昨日在码头查获一批走私香烟，海关缉私局已立案调查。", headline="海关查获走私香烟")
WITHDRAWAL = Withdrawal(
    article_id="渔港日报/2023-08-15/0123456789ab",
    issue_id="渔港日报/2023-08-15",
    paper="渔港日报",
    date=dt.date(2023, 8, 15),
    revision=1,
    version=2048,
)
ISSUE = IssueRecord(
    issue_id="渔港日报/2023-08-15",
    paper="渔港日报",
    date=dt.date(2023, 8, 15),
    revision=1,
    version=2048,
    pages=(1,),
    furniture=(),
    quality=Quality(lines=1, placed=1, articles=1, title_only=0, body_only=0, orphan_captions=0, low_confidence=0),
)
HEADERS = (("ce_id", b"x"), ("traceparent", b"00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"))


def record(value: bytes) -> Record:
    return Record("articles", 3, 17, 1_700_000_000_000, b"key", value, HEADERS)


def test_an_article_goes_on_with_its_topics_under_the_same_key_version_and_trace(tagger: Tagger) -> None:
    emission = tag(record(ARTICLE.encode()), tagger, "articles.tagged")
    tagged = decode(TaggedArticle, emission.value)
    assert (emission.topic, emission.key, emission.timestamp) == ("articles.tagged", b"key", 1_700_000_000_000)
    assert [topic.id for topic in tagged.topics] == ["customs"]
    assert (tagged.article_id, tagged.version, tagged.body) == (ARTICLE.article_id, ARTICLE.version, ARTICLE.body)
    assert tagged.taxonomy_version == tagger.version
    headers = dict(emission.headers)
    assert headers["traceparent"] == HEADERS[1][1]
    assert headers["ce_type"] == b"broadsheet.tagged_article"
    assert headers["ce_id"].decode() == f"{ARTICLE.article_id}/{ARTICLE.version}/{tagger.version}"


def test_the_same_record_gives_the_same_bytes(tagger: Tagger) -> None:
    assert tag(record(ARTICLE.encode()), tagger, "t") == tag(record(ARTICLE.encode()), tagger, "t")


@pytest.mark.parametrize("message", [WITHDRAWAL, ISSUE], ids=["withdrawal", "issue"])
def test_withdrawals_and_issue_records_pass_byte_for_byte(tagger: Tagger, message: Withdrawal | IssueRecord) -> None:
    emission = tag(record(message.encode()), tagger, "articles.tagged")
    assert (emission.value, emission.headers, emission.key) == (message.encode(), HEADERS, b"key")


@pytest.mark.parametrize("value", [b"", b"{", b'{"type": "editorial"}', b'{"type": "article"}'])
def test_what_is_no_message_is_refused(tagger: Tagger, value: bytes) -> None:
    with pytest.raises(ContractError):
        tag(record(value), tagger, "articles.tagged")
