"""Pages for training: only those that an editor answered for, every line once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.article import LineSpan, RoleSpan
from schemas.correction import Confirm
from services.desk.correcting.annotated import answered_pages, is_answered, truth_of
from services.desk.correcting.values import seen
from tests.unit.desk.edition import PAGE, applied, article, forecast, record

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle


def confirmed(one: TaggedArticle, state: str = "applied") -> TaggedArticle:
    made = applied(6, Confirm(change="confirm", seen=seen(one)), state)  # type: ignore[arg-type]  # any state
    return one.model_copy(update={"corrections": (made,)})


def test_a_page_counts_only_when_every_article_on_it_was_answered_for() -> None:
    assert answered_pages([confirmed(article()), confirmed(forecast())], (1, 2)) == (1,)
    assert answered_pages([confirmed(article()), forecast()], (1,)) == ()


def test_an_answer_counts_only_while_the_article_is_as_it_was() -> None:
    assert not is_answered(confirmed(article(), "without_effect"))


def test_every_line_of_the_page_has_one_record_in_the_order_of_the_page() -> None:
    truth = truth_of(record(), [confirmed(article()), confirmed(forecast())], {1: PAGE})
    lines = truth["pages"]["1"]
    assert [(one["line"], one["article"], one["role"]) for one in lines] == [
        (1, "furniture", "furniture"),
        (2, "a01", "body"),
        (3, "a01", "body"),
        (4, "a01", "body"),
        (6, "a01", "headline"),
        (7, "a02", "weather"),
    ]
    assert [one.get("para_start") for one in lines[1:4]] == [True, None, None]


def test_an_article_has_its_titles_its_lines_by_role_and_its_reading_order() -> None:
    story = truth_of(record(), [article()], {1: PAGE})["articles"][0]
    assert (story["headline"], story["bylines"]) == ("首批月饼出口", [{"name": "王小明", "role": "记者"}])
    assert story["lines"] == {"body": [[1, 2], [1, 3], [1, 4]], "headline": [[1, 6]]}
    assert story["reading_order"] == [[1, 2], [1, 3], [1, 4]]


def test_lines_on_pages_that_nobody_answered_for_are_left_out() -> None:
    spans = (RoleSpan(page=1, first=2, last=2, role="body"), RoleSpan(page=4, first=9, last=9, role="body"))
    body = (article().body[0].model_copy(update={"spans": (LineSpan(page=4, first=9, last=9),)}),)
    story = truth_of(record(), [article(spans=spans, body=body, pages=(1, 4))], {1: PAGE})["articles"][0]
    assert (story["pages"], story["lines"], story["reading_order"]) == ([1], {"body": [[1, 2]]}, [])
