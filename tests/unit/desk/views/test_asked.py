"""A search in words: its query and its chosen values, in the language of the page."""

from __future__ import annotations

import datetime as dt

from services.desk.addresses.parameters import Filters
from services.desk.views.asked import asked_in_words, name_for
from services.desk.views.language import interface

ZH, EN = interface("zh"), interface("en")
LABELS = {"industry": {"zh": "工业", "en": "Industry"}}


def test_chosen_values_are_named_as_the_filters_name_them() -> None:
    asked = Filters(q="茶 价格", topic=["industry"], kind=["notice"], since=dt.date(2023, 8, 1))
    assert asked_in_words(asked, LABELS, ZH) == "茶 价格　工业　公告　2023-08-01 至 …"
    assert asked_in_words(asked, LABELS, EN).startswith("茶 价格　Industry　Notice　2023-08-01")


def test_the_offered_name_is_the_query_or_else_what_was_chosen() -> None:
    assert name_for(Filters(q="茶 价格", topic=["industry"]), LABELS, ZH) == "茶 价格"
    assert name_for(Filters(paper=["示例日报"], kind=["story"]), LABELS, EN) == "Story　示例日报"
