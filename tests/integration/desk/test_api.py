"""The JSON API: answers, limits, and errors that say what is wrong."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from schemas.tagged import TaggedArticle
from tests.unit.desk.edition import ISSUE, article

if TYPE_CHECKING:
    from tests.integration.desk.archive import Answer, Desk

pytestmark = pytest.mark.servers

FOLDERS = ("articles", "issues", "ninjs", "export", "static")
HOSTILE = (
    *(
        "..",
        ".",
        "../..",
        "%2e%2e",
        "..%2f..",
        "%2e%2e%2f_search",
        "a/../b",
        "//",
        "/",
        "%00",
        "a%00b",
        "%0a",
        "%ff%fe",
    ),
    *("_search", "_all", "*", "a,b", "-a", "%3Fq", "%23x", "%25", "x" * 3000, "%E6%8A%A5" * 300, "{}", "a:b@c"),
    *("%E6%8A%A5/2023-02-30", "%E6%8A%A5/2023-08-04", "%E6%8A%A5/2023-08-04/000000000000", "../2023-08-04"),
    *("?lang=%ff", "?before=%00", "?before=9999-99-99", "?q=%ff", "?lang=en&lang=..", "../corrections"),
)


def api(desk: Desk, path: str, **parameters: object) -> Answer:
    return desk.get(f"/api/{path}?{urlencode(parameters, doseq=True)}")


def test_a_search_gives_articles_with_marks_in_their_snippets(desk: Desk) -> None:
    found = api(desk, "search", q="首批月饼").json()
    first = found["articles"][0]
    assert first["id"] == article().article_id
    (snippet,) = api(desk, "search", q="月饼 厂长").json()["articles"][0]["snippets"]
    assert {snippet["text"][mark["start"] : mark["end"]] for mark in snippet["marks"]} == {"月饼", "厂长"}


def test_the_cursor_leads_through_everything(desk: Desk) -> None:
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = api(desk, "search", q="月饼", size=10, **after).json()
        seen += [one["id"] for one in page["articles"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(seen) == len(set(seen)) == page["total"] == 31


def test_facets_have_counts_labels_and_dates(desk: Desk) -> None:
    answer = api(desk, "facets", q="月饼", kind="brief").json()
    counts = {value["value"]: value for value in answer["facets"]["kind"]}
    assert counts["brief"]["chosen"]
    assert counts["brief"]["count"] == answer["total"] == 10
    assert counts["story"]["count"] == 21
    assert answer["facets"]["topic"][0]["label"] == "Customs"
    assert answer["dates"] == [{"first": "2023-08-04", "last": "2023-08-04", "count": 10}]


def test_an_article_comes_whole(desk: Desk) -> None:
    answer = desk.get(f"/api/articles/{quote(article().article_id, safe='')}")
    assert TaggedArticle.model_validate_json(answer.text) == article()


def test_an_article_comes_as_ninjs(desk: Desk) -> None:
    item = desk.get(f"/api/ninjs/{quote(article().article_id)}").json()
    assert item["standard"]["version"] == "3.1"
    assert item["headlines"][0]["value"] == "首批月饼出口"


def test_an_issue_lists_its_articles_in_printed_order(desk: Desk) -> None:
    answer = desk.get(f"/api/issues/{quote(ISSUE)}").json()
    assert answer["issue"]["quality"]["lines"] == 6
    titles = [item["title"] for item in answer["articles"]]
    assert titles.index("首批月饼出口") < titles.index("今日天气：大雨，24到29度")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("王小", "王小明"),
        ("示例", "示例海关"),
        ("日报", "示例日报"),
        ("ＣＵＳＴＯＭ", "Customs"),
        ("custom", "Customs"),
    ],
)
def test_suggestions_are_values_of_the_archive(desk: Desk, typed: str, value: str) -> None:
    assert value in [one["value"] for one in api(desk, "suggest", q=typed).json()["suggestions"]]


def test_what_a_suggestion_says_to_type_finds_its_articles(desk: Desk) -> None:
    for one in api(desk, "suggest", q="示例").json()["suggestions"]:
        assert api(desk, "search", q=one["query"], size=1).json()["total"] >= one["count"], one


@pytest.mark.parametrize("typed", [".*", "[", "\\", "@", "~", "a|b", '"'])
def test_signs_of_regular_expressions_are_only_characters(desk: Desk, typed: str) -> None:
    answer = api(desk, "suggest", q=typed)
    assert answer.status == 200
    assert answer.json()["suggestions"] == []


@pytest.mark.parametrize(
    ("path", "parameters", "expected", "says"),
    [
        ("search", {"q": '月饼 "海关'}, (400, "unclosed-quote"), "quotation mark"),
        ("search", {"q": "日期:很久以前"}, (400, "bad-date"), "2023-08-04"),
        ("search", {"after": "xyz"}, (400, "bad-cursor"), "cursor"),
        ("search", {"size": "101"}, (422, "bad-parameter"), "size"),
        ("search", {"topc": "customs"}, (422, "bad-parameter"), "topc: no such parameter"),
        ("facets", {"since": "2023-08-05", "until": "2023-08-04"}, (400, "days-reversed"), "later than until"),
        ("suggest", {"q": "月" * 51}, (422, "bad-parameter"), "50"),
        ("articles/none", {}, (404, "no-article"), "no article"),
        ("issues/none", {}, (404, "no-issue"), "no issue"),
        ("export/pdf", {}, (422, "bad-parameter"), "form"),
    ],
)
def test_an_error_says_what_is_wrong(
    desk: Desk, path: str, parameters: dict[str, str], expected: tuple[int, str], says: str
) -> None:
    answer = api(desk, path, **parameters)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status, problem["code"]) == expected
    assert problem["status"] == answer.status
    assert says in problem["detail"]
    assert "exception" not in answer.text


def test_a_query_of_any_weight_gets_an_answer_or_a_reason(desk: Desk) -> None:
    heavy = " OR ".join(f"({'海关月饼工业统战' * 3}{number})" for number in range(12))
    answer = api(desk, "search", q=heavy[:500])
    assert answer.status in (200, 400)


@pytest.mark.parametrize("folder", ["", "api/", *(f"{each}{kind}/" for each in ("", "api/") for kind in FOLDERS)])
def test_no_address_is_a_servers_error(desk: Desk, folder: str) -> None:
    """Whatever stands in the path or after it, the desk knows what is wrong with it."""
    statuses = {end: desk.get(f"/{folder}{end}").status for end in HOSTILE}
    assert not {end: status for end, status in statuses.items() if status >= 500}


def test_nothing_but_corrections_can_be_written(desk: Desk) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = desk.get("/api/search", method=method)
        assert answer.status == 405
        assert answer.headers["allow"] == "GET"
        assert desk.get(f"/api/articles/{quote(article().article_id)}", method=method).status == 405


def test_a_result_is_exported_whole_in_each_format(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.get(f"/export/csv?{urlencode({'q': '月饼'})}").text.lstrip("\ufeff"))))
    lines = desk.get(f"/api/export/jsonl?{urlencode({'q': '月饼'})}").text.splitlines()
    items = desk.get(f"/api/export/ninjs?{urlencode({'q': '月饼'})}").json()
    assert len(rows) == len(lines) == len(items) == 31
    assert [row["article_id"] for row in rows] == [json.loads(line)["article_id"] for line in lines]


def test_the_description_names_every_path_and_our_own_form_of_errors(desk: Desk) -> None:
    described = desk.get("/api/openapi.json").json()
    assert {
        "/api/search",
        "/api/facets",
        "/api/articles/{article_id}",
        "/api/issues/{issue_id}",
        "/api/suggest",
    } <= set(described["paths"])
    assert "HTTPValidationError" not in json.dumps(described)
    assert "Problem" in described["components"]["schemas"]
