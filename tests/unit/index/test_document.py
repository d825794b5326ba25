"""Documents: a pure function of the message, and every one fits the strict mapping."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

import pytest

from schemas.article import Block, Byline, Caption, IssueRecord, LineSpan, Quality, RoleSpan, Weather, Withdrawal
from schemas.correction import AppliedCorrection, Change, HeadlineChange, KindChange, TopicsChange
from schemas.tagged import Name, Place, TaggedArticle, Topic
from services.index.document import document, document_id, index_kind
from services.index.mapping import PROPERTIES

DAY = dt.date(2023, 8, 4)
SPAN = LineSpan(page=1, first=1, last=1)
IDENTITY: dict[str, Any] = {
    "issue_id": "示例日报/2023-08-04",
    "paper": "示例日报",
    "date": DAY,
    "revision": 3,
    "version": 7,
}
ARTICLE = TaggedArticle(
    **IDENTITY,
    article_id="示例日报/2023-08-04/0123456789ab",
    pages=(1, 4),
    kind="weather",
    headline="颱風明登陸",
    kicker="市气象台发布",
    deck="渔船回港避风",
    label="天气",
    bylines=(Byline(name="王小明", role="记者"), Byline(name="王小明", role="摄影")),
    source="本报讯",
    body=(Block(kind="paragraph", text="三百零五艘渔船，已回港。", spans=(SPAN,)),),
    captions=(Caption(text="渔港今晨", credit="李小红", spans=(SPAN,)),),
    weather=Weather(text="今日天气：大雨", sky="大雨", wind="东风8级", low_celsius=24, high_celsius=29),
    spans=(RoleSpan(page=1, first=1, last=1, role="headline"),),
    confidence=0.9,
    flags=("jump-unresolved",),
    topics=(Topic(id="weather", label="天气", label_en="Weather", score=0.98, evidence=()),),
    places=(
        Place(name="电白", code="440904", full_name="广东省茂名市电白区", mentions=2),
        Place(name="渔港", mentions=1),
    ),
    organisations=(Name(name="市气象台", mentions=1),),
    people=(Name(name="陈大海", mentions=1),),
    dates=(DAY,),
    taxonomy_version="1",
)
QUALITY = Quality(lines=9, placed=9, articles=2, title_only=0, body_only=0, orphan_captions=0, low_confidence=1)
ISSUE = IssueRecord(**IDENTITY, pages=(1, 2), furniture=(), quality=QUALITY)
WITHDRAWAL = Withdrawal(**IDENTITY, article_id=ARTICLE.article_id)


def shown(number: int, change: Change, state: Literal["applied", "taken_back"], by: str) -> AppliedCorrection:
    at = dt.datetime(2023, 8, 4, 6, number, 0, 250_000, tzinfo=dt.UTC)
    article_id = ARTICLE.article_id
    return AppliedCorrection(
        correction_id=f"{number:032x}", article_id=article_id, by=by, at=at, change=change, state=state
    )


CORRECTED = ARTICLE.model_copy(
    update={
        "topics_chosen": (),
        "corrections": (
            shown(1, HeadlineChange(change="headline", headline="颱風明日登陸"), "applied", "周敏"),
            shown(2, TopicsChange(change="topics", topics=()), "applied", "周敏"),
            shown(3, KindChange(change="kind", kind="story"), "taken_back", "吴启明"),
        ),
    }
)


@pytest.mark.parametrize(
    "message", [ARTICLE, CORRECTED, WITHDRAWAL, ISSUE], ids=["article", "corrected", "withdrawal", "issue"]
)
def test_every_document_fits_the_strict_mapping(message: TaggedArticle | Withdrawal | IssueRecord) -> None:
    properties = PROPERTIES[index_kind(message)]
    found = document(message)
    assert set(found) <= set(properties)
    if "search" in found:
        assert set(found["search"]) <= set(properties["search"]["properties"])
    json.dumps(found)


def test_facets_are_values_without_repetition() -> None:
    found = document(ARTICLE)
    assert found["reporter"] == ["王小明"]
    assert found["topic"] == ["weather"]
    assert found["topic_label"] == ["天气", "Weather"]
    assert found["place"] == ["广东省茂名市电白区", "渔港"]
    assert found["place_code"] == ["440904"]
    assert found["page"] == [1, 4]
    assert found["column"] == "天气"


def test_what_is_searched_is_in_one_spelling_and_clause_by_clause() -> None:
    searched = document(ARTICLE)["search"]
    assert searched["headline"] == ["台b 风e 明s 登f 陆l"]
    assert searched["body"][0].startswith("305 艘")
    assert len(searched["body"]) == 4
    assert "台风 明 登陆" in searched["words"]


def test_gathered_fields_hold_the_parts_they_stand_for() -> None:
    searched = document(ARTICLE)["search"]
    assert searched["titles"] == searched["kicker"] + searched["deck"] + searched["label"]
    assert searched["rest"] == searched["byline"] + searched["source"] + searched["caption"]


def test_the_whole_message_comes_back_from_the_document() -> None:
    kept = json.dumps(document(ARTICLE)["article"], ensure_ascii=False)
    assert TaggedArticle.model_validate_json(kept) == ARTICLE


def test_what_holds_of_corrections_is_found_by_kind_by_whom_and_when() -> None:
    found = document(CORRECTED)
    assert (found["corrected"], found["corrected_by"]) == (["headline", "topics"], ["周敏"])
    assert found["corrected_at"] == "2023-08-04T06:02:00.250000+00:00"
    assert not {"corrected", "corrected_by", "corrected_at"} & document(ARTICLE).keys()


def test_every_correction_comes_back_from_the_document() -> None:
    kept = document(CORRECTED)["article"]
    assert TaggedArticle.model_validate_json(json.dumps(kept)) == CORRECTED
    assert TaggedArticle.model_validate(kept, strict=False) == CORRECTED


def test_an_issue_keeps_the_corrections_that_no_article_can_show() -> None:
    found = document(ISSUE.model_copy(update={"corrections": CORRECTED.corrections}))
    assert [one["by"] for one in found["corrections"]] == ["周敏", "周敏", "吴启明"]


def test_a_withdrawal_is_a_small_document_that_stays() -> None:
    found = document(WITHDRAWAL)
    assert found["withdrawn"] is True
    assert set(found) == {*IDENTITY, "article_id", "withdrawn"}
    assert document_id(WITHDRAWAL) == document_id(ARTICLE)


def test_an_issue_is_its_quality_under_its_own_id() -> None:
    found = document(ISSUE)
    assert (found["lines"], found["low_confidence"]) == (9, 1)
    assert document_id(ISSUE) == "示例日报/2023-08-04"
    assert index_kind(ISSUE) == "issues"


def test_the_same_message_gives_the_same_document() -> None:
    assert json.dumps(document(ARTICLE)) == json.dumps(document(ARTICLE.model_copy()))


def test_an_article_of_a_headline_only_leaves_out_what_it_lacks() -> None:
    bare = TaggedArticle(
        **IDENTITY,
        article_id="a",
        pages=(1,),
        kind="brief",
        headline="开渔",
        spans=(),
        confidence=0.5,
        taxonomy_version="1",
    )
    found = document(bare)
    assert "kicker" not in found
    assert "body" not in found["search"]
