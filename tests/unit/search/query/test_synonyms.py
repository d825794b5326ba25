"""The list of synonyms: what stands for what, and that the seeded list is sound."""

from __future__ import annotations

from importlib.resources import files

import yaml

from services.search.query.synonyms import names_only, seeded, synonyms
from services.text.tokens import tokenise


def test_members_of_a_group_stand_for_each_other() -> None:
    known = synonyms({"same": [["GDP", "国内生产总值"]]})
    assert known.of("gdp") == ("国内生产总值",)
    assert known.of("国内生产总值") == ("gdp",)


def test_what_also_answers_does_not_go_back() -> None:
    known = synonyms({"also": {"雪": ["暴雪"]}})
    assert known.of("雪") == ("暴雪",)
    assert known.of("暴雪") == ()


def test_spelling_does_not_matter() -> None:
    known = synonyms({"same": [["颱風", "熱帶氣旋"], ["前三季度", "１—９月"]], "light": ["個"]})
    assert known.of("台风") == ("热带气旋",)
    assert known.of("前3季度") == ("1至9月",)
    assert "个" in known.light


def test_the_seeded_list_has_no_empty_or_repeated_entries() -> None:
    content = yaml.safe_load((files("seeds") / "synonyms.yaml").read_text(encoding="utf-8"))
    assert set(content) == {"same", "also", "light"}
    for group in content["same"]:
        assert len(group) > 1
        assert len(set(group)) == len(group)
    words = [word for group in content["same"] for word in group] + list(content["also"])
    assert all(tokenise(str(word)) for word in words)
    assert seeded().longest == max(len(word) for word in seeded().others)


def test_no_word_of_the_seeded_list_belongs_to_two_groups() -> None:
    content = yaml.safe_load((files("seeds") / "synonyms.yaml").read_text(encoding="utf-8"))
    members = [word for group in content["same"] for word in group]
    assert sorted({word for word in members if members.count(word) > 1}) == []


def test_in_one_part_of_an_article_a_word_means_itself_and_longer_words_with_it() -> None:
    """标题:台风 must find the headline 强台风登陆, and not one about a storm by another name."""
    assert "强台风" in names_only().of("台风")
    assert seeded().of("车祸")
    assert not [answer for answer in names_only().of("车祸") if "车祸" not in answer]
