"""What is related: the same page, and the same names and topics before and after."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.tagged import Name, Place
from services.desk.archive.outlines import read_outline
from services.desk.reading.related import related, related_requests
from tests.unit.desk.edition import article, forecast, teas


def source(**changes: Any) -> dict[str, Any]:
    return {"article": article(**changes).model_dump(mode="json")}


def test_it_asks_for_names_and_topics_before_and_from_the_day_on() -> None:
    before, after = related_requests(article(people=(Name(name="张三", mentions=1),)))
    wanted = before["query"]["bool"]
    assert {next(iter(one["term"])) for one in wanted["should"]} == {"person", "organisation", "place", "topic"}
    assert wanted["minimum_should_match"] == 2
    assert [one["query"]["bool"]["filter"][0]["range"]["date"] for one in (before, after)] == [
        {"lt": "2023-08-04"},
        {"gte": "2023-08-04"},
    ]


def test_a_province_alone_relates_nothing() -> None:
    only = Place(name="广东", code="440000", full_name="广东省", mentions=3)
    bare: dict[str, Any] = {"people": (), "organisations": (), "topics": (), "bylines": (), "places": (only,)}
    assert related_requests(article(**bare)) == ()


def test_the_same_page_leaves_out_the_article_itself_and_other_pages() -> None:
    outlines = [
        read_outline({"article": one.model_dump(mode="json")}) for one in (article(), forecast(), teas(pages=(2,)))
    ]
    assert [item.title for item in related(article(), outlines, ()).on_page] == ["今日天气：大雨，24到29度"]


def test_lists_are_newest_first_with_paper_and_day() -> None:
    old = [source(date=dt.date(2020, 1, 2), headline="甲"), source(date=dt.date(2021, 1, 2), headline="乙")]
    found = related(article(), (), [old, []])
    assert [(item.title, item.date.year, item.paper) for item in found.earlier] == [
        ("乙", 2021, "示例日报"),
        ("甲", 2020, "示例日报"),
    ]
    assert found.any
    assert not related(article(), (), ()).any
