"""Numbering: what is ignored is said, with what to do; a revision of the future is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.issue import IgnoredPage
from services.arrivals.numbering import DAY_MS, advice
from services.arrivals.reading import read_arrival
from services.ingest.known_pages import (
    MOST_ARRIVALS,
    MOST_IGNORED,
    MOST_IGNORED_STEPS,
    KnownIssue,
    from_state,
)
from services.runtime.errors import Rejected
from tests.unit.ingest.records import TIMESTAMP, json_record, page_record
from tests.unit.ingest.test_known_pages import arrival, known

NOON = TIMESTAMP


def published(*numbered: int | None, pages: tuple[int, ...] = (1,)) -> KnownIssue:
    """Return what is known after page 1 was published again and again, a minute apart; None: without a revision."""
    issue = None
    for minute, revision in enumerate(numbered):
        at = NOON + minute * 60_000
        page = pages[minute % len(pages)]
        each = replace(arrival(at if revision is None else revision, {page: f"第{minute}版"}), published=at)
        issue = from_state(issue.to_state() if issue else None, each).take_in(each)
    assert issue is not None
    return issue


def test_small_numbers_after_a_time_are_ignored_and_each_is_said() -> None:
    """Revision 5, then a publish without one, then 6, 7, 8: the page stood still, and nothing anywhere said so."""
    issue = published(5, None, 6, 7, 8)
    least = NOON + 60_001
    assert issue.issue().pages[0].text == "第1版"
    assert [(one.page, one.revision, one.least) for one in issue.issue().ignored] == [
        (1, 6, least),
        (1, 7, least),
        (1, 8, least),
    ]
    assert issue.issue().version == published(5, None).issue().version + 3


def test_what_is_ignored_is_settled_by_a_later_page_that_counts() -> None:
    """Once it is published as advised, nothing is amiss any more."""
    assert published(5, None, 6, None).ignored == ()
    assert [one.revision for one in published(5, None, 6, None, pages=(1, 1, 1, 2)).ignored] == [6]


def test_what_comes_late_but_was_published_before_is_nothing_to_speak_of() -> None:
    """Records of two partitions come in any order, and a group that begins again reads old ones once more."""
    old = replace(arrival(5, {1: "旧"}), published=NOON)
    new = replace(arrival(6, {1: "新"}), published=NOON + 1)
    issue = known(old, new)
    assert issue.take_in(old) is issue
    assert issue.ignored == ()


def test_the_same_page_ignored_again_changes_nothing() -> None:
    """The record of a batch that was not committed comes again."""
    issue = published(5, None, 6)
    again = replace(arrival(6, {1: "第2版"}), published=NOON + 120_000)
    assert issue.take_in(again) is issue


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_of_what_is_ignored_the_newest_are_kept(revisions: list[int]) -> None:
    """An issue's record does not grow with every page that is sent in vain."""
    issue = published(None, *revisions)
    assert [one.revision for one in issue.ignored] == revisions[-MOST_IGNORED:]
    again = from_state(issue.to_state(), arrival(1))
    assert again == issue


def test_pages_in_vain_do_not_use_up_the_versions_of_a_revision() -> None:
    """A machine may send them every minute, and a page that counts must still be taken in."""
    issue = published(None)
    for minute in range(1, MOST_ARRIVALS + 10):
        issue = issue.take_in(replace(arrival(6, {1: "六"}), published=NOON + minute))
    assert issue.step == MOST_IGNORED_STEPS
    assert issue.take_in(replace(arrival(NOON, {2: "二"}), published=NOON + 9)).issue().pages[-1].text == "二"


def test_a_withdrawal_that_leaves_pages_is_said() -> None:
    """It has a small number too, and the issue stands."""
    issue = published(5, None)
    gone = issue.take_in(replace(arrival(6, withdrawn=True), published=NOON + 120_000))
    assert [(one.page, one.revision) for one in gone.ignored] == [(None, 6)]
    assert "the withdrawal of revision 6 left pages" in advice(gone.ignored[0])


def test_a_state_of_an_earlier_release_says_nothing_until_something_counts() -> None:
    """It does not know when its pages were published."""
    state = {name: value for name, value in published(5, None).to_state().items() if name not in ("latest", "ignored")}
    late = replace(arrival(6, {1: "六"}), published=NOON + 120_000)
    issue = from_state(state, late)
    assert issue.take_in(late) is issue


@pytest.mark.parametrize(
    ("ignored", "said"),
    [
        (
            (1, 6, NOON + 1),
            "page 1 of revision 6 changed nothing: 1691100000000 is known, which is the time 2023-08-03 22:00 UTC",
        ),
        ((1, 6, NOON + 1), "publish it without a revision, or with one of at least 1691100000001"),
        ((1, NOON // 1000, NOON + 1), "while this one looks like a time in seconds"),
        ((1, 6, 9), "page 1 of revision 6 changed nothing: 8 is known; publish it with revision 9 or a greater one"),
    ],
)
def test_the_advice_can_be_followed(ignored: tuple[int, int, int], said: str) -> None:
    """After a time of thirteen digits, to publish with a greater revision is more than a person can do."""
    page, revision, least = ignored
    assert said in advice(IgnoredPage(page=page, revision=revision, least=least, published=NOON))


def test_a_revision_of_the_future_is_refused_with_its_time() -> None:
    """One clock that is wrong by a year would block a page for that year."""
    for record in (page_record("渔", revision=str(NOON + DAY_MS + 1)), json_record(revision=NOON + DAY_MS + 1)):
        with pytest.raises(Rejected, match="2023-08-04 22:00 UTC, more than a day after the record's own"):
            read_arrival(record)
    assert read_arrival(page_record("渔", revision=str(NOON + DAY_MS))).revision == NOON + DAY_MS
    assert read_arrival(page_record("渔", revision="202308151200")).revision == 202_308_151_200


def test_an_arrival_knows_when_it_was_published() -> None:
    """By the record's timestamp, so that it is the same whenever it is handled."""
    assert read_arrival(page_record("渔", revision="3")).published == TIMESTAMP
    assert dt.datetime.fromtimestamp(TIMESTAMP / 1000, dt.UTC).year == 2023
