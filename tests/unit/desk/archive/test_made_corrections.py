"""The list of corrections: by editor and by day of the papers' time."""

from __future__ import annotations

import datetime as dt

from services.desk.archive.made_corrections import corrections_request, made_on
from services.desk.views.interface import interface
from services.desk.views.made import made_view, rival_of
from services.desk.views.made_list import made_days
from tests.unit.desk.edition import TEA_CORRECTIONS, teas

DOCUMENTS = [{"article": teas().model_dump(mode="json")}]


def test_editor_and_day_narrow_the_search_in_the_papers_time() -> None:
    body = corrections_request("周敏", dt.date(2023, 8, 4))
    assert {"term": {"edited_by": "周敏"}} in body["query"]["bool"]["filter"]
    within = body["query"]["bool"]["filter"][-1]["range"]["edited_at"]
    assert within == {"gte": "2023-08-04T00:00:00+08:00", "lt": "2023-08-05T00:00:00+08:00"}


def test_all_corrections_of_an_editor_are_listed_the_latest_first_whatever_became_of_them() -> None:
    found = made_on(DOCUMENTS * 2, "吴启明", None)
    assert [one.correction.state for one in found] == ["without_effect", "taken_back"]
    assert made_on(DOCUMENTS, "", dt.date(2023, 8, 5)) == []


def test_days_group_what_was_made_with_the_article_it_is_on() -> None:
    (day,) = made_days(made_on(DOCUMENTS, "", None), {}, interface("zh"))
    assert (day.day, len(day.items)) == ("2023-08-04", len(TEA_CORRECTIONS))
    assert {item.title for item in day.items} == {"春茶上市价略高"}


def test_a_correction_that_another_editor_replaced_names_the_other() -> None:
    first, second = TEA_CORRECTIONS[:2]
    assert rival_of(first, TEA_CORRECTIONS) == ""
    other = second.model_copy(update={"by": "吴启明"})
    assert rival_of(first, (first, other)) == "吴启明"
    assert made_view("", (first, other), {}, interface("zh"))[-1].rival == "吴启明"
