"""What an editor reads on the terminal."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from schemas.article import Block, Byline, Caption, Jump, LineSpan, Weather
from schemas.correction import AppliedCorrection, HeadlineChange, KindChange
from schemas.tagged import Evidence, TaggedArticle, Topic
from services.cli.shared.tables import article_panels, facet_table, facets_of, first_sentence, topic_line, weather_line
from services.runtime.settings import variables
from services.search.answer import Answer, IntervalCount, ValueCount

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

SPAN = LineSpan(page=1, first=1, last=1)
ARTICLE = TaggedArticle(
    article_id="渔港日报/2023-08-15/0123456789ab",
    issue_id="渔港日报/2023-08-15",
    paper="渔港日报",
    date=dt.date(2023, 8, 15),
    revision=1,
    version=2048,
    pages=(1, 3),
    kind="story",
    headline="渔港今晨开渔",
    kicker="休渔期结束",
    deck="[三百艘]渔船出海",
    label="民生",
    bylines=(Byline(name="陈小海", role="记者"), Byline(name="李大船", role="通讯员")),
    body=(
        Block(kind="subhead", text="天未亮就出发", spans=(SPAN,)),
        Block(kind="paragraph", text="今晨六时，渔船出港。渔民说鱼多。", spans=(SPAN,)),
    ),
    captions=(Caption(text="渔船出港。", credit="王摄影", spans=(SPAN,)),),
    jumps=(Jump(direction="to", page=3, text="下转3版", span=SPAN),),
    spans=(),
    confidence=0.5,
    flags=("low-confidence",),
    taxonomy_version="1-0",
)


def printed(article: TaggedArticle) -> str:
    written = io.StringIO()
    article_panels(Console(file=written, width=100), [article])
    return written.getvalue()


@pytest.mark.parametrize(
    "shown",
    [
        "渔港今晨开渔",
        "报道 story · 渔港日报 2023-08-15 · 版 page 1, 3",
        "引题 kicker   休渔期结束",
        "副题 deck     [三百艘]渔船出海",
        "栏目 label    民生",
        "署名 byline   记者 陈小海，通讯员 李大船",
        "首句 lead     今晨六时，渔船出港。 ",
        "小标题 subheads 天未亮就出发",
        "图说 caption  渔船出港。（摄影 photo: 王摄影）",
        "转版 jump     下转 to 第3版 page 3",
        "存疑 flags    low-confidence",
    ],
)
def test_an_article_shows_all_that_is_printed_of_it(shown: str) -> None:
    text = " ".join(printed(ARTICLE).split())
    assert " ".join(shown.split()) in text


def test_an_article_shows_what_was_corrected_as_far_as_it_holds() -> None:
    def made(state: str, change: HeadlineChange | KindChange) -> AppliedCorrection:
        fields = {"correction_id": "0" * 32, "article_id": ARTICLE.article_id, "by": "周敏", "state": state}
        at = dt.datetime(2023, 8, 15, 6, tzinfo=dt.UTC)
        return AppliedCorrection.model_validate(fields | {"at": at, "change": change})

    corrections = (
        made("applied", HeadlineChange(change="headline", headline="开渔")),
        made("taken_back", KindChange(change="kind", kind="brief")),
    )
    text = printed(ARTICLE.model_copy(update={"corrections": corrections}))
    assert "更正 corrected" in text
    assert "headline 周敏 2023-08-15" in text
    assert "kind 周敏" not in text


def test_an_item_without_a_headline_says_so_and_a_forecast_shows_its_line() -> None:
    assert "无标题 no headline" in printed(ARTICLE.model_copy(update={"headline": ""}))
    weather = Weather(sky="多云", wind="偏南风2级", low_celsius=26, high_celsius=33, text="今日多云，偏南风2级")
    text = printed(ARTICLE.model_copy(update={"headline": "", "kind": "weather", "weather": weather}))
    assert "今日多云，偏南风2级" in text
    assert "多云; 偏南风2级; 26–33 °C" in text


@pytest.mark.parametrize(
    ("weather", "line"),
    [
        (Weather(sky="晴", text="晴"), "晴"),
        (Weather(sky="晴", low_celsius=-3, high_celsius=0, text=""), "晴; -3–0 °C"),
        (Weather(sky="晴", wind="北风", low_celsius=3, text=""), "晴; 北风"),
    ],
)
def test_a_forecast_shows_only_what_it_says(weather: Weather, line: str) -> None:
    assert weather_line(weather) == line


def test_a_topic_shows_the_words_that_weigh_most_each_once() -> None:
    def word(text: str, weight: float) -> Evidence:
        return Evidence(part="body", start=0, end=len(text), text=text, weight=weight)

    evidence = (word("码头", 0.5), word("海关", 2.0), word("关员", 0.7), word("码头", 0.5), word("大楼", -1.0))
    topic = Topic(id="customs", label="海关", label_en="Customs", score=0.987, evidence=evidence)
    assert topic_line(topic).plain == "海关 customs 0.99  海关、码头、关员、大楼"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("开渔了！鱼多。", "开渔了！"), ("没有句号", "没有句号"), ("问：何时？六时。", "问：何时？")],
)
def test_the_lead_is_the_first_sentence(text: str, sentence: str) -> None:
    body = (Block(kind="paragraph", text=text, spans=(SPAN,)),)
    assert first_sentence(ARTICLE.model_copy(update={"body": body})) == sentence


def test_facets_show_their_commonest_values_and_dates_as_months() -> None:
    answer = Answer(
        total=3,
        facets={"topic": (ValueCount("customs", 3),), "person": ()},
        dates=(IntervalCount(dt.date(2023, 8, 1), 2),),
    )
    facets = facets_of(answer)
    assert facets == {"topic": [("customs", 3)], "date": [("2023-08", 2)], "person": []}
    written = io.StringIO()
    Console(file=written, width=100).print(facet_table(facets))
    lines = written.getvalue().splitlines()
    assert [line.split() for line in lines[1:]] == [["topic", "customs", "3"], ["date", "2023-08", "2"]]


def test_every_setting_is_listed_with_its_default(broadsheet: Callable[..., Result]) -> None:
    text = broadsheet("settings").stdout
    for name, _default, _meaning in variables():
        assert name in text
    assert "19092" in text
