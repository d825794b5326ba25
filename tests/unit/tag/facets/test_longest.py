"""The longest names in a text, as an automaton would find them."""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick, MatchKind
from hypothesis import given
from hypothesis import strategies as st

from services.tag.facets.longest import LongestNames

NAMES = st.sets(st.text("市县山海", min_size=2, max_size=5), min_size=1, max_size=12)


@given(NAMES, NAMES, st.text("市县山海、", max_size=40))
def test_the_same_names_are_found_as_by_a_leftmost_longest_automaton(
    some: set[str], others: set[str], text: str
) -> None:
    automaton = AhoCorasick(sorted(some | others), matchkind=MatchKind.LeftmostLongest)
    expected = [(start, end) for _, start, end in automaton.find_matches_as_indexes(text)]
    assert list(LongestNames(some, others).find(text)) == expected
