"""The versions of an article on the desk: listed, compared, for programs, and what a withdrawn article tells whom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from tests.integration.desk.archive import running_desk
from tests.integration.desk.versions import GONE, tea_versions
from tests.unit.desk.edition import article, forecast, teas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

TEAS = f"/articles/{quote(teas().article_id)}"
NAMES = [f"{one.version}.{one.generation}" for one in tea_versions()]


@pytest.fixture(scope="module")
def reading_desk(servers: Servers, prefix: str) -> Iterator[Desk]:
    """Return a desk for everybody: it takes no corrections."""
    with running_desk(servers.elasticsearch, prefix, BROADSHEET_DESK_CORRECTIONS="false") as running:
        yield running


def test_each_version_is_listed_with_what_made_it(desk: Desk) -> None:
    shown = desk.get(f"{TEAS}/versions", accept_language="en").text
    for said in ("First published (revision 2)", "Published again, revision 3", "周敏 corrected: Headline"):
        assert said in shown
    assert f'href="{TEAS}/versions"' in desk.get(TEAS).text


def test_the_newest_version_is_compared_with_the_one_before_it(desk: Desk) -> None:
    shown = desk.get(f"{TEAS}/versions").text
    assert "春茶上市<ins>价略高</ins>" in shown
    assert "版本 3 → 版本 4" in shown


def test_any_two_versions_are_compared_by_characters(desk: Desk) -> None:
    asked = urlencode({"from": NAMES[0], "to": NAMES[3]})
    shown = desk.get(f"{TEAS}/versions?{asked}").text
    assert "春<del>荼</del>上市价略高" in shown
    assert "头春茶价比去年略<ins>高</ins>。" in shown
    assert "<ins>茶商说，雨水少，产量减了两成，价还会涨。</ins>" in shown
    assert "删 2 字，增 22 字" in shown


def test_versions_that_are_not_known_give_the_newest_two(desk: Desk) -> None:
    assert "版本 3 → 版本 4" in desk.get(f"{TEAS}/versions?from=1.0&to=<b>").text


def test_an_article_without_a_history_says_so(desk: Desk) -> None:
    answer = desk.get(f"/articles/{quote(article().article_id)}/versions", accept_language="en")
    assert (answer.status, "No version of this article was kept." in answer.text) == (200, True)
    assert desk.get("/articles/nothing/versions").status == 404


def test_programs_get_the_versions_with_their_texts(desk: Desk) -> None:
    found = desk.get(f"/api{TEAS}/versions").json()
    assert [one["version"] for one in found] == [one.version for one in tea_versions()]
    assert [[cause["kind"] for cause in one["causes"]] for one in found[:3]] == [
        ["first"],
        ["revision"],
        ["correction"],
    ]
    assert found[2]["causes"][0]["by"] == "周敏"
    assert found[1]["changed"] == ["body"]
    assert found[3]["article"]["headline"] == teas().headline
    assert desk.get(f"/api/articles/{quote(forecast().article_id)}/versions").json() == []
    assert desk.get("/api/articles/nothing/versions").status == 404


def test_a_desk_for_everybody_names_versions_without_their_texts(reading_desk: Desk) -> None:
    shown = reading_desk.get(f"{TEAS}/versions", accept_language="en").text
    assert "周敏 corrected: Headline" in shown
    assert "Older texts are shown to editors only." in shown
    assert "春荼" not in shown
    assert {one["article"] for one in reading_desk.get(f"/api{TEAS}/versions").json()} == {None}


def test_a_withdrawn_article_says_since_when_and_why_and_shows_its_text_to_editors(desk: Desk) -> None:
    answer = desk.get(f"/articles/{quote(GONE)}", accept_language="en")
    assert answer.status == 410
    assert "Withdrawn since 2023-08-04 10:30" in answer.text
    assert "published the issue again (revision 4), without this article" in answer.text
    assert "市民拾金不昧" in answer.text


def test_a_desk_for_everybody_shows_no_text_of_a_withdrawn_article(reading_desk: Desk) -> None:
    answer = reading_desk.get(f"/articles/{quote(GONE)}", accept_language="en")
    assert answer.status == 410
    assert "Withdrawn since 2023-08-04 10:30" in answer.text
    assert "市民拾金不昧" not in answer.text + reading_desk.get(f"/articles/{quote(GONE)}/versions").text


def test_a_program_is_told_since_when_and_why(desk: Desk) -> None:
    answer = desk.get(f"/api/articles/{quote(GONE)}").json()
    assert (answer["status"], answer["code"]) == (410, "withdrawn")
    assert "2023-08-04 10:30" in answer["detail"]
    assert "revision 4" in answer["detail"]
