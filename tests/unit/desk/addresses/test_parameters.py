"""Parameters: an address says a search and a search says its address."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from services.desk.addresses.parameters import SearchParameters
from services.search import fields


def test_every_facet_can_be_chosen() -> None:
    assert set(fields.FACETS) <= set(SearchParameters.model_fields)


def test_an_address_gives_back_the_search_it_was_made_from() -> None:
    asked = SearchParameters(
        q="月饼 & 海关", topic=["customs", "industry"], page=[1], since=dt.date(2023, 8, 1), sort="newest"
    )
    read = parse_qs(urlsplit(asked.address()).query)
    assert read == {
        "q": ["月饼 & 海关"],
        "topic": ["customs", "industry"],
        "page": ["1"],
        "since": ["2023-08-01"],
        "sort": ["newest"],
    }


def test_what_is_default_stays_out_of_the_address() -> None:
    assert SearchParameters().address() == "/"


def test_choosing_a_value_adds_it_and_goes_back_to_the_first_page() -> None:
    asked = SearchParameters(topic=["customs"], after="x")
    assert asked.address(**asked.with_choice("topic", "industry", chosen=True)) == "/?topic=customs&topic=industry"
    assert asked.address(**asked.with_choice("topic", "customs", chosen=False)) == "/"


def test_the_search_has_the_choices_by_facet() -> None:
    search = SearchParameters(q="月饼", page=[1, 4], until=dt.date(2023, 8, 4)).search()
    assert (search.query.text, search.chosen, search.first, search.last) == (
        "月饼",
        {"page": ("1", "4")},
        None,
        "2023-08-04",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"topc": ["customs"]},
        {"size": 101},
        {"size": 0},
        {"page": [0]},
        {"since": "0"},
        {"since": "2023-8-4"},
        {"q": "月" * 501},
        {"topic": ["x"] * 51},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchParameters.model_validate(wrong)
