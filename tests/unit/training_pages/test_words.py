from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from training.pages.writing import pools, words
from training.pages.writing.house import Press, random_house


@pytest.mark.parametrize("number", range(len(pools.BYLINE_FORMS)))
@pytest.mark.parametrize("others", [[], ["周舟", "吴桐"]])
def test_every_byline_form_prints_the_names_it_claims(number: int, others: list[str]) -> None:
    rng = Random(number)
    house = replace(random_house(rng, "test"), byline_forms=(number,), name_space="", traditional=False)
    lines, names, _ = words.byline_of(["林晓", "欧阳明"], others, Press(house, rng))
    printed = "".join(lines)
    assert names
    assert all(name in printed for name, _ in names)
    assert {name for name in ("林晓", "欧阳明", *others) if name in printed} == {name for name, _ in names}
    assert "{" not in printed


def test_leads_and_signatures_name_whom_they_print(press: Press) -> None:
    for _ in range(100):
        for text, names in (words.lead(press, named=True), words.tail(press)):
            assert all(name in text for name, _ in names)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "〇"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一")]
)
def test_page_numbers_in_chinese(value: int, text: str) -> None:
    assert words.chinese_number(value) == text


def test_writing_keeps_the_length_of_a_text(press: Press) -> None:
    house = replace(press.house, traditional=True, full_width_digits=True)
    assert house.write("竣工：2019年后发展") == "竣工：２０１９年後發展"
