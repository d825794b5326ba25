"""Tagging again: which records are sent once more, and that the newest version always ends up last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import GENERATIONS
from schemas.contract import ContractError, decode
from schemas.difference import Difference
from schemas.tagged import TaggedArticle
from services.runtime.messages.records import Record
from services.tag.retag import Ledger, tagged_again
from services.tag.tagging import Tagger
from services.topics.taxonomy.taxonomy import parse_taxonomy
from tests.unit.tag.conftest import article
from tests.unit.tag.test_app import HEADERS, ISSUE, WITHDRAWAL

if TYPE_CHECKING:
    from collections.abc import Iterable

ARTICLE = article("教师到校门口迎接学生，开学第一课讲的是海洋。", headline="全市学校今日开学")
EDUCATION = Tagger(
    parse_taxonomy(
        """
version: "1"
topics:
  - {id: education, label: 教育, label_en: Education, terms: [{weight: 3, words: [学校, 教师, 开学]}]}
"""
    )
)


def record(offset: int, value: bytes, key: bytes = b"a") -> Record:
    return Record("articles.tagged", 0, offset, 1, key, value, HEADERS)


def tagged(version: int, taxonomy: str) -> bytes:
    fields = {**dict(ARTICLE), "version": version, "taxonomy_version": taxonomy}
    del fields["type"]
    return TaggedArticle(**fields).encode()


def due(values: Iterable[bytes], taxonomy: str, *, everything: bool = False) -> set[int]:
    ledger = Ledger()
    for offset, value in enumerate(values):
        ledger.note(record(offset, value))
    return set(ledger.due(taxonomy, everything=everything))


def test_only_the_newest_version_that_another_taxonomy_tagged_is_due() -> None:
    assert due([tagged(1, "old"), tagged(2, "old")], "new") == {1}
    assert due([tagged(1, "old"), tagged(1, "new")], "new") == set()
    assert due([tagged(1, "old"), tagged(2, "new")], "new") == set()


def test_everything_is_every_article_and_nothing_else() -> None:
    assert due([tagged(1, "new")], "new", everything=True) == {0}
    assert due([WITHDRAWAL.encode()], "new", everything=True) == set()
    assert due([ISSUE.encode()], "new", everything=True) == set()


def test_a_newer_version_that_an_older_one_follows_is_put_last_again() -> None:
    assert due([tagged(1, "old"), tagged(2, "new"), tagged(1, "new")], "new") == {1}
    assert due([tagged(1, "old"), WITHDRAWAL.encode(), tagged(1, "new")], "new") == {1}


def test_an_article_is_tagged_anew_and_keeps_all_else() -> None:
    emission = tagged_again(record(4, tagged(7, "old")), EDUCATION, "articles.tagged")
    again = decode(TaggedArticle, emission.value)
    before = decode(TaggedArticle, tagged(7, "old"))
    assert ([topic.id for topic in again.topics], again.taxonomy_version) == (["education"], EDUCATION.version)
    for field in ("article_id", "issue_id", "revision", "version", "headline", "body", "spans", "bylines"):
        assert getattr(again, field) == getattr(before, field)
    assert (emission.key, dict(emission.headers)["traceparent"]) == (b"a", dict(HEADERS)["traceparent"])


def test_it_is_what_the_processor_would_have_made_of_the_article_in_the_next_generation() -> None:
    """Elasticsearch orders by the generation what has one version, so that older tags that come late are refused."""
    emission = tagged_again(record(4, EDUCATION.tag(ARTICLE).encode()), EDUCATION, "articles.tagged")
    differs = Difference(kind="unchanged", version=ARTICLE.version)
    expected = EDUCATION.tag(ARTICLE).model_copy(update={"generation": 1, "difference": differs})
    assert emission.value == expected.encode()


def test_of_one_version_the_latest_generation_is_the_newest_wherever_it_stands() -> None:
    """A tagger that was rewound may put its own, earlier making behind a retagged one."""
    again = tagged_again(record(0, tagged(1, "old")), EDUCATION, "articles.tagged").value
    assert again is not None
    assert due([tagged(1, "old"), again, tagged(1, "old")], EDUCATION.version) == {1}


def test_generations_end_below_the_next_version() -> None:
    """Whatever is tagged again after that has an equal order, and the last to come wins, as before there was one."""
    last = decode(TaggedArticle, tagged(1, "old")).model_copy(update={"generation": GENERATIONS - 1})
    again = tagged_again(record(0, last.encode()), EDUCATION, "articles.tagged")
    assert decode(TaggedArticle, again.value).generation == GENERATIONS - 1


def test_an_article_with_the_same_tags_is_not_sent_and_not_due_again() -> None:
    ledger = Ledger()
    first = record(0, EDUCATION.tag(ARTICLE).model_copy(update={"taxonomy_version": "old"}).encode())
    ledger.note(first)
    assert ledger.due(EDUCATION.version) == {0}
    again = tagged_again(first, EDUCATION, "t")
    assert again.header("ce_difference") == b"unchanged"
    assert ledger.spared(first, again)
    assert ledger.due(EDUCATION.version) == frozenset()


def test_other_tags_are_sent_and_named() -> None:
    ledger = Ledger()
    first = record(0, tagged(1, "old"))
    ledger.note(first)
    again = tagged_again(first, EDUCATION, "t")
    assert not ledger.spared(first, again)
    difference = decode(TaggedArticle, again.value).difference
    assert difference is not None
    assert (difference.kind, difference.parts[0], difference.version) == ("changed", "topics", 1)


def test_the_same_tags_are_sent_where_an_older_version_is_last() -> None:
    ledger = Ledger()
    newest = record(0, EDUCATION.tag(ARTICLE).model_copy(update={"version": 9, "taxonomy_version": "old"}).encode())
    ledger.note(newest)
    ledger.note(record(1, tagged(1, "old")))
    assert not ledger.spared(newest, tagged_again(newest, EDUCATION, "t"))


def test_a_withdrawal_goes_again_byte_for_byte() -> None:
    emission = tagged_again(record(4, WITHDRAWAL.encode()), EDUCATION, "articles.tagged")
    assert (emission.value, emission.headers) == (WITHDRAWAL.encode(), HEADERS)


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ContractError):
        Ledger().note(record(0, b"{"))


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["old", "new"])), min_size=1, max_size=8), st.data())
def test_whatever_comes_in_between_the_newest_version_ends_up_last_and_tagged(
    versions: list[tuple[int, str]], data: st.DataObject
) -> None:
    log = [tagged(version, taxonomy) for version, taxonomy in versions]
    ledger = Ledger()
    read = 0
    for turn in range(len(versions) + 3):
        for offset in range(read, len(log)):
            ledger.note(record(offset, log[offset]))
        read = len(log)
        sent = ledger.due(EDUCATION.version)
        if not sent:
            break
        if turn == 0 and data.draw(st.booleans()):
            log.append(tagged(data.draw(st.integers(1, 5)), "old"))
        for offset in sorted(sent):
            one = record(offset, log[offset])
            again = tagged_again(one, EDUCATION, "t")
            if again.value and not ledger.spared(one, again):
                log.append(again.value)
    else:
        pytest.fail("it never ends")
    last = decode(TaggedArticle, log[-1])
    assert last.version == max(decode(TaggedArticle, value).version for value in log)
    assert last.topics == EDUCATION.tag(ARTICLE).topics
