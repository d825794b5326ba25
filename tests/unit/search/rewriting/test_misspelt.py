"""Names that no dictionary has, corrected by those that the archive has."""

from __future__ import annotations

import pytest

from services.search.rewriting.misspelt import corrected_names, spelled_otherwise, unknown_word


@pytest.mark.parametrize(
    ("typed", "word"),
    [("章荣英 渔港", "章荣英"), ("渔港停航", None), ("鲲鱼", None), ("章荣英" * 20, None)],
)
def test_characters_that_are_in_no_word_may_be_a_name(typed: str, word: str | None) -> None:
    """Words of the dictionary, two characters and pasted texts are left alone."""
    assert unknown_word(typed) == word


def test_each_place_may_have_a_character_that_sounds_or_looks_alike() -> None:
    """蓉 sounds like 荣."""
    assert "蓉" in spelled_otherwise("章荣英")[1]


def test_the_name_that_the_archive_has_most_often_comes_first() -> None:
    """Traditional characters count as their simplified form."""
    texts = ["船長章蓉英說", "章蓉英和張荣英", "章荣鹰"]
    assert corrected_names("章荣英 渔港", "章荣英", texts) == ("章蓉英 渔港", "张荣英 渔港")


def test_an_archive_without_such_a_name_corrects_nothing() -> None:
    """No name is made up."""
    assert corrected_names("章荣英", "章荣英", ["渔港停航"]) == ()
