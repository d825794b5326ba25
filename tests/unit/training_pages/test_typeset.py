from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from training.pages.typesetting.typeset import Fount, Tag, break_lines, glyphs, natural_width, set_line
from training.pages.writing.breaks import NEVER_FIRST
from training.pages.writing.house import random_house

if TYPE_CHECKING:
    from training.pages.writing.house import House, Press

from random import Random

TAG = Tag("a01", "body", para=0)


def broken(text: str, measure: float, house: House) -> list[str]:
    return ["".join(g.char for g in line) for line, _ in break_lines(glyphs(text, TAG), measure, 0.0, house)]


@given(st.text("天地人，。“”《》12ab", max_size=80), st.integers(4, 20), st.integers(0, 50))
def test_breaking_keeps_every_character_in_order(text: str, measure: int, seed: int) -> None:
    house = random_house(Random(seed), "test")
    assert "".join(broken(text, measure, house)) == text


def test_no_line_begins_with_a_full_stop(press: Press) -> None:
    for hang in (True, False):
        house = replace(press.house, hang=hang, punctuation_advance=1.0)
        lines = broken("一二三四五六七八。九十一二三四五六。七八九十", 8, house)
        assert all(line[0] not in NEVER_FIRST for line in lines)


def test_a_number_is_not_torn_apart(press: Press) -> None:
    assert any("20191008" in line for line in broken("该项工程于20191008这一天动工建设完成", 7, press.house))


def test_a_justified_line_is_as_wide_as_its_column(press: Press) -> None:
    text = glyphs("昨天上午新桥通车", TAG)
    assert set_line(text, Fount("song", 10.0), press.house, fill=90.0).width == 90.0
    assert set_line(text, Fount("song", 10.0), press.house).width == natural_width(text, press.house) * 10
