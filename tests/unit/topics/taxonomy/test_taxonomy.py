from __future__ import annotations

import re

import pytest

from schemas.taxonomy import Taxonomy
from services.topics.taxonomy.diff import changes
from services.topics.taxonomy.faults import MESSAGES, TaxonomyError
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import decode_taxonomy, encode_taxonomy, parse_taxonomy

SMALL = """\
version: "1"
topics:
  - id: education
    label: 教育
    label_en: Education
    terms:
      - weight: 3
        words: [学校, 教师]
      - weight: 1
        words: [学生]
    lookalikes: [学校路]
"""


def faults(text: str) -> str:
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(text)
    return str(caught.value)


def test_a_taxonomy_is_read_from_yaml() -> None:
    taxonomy = parse_taxonomy(SMALL)
    (topic,) = taxonomy.topics
    assert (topic.id, topic.label, topic.label_en, topic.threshold) == ("education", "教育", "Education", 0.5)
    assert [(group.weight, group.words) for group in topic.terms] == [(3, ("学校", "教师")), (1, ("学生",))]
    assert topic.lookalikes == ("学校路",)


def test_the_same_content_always_has_the_same_version() -> None:
    assert (
        parse_taxonomy(SMALL).version == parse_taxonomy("# a comment\n" + SMALL.replace("[学生]", "[ 学生 ]")).version
    )


def test_another_term_or_another_declared_version_makes_another_version() -> None:
    version = parse_taxonomy(SMALL).version
    assert parse_taxonomy(SMALL.replace("[学生]", "[学生, 家长]")).version != version
    renamed = parse_taxonomy(SMALL.replace('"1"', '"2024.1"')).version
    assert renamed != version
    assert renamed.startswith("2024.1-")


def test_a_taxonomy_travels_as_a_message_unchanged() -> None:
    taxonomy = seed_taxonomy()
    assert decode_taxonomy(encode_taxonomy(taxonomy)) == taxonomy
    assert encode_taxonomy(taxonomy) == encode_taxonomy(decode_taxonomy(encode_taxonomy(taxonomy)))


def test_the_seed_fits_into_one_kafka_message_of_the_default_size() -> None:
    assert len(encode_taxonomy(seed_taxonomy())) < 1_000_000


def test_a_message_whose_content_was_altered_is_refused() -> None:
    taxonomy = parse_taxonomy(SMALL)
    altered = Taxonomy(version=taxonomy.version, topics=seed_taxonomy().topics)
    with pytest.raises(TaxonomyError, match="the content makes it 1-"):
        decode_taxonomy(altered.encode())


@pytest.mark.parametrize("value", [None, b"", b"{", b"{}", b'{"version": "1-x", "topics": []}'])
def test_a_message_that_is_no_taxonomy_is_refused_with_the_remedy(value: bytes | None) -> None:
    with pytest.raises(TaxonomyError, match="push it again"):
        decode_taxonomy(value)


def test_text_that_is_no_yaml_is_refused_with_line_and_column() -> None:
    assert "line 2, column 1" in faults('topics: [\n"unfinished')


@pytest.mark.parametrize("text", ["[" * 5000, "a: &a [*a]", "a: " + "{a: " * 100 + "1" + "}" * 100])
def test_text_that_is_nested_without_end_is_refused(text: str) -> None:
    assert "line 1" in faults(text)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list\n", "3\n"])
def test_text_that_is_no_mapping_is_refused(text: str) -> None:
    assert "expected the fields `version` and `topics`" in faults(text)


def test_a_missing_field_is_named_with_the_line_of_its_topic() -> None:
    assert "line 3: topics[1].label_en: missing; add this field" in faults(
        SMALL.replace("    label_en: Education\n", "")
    )


def test_a_misspelt_field_is_named_with_its_line_and_the_fields_there_are() -> None:
    text = faults(SMALL.replace("lookalikes:", "look_alikes:"))
    assert "line 11: topics[1].look_alikes: unknown field; use one of id, label" in text


def test_a_misspelt_field_of_a_group_of_terms_is_named_with_its_line() -> None:
    text = faults(SMALL.replace("      - weight: 1\n", "      - weight: 1\n        nearby: [学费]\n"))
    assert "line 10: topics[1].terms[2].nearby: unknown field; use one of weight, words, near, unless" in text


def test_a_weight_out_of_range_is_named_with_its_line_and_value() -> None:
    text = faults(SMALL.replace("weight: 3", "weight: 30"))
    assert "line 7: topics[1].terms[1].weight" in text
    assert "got 30" in text


def test_a_word_that_yaml_takes_for_a_number_is_to_be_quoted() -> None:
    text = faults(SMALL.replace("[学生]", "[学生, 211]"))
    assert "line 10: topics[1].terms[2].words[2]: expected text, got 211; put it in quotes" in text


def test_a_key_given_twice_is_refused_since_yaml_would_drop_the_first() -> None:
    text = faults(SMALL.replace("    label: 教育\n", "    label: 教育\n    label: 学校\n"))
    assert "line 5: topics[1].label: is also on line 4; keep one of the two" in text


def test_two_topics_of_one_id_are_refused_with_both_lines() -> None:
    second = SMALL.partition("topics:\n")[2]
    assert "line 12: topics[2].id: 'education' is also used on line 3; rename one" in faults(SMALL + second)


def test_a_word_with_two_weights_is_refused_with_both_lines() -> None:
    text = faults(SMALL.replace("[学生]", "[学生, 教师]"))
    assert "line 10: topics[1].terms[2].words[2]: '教师' is also on line 8; keep one of the two" in text


def test_a_lookalike_that_is_a_term_is_refused_with_both_lines() -> None:
    text = faults(SMALL.replace("[学校路]", "[学校路, 学校]"))
    assert "line 11: topics[1].lookalikes[2]: '学校' is a term on line 8; a lookalike is a longer phrase" in text


def test_a_topic_that_no_term_can_make_is_refused() -> None:
    assert "no term can make the topic" in faults(SMALL.replace("weight: 3", "weight: 1.5"))


WRONG = {
    "not-yaml": ("[学生]", "[学生"),
    "no-document": (SMALL, "just words"),
    "too-deep": (SMALL, "[" * 5000),
    "repeated-key": ("    label: 教育\n", "    label: 教育\n    label: 学校\n"),
    "repeated-word": ("[学生]", "[学生, 教师]"),
    "repeated-id": (SMALL, SMALL + SMALL.partition("topics:\n")[2]),
    "term-lookalike": ("[学校路]", "[学校路, 学校]"),
    "weak": ("weight: 3", "weight: 1.5"),
    "unknown-field": ("lookalikes:", "look_alikes:"),
    "extra_forbidden": ("topics:\n", "tops: 1\ntopics:\n"),
    "missing": ("    label_en: Education\n", ""),
    "string_pattern_mismatch": ("id: education", "id: 教育"),
    "string_type": ("[学生]", "[学生, 211]"),
    "string_too_short": ("[学生]", '[学生, ""]'),
    "string_too_long": ("[学生]", f"[{'学' * 41}]"),
    "too_short": ("[学生]", "[]"),
    "greater_than_equal": ("weight: 3", "weight: -7"),
    "less_than_equal": ("weight: 3", "weight: 30"),
    "literal_error": ("    label: 教育\n", "    label: 教育\n    iptc_match: near\n"),
    "float_type": ("weight: 3", "weight: 重"),
    "tuple_type": ("[学生]", "学生"),
    "model_type": ("  - id", "  - 1\n  - id"),
}
"""Code of a fault: what to replace in the small taxonomy, and by what."""


@pytest.mark.parametrize(("code", "change"), WRONG.items(), ids=WRONG.keys())
def test_a_fault_is_told_in_chinese_and_in_english(code: str, change: tuple[str, str]) -> None:
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(SMALL.replace(*change))
    fault = next(one for one in caught.value.faults if one.code == code)
    assert fault.chinese.startswith(f"第 {fault.line} 行")
    assert fault.english.startswith(f"line {fault.line}")
    for text in (fault.chinese, fault.english):
        assert not re.search(r"\{[a-z]", text)
        assert fault.found in text or "{found" not in MESSAGES[code][0]


def test_every_message_was_tried() -> None:
    """Those on messages of the topic and on aliases are tried elsewhere; no known value makes the last one."""
    assert MESSAGES.keys() - WRONG.keys() == {"no-message", "other-version", "alias", "unfit"}


def test_every_fault_is_reported_at_once_in_the_order_of_lines() -> None:
    text = faults(SMALL.replace("weight: 3", "weight: 30").replace("lookalikes:", "look_alikes:"))
    assert [line.split(":")[0] for line in text.splitlines()] == ["line 7", "line 11"]


def test_the_iptc_concept_of_customs_is_trade_and_never_customs_and_tradition() -> None:
    iptc = {topic.id: topic.iptc for topic in seed_taxonomy().topics}
    assert iptc == {
        "industry": "medtop:20000294",
        "customs": "medtop:20000373",
        "united_front": "medtop:20000651",
        "weather": "medtop:17000000",
    }


def test_no_change_is_no_line() -> None:
    assert changes(seed_taxonomy(), seed_taxonomy()) == ()


def test_changes_name_topics_terms_and_thresholds() -> None:
    old = parse_taxonomy(SMALL)
    new = parse_taxonomy(SMALL.replace("[学生]", "[家长]").replace("label_en: Education", "label_en: Schools"))
    assert changes(old, new) == (
        f"version {old.version} -> {new.version}",
        "~ education: label_en Education -> Schools",
        "~ education: terms added: 家长 1",
        "~ education: terms dropped: 学生",
    )


def test_a_term_that_moved_is_shown_with_both_weights_and_its_company() -> None:
    new = parse_taxonomy(SMALL.replace("      - weight: 1\n", "      - weight: 2\n        near: [课堂]\n"))
    assert "~ education: terms changed: 学生 1 -> 2 near 课堂" in changes(parse_taxonomy(SMALL), new)


def test_topics_added_and_dropped_are_named() -> None:
    old, new = seed_taxonomy(), parse_taxonomy(SMALL)
    assert "+ education (教育, Education): 3 terms, threshold 0.5" in changes(old, new)
    assert "- weather (天气, Weather)" in changes(old, new)
