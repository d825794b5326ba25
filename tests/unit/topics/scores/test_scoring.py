from __future__ import annotations

import math

import pytest

from schemas.taxonomy import Formula, Terms, TopicDefinition
from services.topics.document import Document, Passage, lay_out
from services.topics.scores.matching import Hit, Lexicon
from services.topics.scores.scoring import FEATURES, measure, score, values


def topic(*groups: Terms, lookalikes: tuple[str, ...] = ()) -> TopicDefinition:
    return TopicDefinition(id="test", label="试", label_en="Test", terms=groups, lookalikes=lookalikes)


def document(body: str, headline: str = "") -> Document:
    passages = [Passage("headline", 0, headline), Passage("body", 0, body)]
    return lay_out([passage for passage in passages if passage.text])


def found(definition: TopicDefinition, body: str, headline: str = "") -> list[str]:
    return [hit.term for hit in Lexicon(definition).find(document(body, headline))]


def features(body: str, headline: str = "", **weights: tuple[str, ...]) -> dict[str, float]:
    groups = [
        Terms(weight=float(name.strip("w").replace("minus", "-")), words=words) for name, words in weights.items()
    ]
    laid_out = document(body, headline)
    return dict(zip(FEATURES, values(measure(laid_out, Lexicon(topic(*groups)).find(laid_out))), strict=True))


def test_the_longest_term_wins_and_none_overlap() -> None:
    assert found(topic(Terms(weight=3, words=("海关", "海关总署"))), "海关总署说，海关") == ["海关总署", "海关"]


def test_a_match_across_a_word_boundary_is_none() -> None:
    kimono = topic(Terms(weight=3, words=("和服",)))
    assert found(kimono, "提供和服务") == []
    assert found(kimono, "她穿着和服") == ["和服"]


def test_a_term_inside_a_longer_word_counts_unless_the_word_is_a_lookalike() -> None:
    terms = Terms(weight=3, words=("降雨", "海关"))
    assert found(topic(terms, lookalikes=("山海关",)), "强降雨袭击山海关") == ["降雨"]


def test_a_term_that_needs_company_counts_only_in_its_sentence() -> None:
    terms = Terms(weight=2, words=("口岸",), near=("货物", "报关"))
    assert found(topic(terms), "口岸验放货物。口岸风景如画。") == ["口岸"]


def test_a_term_does_not_count_beside_what_it_must_not_stand_with() -> None:
    terms = Terms(weight=2, words=("通关",), unless=("游戏",))
    assert found(topic(terms), "游戏通关很难。货物通关很快。") == ["通关"]


def test_terms_are_compared_in_simplified_script_and_half_width() -> None:
    assert found(topic(Terms(weight=3, words=("颱風", "PMI"))), "台风与ＰＭＩ") == ["台风", "pmi"]


def test_nothing_found_is_nothing_measured() -> None:
    assert set(values(measure(document("全无关系。", "标题"), ()))) == {0.0}


def test_a_missing_headline_is_a_feature() -> None:
    assert features("暴雨。", w3=("暴雨",))["headless"] == 1
    assert features("暴雨。", "标题", w3=("暴雨",))["headless"] == 0


def test_coverage_is_the_share_of_the_text_in_sentences_that_speak_of_the_topic() -> None:
    measured = features("今天有暴雨，请注意。大家吃饭喝茶聊天了。", w3=("暴雨",))
    assert measured["coverage"] == pytest.approx(0.5, abs=0.01)
    assert measured["settled"] == pytest.approx(0.5, abs=0.01)


def test_a_sentence_with_weak_terms_covers_in_part() -> None:
    assert 0 < features("雨水多了起来。", w2=("雨水",))["coverage"] < 1


def test_supporting_terms_alone_measure_nothing() -> None:
    alone = features("企业产品质量好，企业成本低。", w1=("企业", "产品", "质量", "成本"))
    assert alone["density"] == alone["coverage"] == alone["variety"] == 0


def test_insistence_saturates() -> None:
    words = {"w3": ("暴雨",)}
    once, thrice, often = (features("暴雨" + "，暴雨" * more + "。", **words)["variety"] for more in (0, 2, 20))
    assert once < thrice == often


def test_terms_that_speak_against_are_measured_apart() -> None:
    measured = features("边检民警查验旅客，口岸通关顺畅。", w2=("口岸", "通关"), wminus2=("边检",))
    assert measured["against"] > 0
    assert measured["variety"] == features("口岸通关顺畅。", w2=("口岸", "通关"))["variety"]


def test_the_contributions_of_the_words_and_the_bias_add_up_to_the_log_odds() -> None:
    laid_out = document("口岸通关顺畅，边检民警查验。海关放行。", "海关见闻")
    groups = (
        Terms(weight=3, words=("海关",)),
        Terms(weight=2, words=("口岸", "通关")),
        Terms(weight=-2, words=("边检",)),
    )
    hits = Lexicon(topic(*groups)).find(laid_out)
    formula = Formula()
    measured = measure(laid_out, hits)
    result = score(measured, formula, len(hits))
    odds = math.log(result.probability / (1 - result.probability))
    assert odds == pytest.approx(formula.bias + sum(result.contributions))
    by_feature = zip(FEATURES, values(measured), strict=True)
    assert odds == pytest.approx(formula.bias + sum(getattr(formula, name) * value for name, value in by_feature))


def test_a_word_that_speaks_against_has_a_negative_contribution() -> None:
    laid_out = document("口岸通关顺畅，边检民警查验。")
    groups = (Terms(weight=2, words=("口岸", "通关")), Terms(weight=-2, words=("边检",)))
    hits = Lexicon(topic(*groups)).find(laid_out)
    result = score(measure(laid_out, hits), Formula(), len(hits))
    by_term = {hit.term: share for hit, share in zip(hits, result.contributions, strict=True)}
    assert by_term["边检"] < 0 < by_term["口岸"]


def test_a_hit_says_where_it_stands_in_the_normalised_text() -> None:
    laid_out = document("有暴雨。", "题")
    assert Lexicon(topic(Terms(weight=3, words=("暴雨",)))).find(laid_out) == (Hit(3, 5, "暴雨", 3.0),)
