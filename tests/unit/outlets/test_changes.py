"""A receiver is told of each change once, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.article import Withdrawal
from services.outlets.changes import Known, change_of, digest_of, order_of
from tests.unit.desk.edition import IDENTITY, article

FIRST = article()


def told(message: Any = FIRST, state: Any = "sent", kind: Any = "created") -> Known:
    return Known(kind, digest_of(message), order_of(message), state)


def later(**changes: Any) -> Any:
    return article(version=FIRST.version + 1, **changes)


def gone() -> Withdrawal:
    return Withdrawal(**IDENTITY | {"version": FIRST.version + 1}, article_id=FIRST.article_id)


def kind(message: Any, known: Known | None) -> str | None:
    change = change_of(message, known)
    return change.kind if change else None


def test_a_new_article_is_created_and_a_new_headline_a_change() -> None:
    """A withdrawal is told to those alone who know the article."""
    assert kind(FIRST, None) == "created"
    assert kind(later(headline="首批月饼运往海外"), told()) == "changed"
    assert kind(gone(), told()) == "withdrawn"
    assert kind(gone(), None) is None
    assert kind(later(), Known("withdrawn", "withdrawn", order_of(FIRST), "sent")) == "created"


@pytest.mark.parametrize(
    "changes",
    [{}, {"revision": 9}, {"confidence": 0.1}, {"generation": 3}, {"taxonomy_version": "other"}, {"spans": ()}],
)
def test_a_version_in_which_nothing_is_to_be_seen_is_no_change(changes: dict[str, Any]) -> None:
    """Most versions of an article are such: another page of its issue arrived."""
    assert change_of(later(**changes), told()) is None


def test_an_older_version_is_no_change() -> None:
    """A replay brings them."""
    assert change_of(FIRST, told(later(headline="x"))) is None


def test_a_delivery_that_did_not_end_is_repeated_under_its_id() -> None:
    """Even when a later version with the same content is what comes next."""
    first = change_of(FIRST, None)
    again = change_of(later(), told(state="waiting"))
    assert first is not None
    assert again is not None
    assert first.key("a") == again.key("a")
    assert first.key("a") != first.key("b")


def test_a_change_back_is_a_change_of_its_own() -> None:
    """Its id is another, or a receiver would drop it."""
    other = later(headline="首批月饼运往海外")
    back = article(version=FIRST.version + 2)
    first, third = change_of(FIRST, None), change_of(back, told(other, kind="changed"))
    assert first is not None
    assert third is not None
    assert first.key("a") != third.key("a")
