"""What an edited topic would change, with the words that speak, without touching anything."""

from __future__ import annotations

from services.tag.tagging import Tagger
from services.topics.deciding import Decider
from services.topics.preview import topic_changes
from services.topics.taxonomy.blocks import parse_topics, replaced
from services.topics.taxonomy.seed import seed_taxonomy
from tests.unit.tag.conftest import article

EDUCATION = """
- id: education
  label: 教育
  label_en: Education
  terms:
    - weight: 3
      words: [义务教育, 中小学, 招生]
"""
SCHOOLS = article("今年全市中小学招生九千人，义务教育学位增加。中小学新建六所。", headline="中小学招生扩容")
STORM = article("气象台预计今夜有暴雨，明天雷阵雨，最高气温三十度。", headline="暴雨预警发布")
TAGGED = [Tagger(seed_taxonomy()).tag(one) for one in (SCHOOLS, STORM)]


def decider(text: str) -> Decider:
    return Decider(replaced(seed_taxonomy(), parse_topics(text)))


def test_an_article_gains_a_new_topic_with_the_words_that_give_it() -> None:
    (change,) = topic_changes(TAGGED, decider(EDUCATION))
    assert change.article.headline == "中小学招生扩容"
    assert [topic.id for topic in change.gained] == ["education"]
    assert {each.text for each in change.gained[0].evidence} == {"中小学", "招生", "义务教育"}
    assert change.lost == ()


def test_an_article_loses_a_topic_whose_words_are_gone_with_the_words_that_gave_it() -> None:
    weather = EDUCATION.replace("education", "weather").replace("教育", "天气", 1)
    changes = list(topic_changes(TAGGED, decider(weather)))
    lost = {change.article.headline: change.lost for change in changes if change.lost}
    assert [topic.id for topic in lost["暴雨预警发布"]] == ["weather"]
    assert "暴雨" in {each.text for each in lost["暴雨预警发布"][0].evidence}


def test_only_the_topics_asked_for_are_compared() -> None:
    edited = Decider(seed_taxonomy().model_copy(update={"topics": parse_topics(EDUCATION)}))
    changed = [change.article.headline for change in topic_changes(TAGGED, edited, frozenset({"education"}))]
    assert changed == ["中小学招生扩容"]
    assert len(list(topic_changes(TAGGED, edited))) == 2


def test_an_article_whose_topics_an_editor_chose_never_changes() -> None:
    chosen = [one.model_copy(update={"topics_chosen": ()}) for one in TAGGED]
    assert not list(topic_changes(chosen, decider(EDUCATION)))


def test_the_taxonomy_in_force_changes_nothing() -> None:
    assert not list(topic_changes(TAGGED, Decider(seed_taxonomy())))
