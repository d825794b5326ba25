"""Words and the seams at which long ones open."""

from __future__ import annotations

import pytest

from services.text.words import boundaries, is_plain_pair, seams, words


def test_words_leave_nothing_out() -> None:
    assert "".join(words("中央气象台发布预报")) == "中央气象台发布预报"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("走私案", (2,)),
        ("北京市", (2,)),
        ("总书记", (1,)),
        ("市政府", (1, 2)),
        ("最高人民法院", (2, 4)),
        ("印度尼西亚", ()),
        ("中南海", ()),
        ("雪上加霜", ()),
    ],
)
def test_long_words_open_at_seams_but_names_do_not(word: str, expected: tuple[int, ...]) -> None:
    assert seams(word) == expected


def test_an_unknown_name_has_a_boundary_at_each_character() -> None:
    assert boundaries("阮氏梅") >= {0, 1, 2, 3}


def test_only_ordinary_vocabulary_is_a_plain_pair() -> None:
    assert is_plain_pair("品茶")
    assert not is_plain_pair("盐城")
    assert not is_plain_pair("茶话会")
