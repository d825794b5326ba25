"""What stands on the topics is enough to give every article the id it has, also where editors corrected it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.article import GENERATIONS, ArticleContent, IssueRecord
from schemas.issue import Issue
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids, from_state
from services.segment.edition.messages import messages
from services.segment.edition.standing import standing, state_from
from tests.unit.segment.laid_out import ISSUE, Item, correction, issue_of

FISHING = Item(
    (
        "本报讯 今晨六时，三百零五艘渔船驶出渔港。",
        "渔民陈大海说，今年的鱼比往年多。",
        "码头上的冰厂日夜开工，工人三班轮换。",
    ),
    headline="渔港今晨开渔",
)
BRIDGE = Item(
    (
        "大桥最后一段钢箱梁昨日吊装到位，大桥全线合龙。",
        "大桥全长十二公里，双向六车道，建成后从县城到港口只要二十分钟。",
        "工程师说，合龙误差只有两毫米，比设计要求小得多，这在国内同类桥梁中是最小的。",
        "桥上还预留了铁路的位置，明年春天先通汽车，三年以后通火车。",
    ),
    headline="跨海大桥合龙",
)
TITLE = Item(headline="七所新小学开学")
ITEMS = (FISHING, BRIDGE, TITLE)


def ids() -> list[str]:
    return [one.article_id for one in assign_ids(ISSUE, issue_of(*ITEMS)[0].articles, (), 1)]


def merge(into: int, other: int) -> list[tuple[int, dict[str, Any]]]:
    return [(into, {"change": "merge", "other_id": ids()[other]})]


CORRECTED: dict[str, list[tuple[int, dict[str, Any]]]] = {
    "nothing": [],
    "a headline": [(2, {"change": "headline", "headline": "开学第一课"})],
    "a headline twice": [
        (2, {"change": "headline", "headline": "开学第一课"}),
        (2, {"change": "headline", "headline": "新学校，新课桌"}),
    ],
    "a kind": [(0, {"change": "kind", "kind": "notice"})],
    "a longer one merged into a shorter": merge(0, 1),
    "a shorter one merged into a longer": merge(1, 0),
    "a split": [(1, {"change": "split", "begins": BRIDGE.text[1][:30]})],
}


@pytest.mark.parametrize("name", CORRECTED)
def test_the_ids_that_stand_are_given_again_and_the_same_is_withdrawn(name: str) -> None:
    """The corrections are made to ids: another id would undo what an editor did."""
    segmented, _, pages = issue_of(*ITEMS)
    first = assign_ids(ISSUE, segmented.articles, (), 1)
    sent = [correction(n, first[at].article_id, change) for n, (at, change) in enumerate(CORRECTED[name])]
    issue = Issue(issue_id=ISSUE, paper="渔港日报", date=dt.date(2023, 8, 15), revision=1, version=2050, pages=())
    before = list(messages(issue, correct(segmented, first, sent, pages)))
    split_off = {one.split_off_id for one in sent if one.change.change == "split"}
    found = [standing(one) for one in before if not isinstance(one, IssueRecord) and one.article_id not in split_off]
    again = assign_ids(ISSUE, segmented.articles, from_state(state_from(found, 2050, 0)["articles"]), 2050)
    assert [one.article_id for one in again if one.alive] == [one.article_id for one in first]
    made = list(messages(issue, correct(segmented, again, sent, pages), 1))
    assert [one.model_copy(update={"generation": 0}) for one in made] == before
    assert {one.generation for one in made} == {1}


@pytest.mark.parametrize("first_again", [(FISHING, BRIDGE, FISHING), (BRIDGE,)])
def test_of_two_articles_with_the_same_text_each_keeps_its_id(first_again: tuple[Item, ...]) -> None:
    """A notice that is printed twice: the ids do not change places, even where an older version comes in between."""
    segmented, _, pages = issue_of(FISHING, BRIDGE, FISHING)
    first = assign_ids(ISSUE, segmented.articles, (), 1)
    issue = Issue(issue_id=ISSUE, paper="渔港日报", date=dt.date(2023, 8, 15), revision=1, version=2050, pages=())
    found = [
        standing(one)
        for one in messages(issue, correct(segmented, first, (), pages))
        if not isinstance(one, IssueRecord)
    ]
    for order in (found, found[::-1]):
        known = from_state(state_from(order, 2050, 0)["articles"])
        between = assign_ids(ISSUE, issue_of(*first_again)[0].articles, known, 1)
        again = assign_ids(ISSUE, segmented.articles, between, 2050)
        assert [one.article_id for one in again if one.alive] == [one.article_id for one in first]


def test_a_state_made_of_what_stands_is_older_than_any_version_and_its_generation_is_the_next() -> None:
    """So whatever version comes first is worked on, and wins over what stands at the same version."""
    state = state_from([], 2050, 6)
    assert (state["version"] < 0, state["generation"]) == (True, 7)
    assert state_from([], 2050, GENERATIONS - 1)["generation"] == GENERATIONS - 1


def test_a_withdrawal_tells_the_id_alone() -> None:
    """Its article is told by its beginning, from which its id was made."""
    segmented, _, pages = issue_of(FISHING)
    issue = Issue(issue_id=ISSUE, paper="渔港日报", date=dt.date(2023, 8, 15), revision=1, version=2050, pages=())
    known = assign_ids(ISSUE, segmented.articles, (), 1)
    gone = assign_ids(ISSUE, [], known, 2051)
    withdrawal, _ = messages(issue, correct(issue_of()[0], gone, (), pages))
    assert not isinstance(withdrawal, ArticleContent | IssueRecord)
    state = state_from([standing(withdrawal)], 2051, 0)
    again = assign_ids(ISSUE, segmented.articles, from_state(state["articles"]), 4096)
    assert [one.article_id for one in again] == [known[0].article_id]
