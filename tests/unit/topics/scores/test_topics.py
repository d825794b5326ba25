"""What the seed taxonomy must and must not tag, in texts of our own; benchmarks/topics.py measures the accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Caption
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import parse_taxonomy
from tests.unit.tag.conftest import LINE, article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.tagged import TaggedArticle, TextSpan

    Topics = Callable[..., set[str]]

FACTORY = "上半年全市规上工业增加值同比增长5.1%，制造业投资加快，三条新生产线投产，化工园区产能明显提升。"
CUSTOMS = "石岭海关关员对首批出口荔枝查验放行，报关单当天办结。该关今年监管出口水果货值两千万元。"
UNITED_FRONT = "市委统战部召开座谈会，各民主党派、工商联负责人和无党派人士代表就全市经济工作建言献策。"
WEATHER = "市气象台发布暴雨橙色预警，预计今晚到明天有大到暴雨，局部伴有雷雨大风，气温下降六摄氏度。"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (FACTORY, "industry"),
        (CUSTOMS, "customs"),
        (UNITED_FRONT, "united_front"),
        (WEATHER, "weather"),
        ("今日天气：多云，有雷阵雨，偏南风2-3级，温度26℃-33℃", "weather"),
        ("西山机械厂职工开展技术革新，车床加工工时缩短一半，全厂提前十天完成轴承生产任务。", "industry"),
        ("归国华侨联合会集会，侨眷和归侨代表谴责迫害华侨的行径。", "united_front"),
        ("海上缉私警察查获走私冻品六十吨，案值三千万元，走私团伙五人落网。", "customs"),
    ],
)
def test_an_article_about_a_topic_has_it_and_no_other(topics: Topics, text: str, topic: str) -> None:
    assert topics(text) == {topic}


def test_an_article_about_two_topics_has_both(topics: Topics) -> None:
    assert topics(FACTORY + UNITED_FRONT) == {"industry", "united_front"}


@pytest.mark.parametrize(
    "text",
    [
        "几年来政治气候变了，村里人说话也大胆了，大家都愿意把心里的想法讲出来。",
        "国际金融风暴过后，企业寒冬未尽，老板们盼着一场及时雨。",
        "周末，市民沿江散步，在海关大楼的钟声里拍照留念，有人吹起了口琴。",
        "他们一家去山海关登长城，孩子们在城楼上跑来跑去，玩到天黑才回家。",
        "当地风俗，新人进门要跨火盆，老人给孩子戴上银锁，全村一起吃长桌宴。",
        "酒店为住店客人提供和服务，同时提高通关游戏的奖品档次。",
        "谈判期间有人制造麻烦，制造舆论，企图制造紧张气氛，双方不欢而散。",
        "他在工业大学读书时结识了后来的妻子，两人毕业后一起回乡教书。",
        "球队主教练说，这场比赛的天气并不重要，球员们准备得很充分，教练组对胜利很有信心，球迷也买好了球票。",
        "1840年以前，那座小城的居民以打鱼为生，老人们还记得码头上的歌谣。",
    ],
    ids=[
        "political climate",
        "financial storm and timely rain",
        "the customs house, a building",
        "a pass of that name",
        "customs and tradition",
        "words that only seem to stand there",
        "making trouble",
        "a university",
        "a passing mention",
        "history",
    ],
)
def test_a_trap_has_no_topic(topics: Topics, text: str) -> None:
    assert topics(text) == set()


@pytest.mark.parametrize(
    ("simplified", "twin"),
    [
        (WEATHER, "市氣象台發布暴雨橙色預警，預計今晚到明天有大到暴雨，局部伴有雷雨大風，氣溫下降六攝氏度。"),
        (
            "规上工业增加值增长5.1%，制造业投资加快，2条生产线投产。",
            "规上工业增加值增长５．１％，制造业投资加快，２条生产线投产。",
        ),
        (UNITED_FRONT, "市委統戰部召開座談會，各民主黨派、工商聯負責人和無黨派人士代表就全市經濟工作建言獻策。"),
    ],
    ids=["traditional script", "full-width digits", "traditional script again"],
)
def test_twins_in_other_characters_have_the_same_topics_and_scores(tagger: Tagger, simplified: str, twin: str) -> None:
    scores = [(topic.id, topic.score) for topic in tagger.topics_of("", simplified)]
    assert scores
    assert [(topic.id, topic.score) for topic in tagger.topics_of("", twin)] == scores


def test_evidence_quotes_the_printed_characters_of_a_twin(tagger: Tagger) -> None:
    text = "市氣象台發布颱風預警，降雨量１２０㎜。"
    (topic,) = tagger.topics_of("", text)
    assert "颱風" in {evidence.text for evidence in topic.evidence}
    for evidence in topic.evidence:
        assert text[evidence.start : evidence.end] == evidence.text


def test_a_desk_adds_a_topic_in_one_file_without_training() -> None:
    education = """\
version: "1"
topics:
  - id: education
    label: 教育
    label_en: Education
    terms:
      - weight: 3
        words: [教育局, 义务教育, 中小学, 教师, 开学, 招生, 校长]
      - weight: 2
        words: [学校, 学生, 课堂, 教学, 高考, 幼儿园]
      - weight: 1
        words: [培训, 家长, 成绩]
    lookalikes: [教育路]
"""
    tagger = Tagger(parse_taxonomy(education))
    school = "市教育局公布今年义务教育招生办法，中小学九月一日开学，教师提前一周返校备课。"
    (topic,) = tagger.topics_of("全市中小学九月一日开学", school)
    assert (topic.id, topic.label) == ("education", "教育")
    assert tagger.topics_of("", "公交改道：教育路与人民路路口封闭施工，请市民绕行，工期三十天。") == ()


def test_more_evidence_of_the_same_kind_never_lowers_the_score(tagger: Tagger) -> None:
    def score(text: str) -> float:
        return max((topic.score for topic in tagger.topics_of("", text) if topic.id == "weather"), default=0.0)

    assert score(WEATHER + "明天仍有暴雨。") >= score(WEATHER) - 0.001


def test_the_headline_speaks_louder_than_the_body(topics: Topics) -> None:
    body = "运动会推迟到下周举行，请参赛人员相互转告。暴雨影响了交通，多趟班车停开。"
    assert topics(body) == set()
    assert topics(body, headline="暴雨红色预警：全市停课") == {"weather"}


TAGGER, OTHER_TAGGER = Tagger(seed_taxonomy()), Tagger(seed_taxonomy())
PARTS = [
    "海关",
    "統戰部",
    "规上工业增加值",
    "暴雨",
    "㎜",
    "１２％",
    "，",
    "。",
    "\n",
    "和服务",
    "a\u0301",
    "龍",
    "政治气候",
    " ",
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PARTS), max_size=40).map("".join),
    st.lists(st.sampled_from(PARTS), max_size=8).map("".join),
)
def test_evidence_and_figures_always_lie_in_the_text_and_quote_it(text: str, headline: str) -> None:
    printed = article(*text.split("\n"), headline=headline)
    captioned = printed.model_copy(update={"captions": (Caption(text=text, spans=(LINE,)),)})
    tagged = TAGGER.tag(captioned)
    for topic in tagged.topics:
        assert topic.evidence
    for span in spans(tagged):
        assert part(tagged, span)[span.start : span.end] == span.text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_tagged_and_always_alike(text: str) -> None:
    printed = article(text, headline=text[:10])
    first, second = TAGGER.tag(printed), OTHER_TAGGER.tag(printed)
    assert first.encode() == second.encode()
    for span in spans(first):
        assert part(first, span)[span.start : span.end] == span.text


def spans(tagged: TaggedArticle) -> list[TextSpan]:
    evidence = [span for topic in tagged.topics for span in topic.evidence]
    return [*evidence, *(figure.span for figure in tagged.figures)]


def part(tagged: TaggedArticle, span: TextSpan) -> str:
    texts: dict[str, Sequence[str]] = {
        "headline": [tagged.headline],
        "body": [block.text for block in tagged.body],
        "caption": [caption.text for caption in tagged.captions],
    }
    return texts[span.part][span.index]


def test_an_article_says_which_taxonomy_tagged_it_and_is_otherwise_as_it_was(tagger: Tagger) -> None:
    printed = article(CUSTOMS, headline="荔枝出海")
    tagged = tagger.tag(printed)
    assert tagged.taxonomy_version == seed_taxonomy().version
    kept = set(type(printed).model_fields) - {"type"}
    assert {name: getattr(tagged, name) for name in kept} == {name: getattr(printed, name) for name in kept}


def test_a_topic_carries_labels_iptc_and_the_evidence_in_reading_order(tagger: Tagger) -> None:
    (topic,) = tagger.tag(article(CUSTOMS, headline="海关放行荔枝")).topics
    assert (topic.id, topic.label, topic.label_en, topic.iptc) == ("customs", "海关", "Customs", "medtop:20000373")
    assert topic.score > 0.9
    assert topic.evidence[0].part == "headline"
    body = [evidence.start for evidence in topic.evidence if evidence.part == "body"]
    assert body == sorted(body)
