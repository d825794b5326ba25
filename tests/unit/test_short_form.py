"""The short form of the browser tests runs each flow once, and loses no pair of a size and a language."""

from __future__ import annotations

from collections import Counter
from itertools import product

from tests.e2e.desk.short_form import once_each

SIZES = ("1440", "390")
LOCALES = ("zh-CN", "en-GB")
LOOKS = ("light", "dark")
EVERY = [{"viewport": size, "locale": locale} for size, locale in product(SIZES, LOCALES)]


def test_four_flows_cover_every_pair_of_size_and_language() -> None:
    assert sorted(once_each([EVERY] * 4)) == [0, 1, 2, 3]


def test_many_flows_share_the_pairs_out_evenly() -> None:
    """No pair runs twice as often as another."""
    assert set(Counter(once_each([EVERY] * 40)).values()) == {10}


def test_flows_with_other_parameters_and_with_none_take_turns_with_the_rest() -> None:
    """A flow in two languages only counts for the languages of those in two sizes, and pages in two looks as well."""
    pages = [{"locale": locale, "look": look} for locale, look in product(LOCALES, LOOKS)]
    languages = [{"locale": locale} for locale in LOCALES]
    flows = [[{}], languages, EVERY, pages, languages, EVERY, pages, EVERY, pages, EVERY, pages]
    run = [flow[place] for flow, place in zip(flows, once_each(flows), strict=True)]
    assert {(one["viewport"], one["locale"]) for one in run if "viewport" in one} == set(product(SIZES, LOCALES))
    assert {(one["locale"], one["look"]) for one in run if "look" in one} == set(product(LOCALES, LOOKS))


def test_the_same_flows_give_the_same_choice() -> None:
    assert once_each([EVERY] * 7) == once_each([EVERY] * 7)
