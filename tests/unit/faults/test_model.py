"""The model of the promises: it says what docs/delivery.md says, and the product says the same."""

from __future__ import annotations

import random

import pytest

from services.arrivals.reading import read_arrival
from services.ingest.known_pages import from_state
from services.runtime.errors import Rejected
from services.runtime.messages.records import Record
from tests.faults.judging.model import Corrections, Edition, Meaning, SecondText, wandering_ids
from tests.faults.work.workload import workload

ISSUE = "渔港日报/2023-08-01"


def page(revision: int, text: str = "a", number: int = 1) -> Meaning:
    return Meaning(ISSUE, revision, ((number, text),))


def texts(*messages: Meaning) -> dict[int, str]:
    edition = Edition()
    for message in messages:
        edition = edition.after(message)
    return {number: sheet.text for number, sheet in edition.sheets.items()}


def test_the_newest_revision_of_a_page_wins_in_whatever_order() -> None:
    assert texts(page(2, "new"), page(1, "old")) == texts(page(1, "old"), page(2, "new")) == {1: "new"}


def test_a_whole_issue_clears_what_is_older_and_what_is_older_and_comes_later() -> None:
    whole = Meaning(ISSUE, 7, ((1, "a"),), complete=True)
    assert texts(page(6, "b", 2), whole) == texts(whole, page(6, "b", 2)) == {1: "a"}
    assert texts(page(7, "b", 2), whole) == {1: "a", 2: "b"}


def test_a_withdrawal_clears_its_own_revision_too() -> None:
    gone = Meaning(ISSUE, 7, withdrawn=True)
    assert texts(page(7), gone) == texts(gone, page(7)) == {}
    assert texts(gone, page(8)) == {1: "a"}


def test_the_same_again_changes_nothing_and_another_text_is_refused() -> None:
    edition = Edition().after(page(3))
    assert edition.after(page(3)) is edition
    with pytest.raises(SecondText):
        edition.after(page(3, "b"))


def test_the_version_grows_with_whatever_changes_something() -> None:
    edition = Edition().after(page(3)).after(page(3, "b", 2)).after(page(1, "c", 3))
    assert (edition.version(0), edition.version(4)) == (3 * 2048 + 2, 3 * 2048 + 6)
    assert edition.after(page(4, "d")).version(4) == 4 * 2048 + 4


def test_corrections_count_by_time_and_come_undone() -> None:
    corrections = Corrections()
    for number, (at, change) in enumerate(
        [
            (2, {"change": "headline", "headline": "later"}),
            (1, {"change": "headline", "headline": "earlier"}),
            (3, {"change": "headline", "headline": "undone"}),
            (0, {"change": "take_back", "taken_back": "2"}),
        ]
    ):
        assert not corrections.add({"correction_id": str(number), "article_id": "a", "at": str(at), "change": change})
    assert corrections.chosen("headline") == {"a": "later"}
    assert corrections.add({"correction_id": "0", "article_id": "a", "at": "9", "change": {"change": "kind"}})


def test_an_id_that_left_its_text_is_seen_and_one_whose_text_changed_is_not() -> None:
    assert wandering_ids([(1, {"a": "port"}), (2, {"a": "harbour"}), (3, {"a": "harbour", "b": "port"})]) == []
    assert wandering_ids([(1, {"a": "port"}), (2, {}), (3, {"a": "port"})]) == []
    assert len(wandering_ids([(1, {"a": "port"}), (2, {"b": "port"})])) == 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_product_knows_the_same_of_every_issue(seed: int) -> None:
    """The two were written apart; where they differ, one of them is not what docs/delivery.md says."""
    messages = [message for message in workload(seed, 150) if message.topic == "raw" and message.means is not None]
    random.Random(seed).shuffle(messages)
    known, editions = {}, {}
    for offset, message in enumerate(messages):
        means = message.means
        assert means is not None
        arrival = read_arrival(
            Record("issues.raw", 0, offset, message.timestamp, message.key, message.value, message.headers)
        )
        before = known.get(means.issue_id) or from_state(None, arrival)
        edition = editions.get(means.issue_id, Edition())
        try:
            after = edition.after(means)
        except SecondText:
            with pytest.raises(Rejected):
                before.take_in(arrival)
            continue
        known[means.issue_id], editions[means.issue_id] = before.take_in(arrival), after
        issue = known[means.issue_id].issue()
        assert issue.version == after.version(0)
        pages = {one.page: (one.revision, one.text) for one in issue.pages}
        assert pages == {number: (sheet.revision, sheet.text) for number, sheet in after.sheets.items()}
