"""What an extractor did to a page's text is undone once, and what it lost is told."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text.cleaning import clean_page, damage_of
from services.text.glyphs import FOLDS, HOLE, KINDS_OF_FOLD
from services.text.normal import normalise
from services.text.radicals import EQUIVALENTS

CHARACTERS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40)
INVISIBLE = [
    *map(chr, (0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))),
    *map(chr, (*range(0xFE00, 0xFE10), 0xFEFF, *range(0xE0100, 0xE01F0))),
]
TRUE_DOUBLES = (
    *("高高兴兴", "青青河边草", "谢谢大家", "天天向上", "红红火火过大年", "红红火火", "平平安安", "爷爷奶奶爸爸妈妈"),
    *("哈哈哈哈哈哈", "加油加油", "高高兴兴上班来，平平安安回家去", "认认真真踏踏实实", "88886666", "1100", "讨论讨论"),
)


def read(line: str) -> str:
    return clean_page(line)[0].text


@pytest.mark.parametrize("one", EQUIVALENTS)
def test_every_radical_and_stroke_is_the_ideograph_it_stands_for(one: str) -> None:
    """The whole of EquivalentUnifiedIdeograph, each alone and in one spelling with its ideograph."""
    assert read(f"{one}") == EQUIVALENTS[one]
    assert normalise(one).text == normalise(EQUIVALENTS[one]).text


def test_the_table_of_radicals_is_whole() -> None:
    """All 214 Kangxi radicals as Unicode folds them, and all of the supplement but U+2E80, which stands for none."""
    kangxi = {chr(code) for code in range(0x2F00, 0x2FD6)}
    assert kangxi <= EQUIVALENTS.keys()
    assert all(unicodedata.normalize("NFKC", one) == EQUIVALENTS[one] for one in kangxi)
    supplement = {chr(code) for code in range(0x2E81, 0x2EF4)} - {"\u2e9a"}
    assert supplement <= EQUIVALENTS.keys()


@pytest.mark.parametrize("kind", KINDS_OF_FOLD)
def test_every_character_of_a_block_is_folded_one_for_one_and_counted(kind: str) -> None:
    """Compatibility ideographs and vertical forms too; lines stay lines."""
    text = "\n".join(KINDS_OF_FOLD[kind])
    lines = clean_page(text)
    assert [line.text for line in lines] == list(KINDS_OF_FOLD[kind].values())
    assert damage_of(lines).kinds == ((kind, len(KINDS_OF_FOLD[kind])),)
    assert damage_of(lines).unread == 0


def test_on_a_page_in_simplified_characters_a_radical_is_the_simplified_ideograph() -> None:
    """Fonts map 户 and 戶 to one radical; the page says which is meant."""
    assert read("⼾⼝这里的⻔") == "户口这里的门"
    assert read("⼾⼝這裡") == "戶口這裡"


@given(CHARACTERS, st.sampled_from(INVISIBLE), st.data())
def test_an_invisible_character_changes_nothing(text: str, one: str, data: st.DataObject) -> None:
    """Wherever it stands."""
    at = data.draw(st.integers(0, len(text)))
    assert read(text[:at] + one + text[at:]) == read(text)


@given(st.text(max_size=200))
def test_every_line_has_one_place_whatever_the_text(text: str) -> None:
    """Each raw line is in exactly one clean line, in order, and no clean text spans two."""
    lines = clean_page(text)
    assert [number for line in lines for number in line.numbers] == list(range(1, text.count("\n") + 2))
    assert not any("\n" in line.text for line in lines)


@given(
    st.lists(
        st.text(st.sampled_from("的一是在不了有和人这中大为上个国"), min_size=3, max_size=20), min_size=1, max_size=6
    )
)
def test_bold_drawn_twice_or_three_times_is_printed_once(words: list[str]) -> None:
    """Whole lines, whatever characters follow one another in them, unless one character fills the line."""
    for word in words:
        if len(set(word)) < 3:
            continue
        for times in (2, 3):
            drawn = "".join(character * times for character in word)
            assert read(drawn) in {word, drawn} if times == 2 else read(drawn) == word


@pytest.mark.parametrize("line", TRUE_DOUBLES)
def test_what_chinese_doubles_by_itself_is_left_alone(line: str) -> None:
    """Reduplication is grammar."""
    assert read(line) == line


@pytest.mark.parametrize(
    ("line", "once"),
    [
        ("青青峦峦日日报报", "青峦日报"),
        ("本报讯（记记者者沈沈柏柏舟舟）10月12日", "本报讯（记者沈柏舟）10月12日"),
        ("谢谢谢谢大大家家", "谢谢大家"),
        ("1188℃℃到到2266℃℃", "18℃到26℃"),
        ("青峦柚子首次出口青峦柚子首次出口", "青峦柚子首次出口"),
        ("青青青青峦峦峦峦日日日日报报报报", "青峦日报"),
    ],
)
def test_bold_is_drawn_once_in_whole_lines_and_in_parts(line: str, once: str) -> None:
    """A run inside a line too, and a phrase printed over itself."""
    assert read(line) == once


def test_a_short_line_beside_a_doubled_one_is_doubled_too() -> None:
    """沈沈柏柏 alone may be a name; under a doubled headline it is bold."""
    assert [line.text for line in clean_page("沈沈柏柏\n\n青青峦峦日日报报")] == ["沈柏", "", "青峦日报"]
    assert read("沈沈柏柏") == "沈沈柏柏"


def test_a_line_printed_over_itself_is_one_line_with_two_numbers() -> None:
    """Both raw lines stay known; a pattern that goes on is no bold."""
    lines = clean_page("首批精密轴承下线\n首批精密轴承下线\n正文")
    assert [(line.numbers, line.text) for line in lines] == [((1, 2), "首批精密轴承下线"), ((3,), "正文")]
    assert len(clean_page("\n".join(["轮到你了轮到你了吗"] * 9))) == 9


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("沈(cid:12)舟", f"沈{HOLE}舟"),
        ("沈\ue863舟", f"沈{HOLE}舟"),
        ("\U000f0001沈柏舟 \ue863舟", f"沈柏舟 {HOLE}舟"),
        ("\uf06c青峦轴承厂", "青峦轴承厂"),
        ("全文完。\ue5d2", "全文完。"),
        ("(cid:3) 青峦轴承厂", "青峦轴承厂"),
        ("(cid:3)峦轴承厂", f"{HOLE}峦轴承厂"),
        ("多\ufffd转晴", f"多{HOLE}转晴"),
        ("\ue001", HOLE),
    ],
)
def test_what_is_lost_is_a_hole_unless_it_can_only_be_a_bullet(line: str, text: str) -> None:
    """Never a code and never nothing; both count."""
    (found,) = clean_page(line)
    assert found.text == text
    assert found.unread >= 1
    assert HOLE not in "".join(map(chr, FOLDS))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("本报讯 1 0 月 1 2 日，海关", "本报讯 10 月 12 日，海关"),
        ("从2 0 1 3年起", "从2013年起"),
        ("记 者 沈柏舟 通 讯 员 柳映月", "记者 沈柏舟 通讯员 柳映月"),
        ("喜 迎 国 庆", "喜 迎 国 庆"),
        ("李  非", "李  非"),
        ("3 2 1 8", "3 2 1 8"),
    ],
)
def test_blanks_inside_numbers_and_credits_are_closed_and_typography_stays(line: str, text: str) -> None:
    """A headline set wide is no damage."""
    assert read(line) == text
