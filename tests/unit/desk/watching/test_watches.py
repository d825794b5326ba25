"""The list of watched searches: each kept once, in one form, and changed without touching the others."""

from __future__ import annotations

from services.desk.addresses.parameters import Filters
from services.desk.watching.watches import (
    Watch,
    filters_in,
    named,
    with_added,
    with_name,
    with_visit,
    without,
    written,
)

TEA = written("q=茶 价格&topic=industry") or ""
FISH = written("q=渔港") or ""


def two() -> tuple[Watch, ...]:
    return with_added(with_added((), "渔港", FISH, 10), "茶价", TEA, 20)


def test_a_search_is_kept_in_one_form_without_order_and_page() -> None:
    """The order of parameters, the sorting and unknown names make no other search."""
    assert written("topic=industry&sort=newest&q=茶 价格&after=x&nonsense=1") == TEA
    assert filters_in(TEA) == Filters(q="茶 价格", topic=["industry"])


def test_a_search_that_asks_for_nothing_or_is_not_valid_cannot_be_watched() -> None:
    assert written("") is None
    assert written("sort=newest") is None
    assert written("since=soon") is None
    assert written(f"q={'茶' * 501}") is None


def test_the_latest_search_comes_first_and_the_same_search_only_gets_another_name() -> None:
    assert [one.name for one in two()] == ["茶价", "渔港"]
    again = with_added(two(), "出海", FISH, 99)
    assert [(one.name, one.seen) for one in again] == [("出海", 10), ("茶价", 20)]


def test_one_search_is_renamed_visited_and_removed_without_the_other() -> None:
    tea, fish = two()
    assert with_name(two(), tea.watch_id, "茶市") == (tea.model_copy(update={"name": "茶市"}), fish)
    assert [one.seen for one in with_visit(two(), fish.watch_id, 50)] == [20, 50]
    assert without(two(), tea.watch_id) == (fish,)
    assert with_name(two(), "nothing", "x") == two()


def test_a_visit_never_goes_back_and_may_be_to_all() -> None:
    """Two windows may tell their visits in any order."""
    assert [one.seen for one in with_visit(two(), "", 15)] == [20, 15]


def test_a_name_has_one_line_and_at_most_eighty_characters() -> None:
    assert named("  茶价 ") == "茶价"
    assert [named(text) for text in ("", "  ", "茶" * 81, "茶\n价")] == [None] * 4
