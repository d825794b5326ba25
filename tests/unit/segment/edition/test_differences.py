"""What of a version is sent, and how each message says that it differs from the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from schemas.article import Article, IssueRecord, Withdrawal
from schemas.contracts.valid import EXAMPLES
from schemas.difference import Difference
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.errors import Rejected
from services.runtime.messages import records
from services.segment.app import segment
from services.segment.edition.differences import COMPARED, PARTS, History, digests, due, history_from, to_state
from tests.unit.segment.test_compaction import ISSUE, record_of, version

if TYPE_CHECKING:
    from schemas.difference import ChangedPart

STORY: Any = next(each for each in EXAMPLES["articles"] if isinstance(each, Article))
RECORD: Any = next(each for each in EXAMPLES["articles"] if isinstance(each, IssueRecord))
GONE = Withdrawal(**{name: getattr(STORY, name) for name in Withdrawal.model_fields if name != "type"})

Message = Article | Withdrawal


class Site:
    """An issue at whose versions messages are due."""

    def __init__(self, history: History | None = None) -> None:
        self.history = history or History(None, {})

    def told(self, number: int, *messages: Message) -> list[Message]:
        """Return what is sent at a version."""
        made = [one.model_copy(update={"version": number, "revision": number}) for one in messages]
        found, sent = due([*made, RECORD], self.history)
        self.history = replace(self.history, version=number, sent=sent)
        return [one for one in found if not isinstance(one, IssueRecord)]


def test_what_did_not_change_is_not_sent_again() -> None:
    site = Site()
    (first,) = site.told(1, STORY)
    assert first.difference == Difference(kind="created")
    assert site.told(2, STORY) == []
    (changed,) = site.told(3, STORY.model_copy(update={"headline": "又一题"}))
    assert changed.difference == Difference(kind="changed", parts=("headline",), version=1)


def test_a_withdrawal_is_sent_once_and_what_comes_back_is_created() -> None:
    site = Site()
    site.told(1, STORY)
    (gone,) = site.told(2, GONE)
    assert gone.difference == Difference(kind="withdrawn", version=1)
    assert site.told(3, GONE) == []
    (back,) = site.told(4, STORY)
    assert back.difference == Difference(kind="created", version=2)


def test_a_version_that_comes_again_is_sent_again_as_it_was_sent_last() -> None:
    """Whoever lost a message gets it by publishing the same once more."""
    site = Site()
    first = site.told(1, STORY, GONE.model_copy(update={"article_id": "a"}))
    site.told(2, STORY, GONE.model_copy(update={"article_id": "a"}))
    again = site.told(2, STORY, GONE.model_copy(update={"article_id": "a"}))
    assert [one.encode() for one in again] == [one.encode() for one in first]


def test_a_version_that_comes_again_with_other_content_is_sent_at_its_own_version() -> None:
    site = Site()
    site.told(1, STORY)
    (other,) = site.told(1, STORY.model_copy(update={"kind": "brief"}))
    assert (other.version, other.difference) == (1, Difference(kind="changed", parts=("kind",), version=1))


def test_after_a_rewind_everything_is_sent_up_to_the_highest_version_there_was() -> None:
    site = Site(History(-1, None, floor=3))
    (first,) = site.told(1, STORY)
    assert first.difference == Difference(kind="restated")
    (second,) = site.told(3, STORY)
    assert (second.version, second.difference) == (3, Difference(kind="unchanged", version=1))
    assert site.told(4, STORY) == []


def test_after_a_rewind_what_skips_the_highest_version_is_sent_above_it() -> None:
    """The index keeps what it has under version 3 until something newer comes."""
    site = Site(History(-1, None, floor=3))
    site.told(1, STORY)
    (second,) = site.told(5, STORY)
    assert (second.version, second.difference) == (5, Difference(kind="unchanged", version=1))
    assert site.told(6, STORY) == []


def test_a_state_of_an_earlier_release_knows_nothing_of_what_was_sent() -> None:
    history = history_from({"version": 5, "articles": []})
    assert history == History(5, None)
    (sent,) = Site(history).told(6, STORY)
    assert sent.difference == Difference(kind="restated")


def test_a_state_gives_back_what_was_sent() -> None:
    site = Site()
    site.told(1, STORY, GONE.model_copy(update={"article_id": "a"}))
    assert site.history.sent is not None
    assert history_from({"version": 1, "sent": to_state(site.history.sent)}) == site.history


def test_the_record_names_every_article_that_is_there_with_its_version() -> None:
    site = Site()
    site.told(1, STORY)
    found, _ = due(
        [STORY.model_copy(update={"version": 2}), GONE.model_copy(update={"article_id": "a"}), RECORD], site.history
    )
    contents = found[-1].contents if isinstance(found[-1], IssueRecord) else None
    assert contents is not None
    assert [(one.article_id, one.version) for one in contents] == [(STORY.article_id, 1)]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("headline", {"kicker": "引"}),
        ("bylines", {"source": "新华社电"}),
        ("text", {"body": ()}),
        ("kind", {"kind": "notice"}),
        ("pages", {"pages": (9,)}),
        ("lines", {"spans": STORY.spans[:1]}),
        ("date", {"date_assumed": not STORY.date_assumed}),
        ("confidence", {"confidence": 0.123}),
        ("confidence", {"flags": ("damaged-text",)}),
        ("corrections", {"topics_chosen": ("customs",)}),
    ],
)
def test_each_part_has_a_name(part: ChangedPart, change: dict[str, Any]) -> None:
    before, after = digests(STORY), digests(STORY.model_copy(update=change))
    assert part in [each for each in PARTS if before[each] != after[each]]


def test_every_field_of_an_article_is_compared() -> None:
    assert set(COMPARED) - {"type"} < set(Article.model_fields), "a field that is no more"


def test_what_was_rejected_counts_as_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message larger than Kafka takes sends the record to quarantine; the next version sends all of it."""
    states = StateBatch({ISSUE: Slot(None, None, "", None)})
    monkeypatch.setattr(records, "MOST_SENT_BYTES", 10)
    with pytest.raises(Rejected):
        segment(record_of(0), version(0), states, "articles")
    assert states.slots[ISSUE].after is None
    monkeypatch.undo()
    sent = [one.header("ce_difference") for one in segment(record_of(1), version(1), states, "articles")]
    assert sent[:-1] == [b"created"] * (len(sent) - 1)
