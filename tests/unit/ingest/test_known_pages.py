"""Known pages and corrections: what is known of an issue depends on what arrived, not on the order."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.correction import Correction, HeadlineChange
from schemas.issue import MOST_CORRECTIONS, Issue, Page, issue_id
from services.arrivals.limits import MAX_PAGE_BYTES, MAX_PAGE_LINE_FEEDS, MAX_PAGE_LINES, MAX_PAGES
from services.arrivals.reading import Arrival
from services.ingest.known_pages import MOST_ARRIVALS, KnownIssue, from_state
from services.runtime.errors import Rejected

DATE = dt.date(2023, 8, 4)


def arrival(
    revision: int, pages: dict[int, str] | None = None, *, complete: bool = False, withdrawn: bool = False
) -> Arrival:
    texts = pages or {}
    brought = tuple(Page(page=number, revision=revision, text=text) for number, text in texts.items())
    return Arrival("渔港日报", DATE, False, revision, complete, withdrawn, brought)


def known(*arrivals: Arrival) -> KnownIssue:
    issue = from_state(None, arrivals[0])
    for each in arrivals:
        issue = issue.take_in(each)
    return issue


def texts(issue: Issue | KnownIssue) -> dict[int, str]:
    pages = issue.pages if isinstance(issue, Issue) else issue.issue().pages
    return {page.page: page.text for page in pages}


def test_pages_add_up_in_the_order_of_their_numbers() -> None:
    issue = known(arrival(1, {3: "三"}), arrival(2, {1: "一"}))
    assert list(texts(issue).items()) == [(1, "一"), (3, "三")]


def test_a_newer_revision_of_a_page_replaces_the_older() -> None:
    assert texts(known(arrival(1, {1: "旧", 2: "二"}), arrival(2, {1: "新"}))) == {1: "新", 2: "二"}


def test_an_older_revision_that_comes_late_changes_nothing() -> None:
    newer = known(arrival(2, {1: "新"}))
    assert newer.take_in(arrival(1, {1: "旧"})) is newer


def test_the_same_arrival_again_changes_nothing() -> None:
    once = known(arrival(2, {1: "新"}))
    assert once.take_in(arrival(2, {1: "新"})) is once


def test_the_same_text_in_another_encoding_changes_nothing() -> None:
    """A newsroom may send a page as JSON and again as a GB 18030 file; the first copy stays."""
    once = known(arrival(2, {1: "新"}))
    again = Page(page=1, revision=2, text="新", encoding="gb18030")
    assert once.take_in(replace(arrival(2), pages=(again,))) is once


def test_a_complete_issue_drops_the_older_pages_it_does_not_name() -> None:
    assert texts(known(arrival(1, {1: "一", 2: "二"}), arrival(2, {1: "新"}, complete=True))) == {1: "新"}


def test_a_page_older_than_a_complete_issue_stays_out() -> None:
    assert texts(known(arrival(2, {1: "新"}, complete=True), arrival(1, {2: "二"}))) == {1: "新"}


def test_a_withdrawal_leaves_no_page_and_older_pages_stay_out() -> None:
    issue = known(arrival(1, {1: "一"}), arrival(2, withdrawn=True), arrival(2, {1: "一"}))
    assert texts(issue) == {}
    assert issue.issue().revision == 2


def test_a_page_newer_than_a_withdrawal_brings_the_issue_back() -> None:
    assert texts(known(arrival(2, withdrawn=True), arrival(3, {1: "新"}))) == {1: "新"}


def test_another_text_under_the_same_revision_is_refused() -> None:
    issue = known(arrival(1, {1: "一"}))
    with pytest.raises(Rejected, match="page 1 of 渔港日报/2023-08-04, revision 1, was published with another text"):
        issue.take_in(arrival(1, {1: "别的"}))


@pytest.mark.parametrize(
    ("page", "pages", "said"),
    [
        ("x" * MAX_PAGE_BYTES, 8, r"4,718,592 bytes of text"),
        ("渔" + "\n" * MAX_PAGE_LINE_FEEDS, 8, "450,000 line feeds"),
        ("渔\n" * MAX_PAGE_LINES, 8, "45,000 lines with text"),
        ("渔", MAX_PAGES, "401 pages"),
    ],
)
def test_an_issue_that_outgrows_a_limit_is_refused_with_the_limit(page: str, pages: int, said: str) -> None:
    """Bytes count as JSON writes them: a line feed takes two."""
    full = arrival(1, dict.fromkeys(range(1, pages + 1), page))
    with pytest.raises(Rejected, match=said):
        known(full).take_in(arrival(1, {pages + 1: page}))


def test_arrivals_under_one_revision_are_bounded_in_words() -> None:
    issue = from_state(known(arrival(1, {1: "一"})).to_state() | {"step": MOST_ARRIVALS - 1}, arrival(1))
    with pytest.raises(Rejected, match="publish with a greater revision"):
        issue.take_in(arrival(1, {2: "二"}))


def correction(number: int, *, minute: int = 0, by: str = "周敏") -> Correction:
    return Correction(
        correction_id=f"{number:032x}",
        article_id=f"{issue_id('渔港日报', DATE)}/0123456789ab",
        by=by,
        at=dt.datetime(2023, 8, 4, 6, minute, tzinfo=dt.UTC),
        change=HeadlineChange(change="headline", headline=f"第{number}题"),
    )


def test_corrections_wait_for_the_first_page_and_stay_when_the_issue_is_withdrawn() -> None:
    waiting = from_state(None, correction(1)).correct(correction(1))
    assert not waiting.is_published
    published = waiting.take_in(arrival(1, {1: "一"}))
    assert published.is_published
    assert published.take_in(arrival(2, withdrawn=True)).issue().corrections == (correction(1),)


def test_a_correction_raises_the_version_and_not_the_revision() -> None:
    before = known(arrival(3, {1: "一"}))
    after = before.correct(correction(1)).issue()
    assert (after.revision, after.version) == (3, before.issue().version + 1)


def test_a_correction_that_is_sent_twice_counts_once() -> None:
    once = known(arrival(1, {1: "一"})).correct(correction(1))
    assert once.correct(correction(1)) is once


def test_another_correction_under_the_same_id_is_refused() -> None:
    once = known(arrival(1, {1: "一"})).correct(correction(1))
    with pytest.raises(Rejected, match=f"correction_id: {1:032x} of 渔港日报/2023-08-04 was sent with other content"):
        once.correct(correction(1, by="别人"))


def test_corrections_of_one_issue_are_bounded_in_words() -> None:
    full = replace(known(arrival(1, {1: "一"})), corrections=tuple(map(correction, range(MOST_CORRECTIONS))))
    assert full.correct(correction(0)) is full
    with pytest.raises(Rejected, match=f"has {MOST_CORRECTIONS} corrections, and can have no more; publish its pages"):
        full.correct(correction(MOST_CORRECTIONS))


def test_a_newer_revision_has_the_greater_version_even_when_the_older_one_is_full() -> None:
    corrections = tuple(map(correction, range(MOST_CORRECTIONS)))
    full = replace(known(arrival(1, {1: "一"})), step=MOST_ARRIVALS - 1, corrections=corrections)
    assert full.issue().version < known(arrival(2, {1: "一"})).issue().version


def test_a_date_once_printed_is_no_longer_assumed() -> None:
    assumed = Arrival("渔港日报", DATE, True, 1, False, False, (Page(page=1, revision=1, text="一"),))
    issue = known(assumed)
    assert issue.issue().date_assumed
    assert not issue.take_in(arrival(2, {2: "二"})).issue().date_assumed


@st.composite
def arrival_lists(draw: st.DrawFn) -> list[Arrival]:
    """Arrivals in which a page's revision has one text: it is made from the page and the revision."""
    arrivals = []
    for _ in range(draw(st.integers(1, 7))):
        revision = draw(st.integers(0, 4))
        if draw(st.booleans()) and draw(st.booleans()):
            arrivals.append(arrival(revision, withdrawn=True))
        else:
            numbers = draw(st.sets(st.integers(1, 4), min_size=1, max_size=3))
            pages = {number: f"第{number}版第{revision}稿" for number in sorted(numbers)}
            arrivals.append(arrival(revision, pages, complete=draw(st.booleans())))
    return arrivals


@given(arrival_lists(), st.data())
def test_the_order_of_arrivals_does_not_matter(arrivals: list[Arrival], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(arrivals))
    assert texts(known(*shuffled)) == texts(known(*arrivals))


@given(arrival_lists(), st.lists(st.integers(0, 4), unique=True, max_size=4), st.data())
def test_pages_and_corrections_give_the_same_message_however_they_come_in_between(
    arrivals: list[Arrival], numbers: list[int], data: st.DataObject
) -> None:
    corrections = [correction(number, minute=number % 2) for number in numbers]
    apart = from_state(None, arrivals[0])
    for each in arrivals:
        apart = apart.take_in(each)
    for one in corrections:
        apart = apart.correct(one)
    mixed = from_state(None, arrivals[0])
    left, waiting = list(arrivals), data.draw(st.permutations(corrections))
    while left or waiting:
        if left and (not waiting or data.draw(st.booleans())):
            mixed = mixed.take_in(left.pop(0))
        else:
            mixed = mixed.correct(waiting.pop(0))
    assert mixed.issue().encode() == apart.issue().encode()
    assert from_state(json.loads(json.dumps(mixed.to_state())), arrivals[0]) == mixed


@given(arrival_lists())
def test_each_change_has_a_greater_version_and_no_change_the_same(arrivals: list[Arrival]) -> None:
    states = [from_state(None, arrivals[0])]
    for each in arrivals:
        states.append(states[-1].take_in(each))
    for before, after in pairwise(states[1:]):
        if after is before:
            continue
        assert after.issue().version > before.issue().version


@given(arrival_lists())
def test_a_state_document_keeps_all_that_is_known(arrivals: list[Arrival]) -> None:
    issue = known(*arrivals)
    document = json.loads(json.dumps(issue.to_state(), ensure_ascii=False))
    assert from_state(document, arrivals[0]) == issue
    assert from_state(document, arrivals[0]).issue().encode() == issue.issue().encode()
