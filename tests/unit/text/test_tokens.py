"""Tokens: what the index holds and what a query asks for come from the same place."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.text.tokens import FORMER, LATTER, PLAIN, STARTING, STOPPING, Values, index_values, pair, tokenise

NEWSPRINT = st.text(alphabet="台风登陆广东省的维生素Ｂ１２，。三百零五项 \n雪 ABCé颱風·“”%", max_size=40)


def test_characters_carry_their_place_in_the_word() -> None:
    values = index_values("走私案发")
    assert values.characters == ["走b 私e 案u 发s"]
    assert values.words == ["走私案 发"]


def test_pairs_say_whether_they_begin_and_end_where_words_do() -> None:
    assert index_values("走私案发").pairs == ["走私w 私案e 案发w"]
    assert index_values("台风登陆").pairs == ["台风w 风登n 登陆p"]


def test_pairs_with_letters_and_digits_are_told_apart() -> None:
    assert index_values("Ｂ１２").pairs == ["b__12w"]
    assert index_values("5吨").pairs == ["5_吨w"]


def test_a_clause_of_one_token_has_no_pair_but_keeps_its_place() -> None:
    assert index_values("雪，大雪").pairs[0] == ""
    assert len(index_values("雪，大雪").pairs) == 2


def test_letters_and_digits_are_tokens_of_their_own() -> None:
    assert index_values("维生素Ｂ１２").characters[0].split()[-2:] == ["b", "12"]


def test_variants_are_indexed_alike() -> None:
    assert index_values("颱風登陸") == index_values("台风登陆")
    assert index_values("三百零五项") == index_values("３０５项")
    assert index_values("二○二三年八月四日") == index_values("2023-08-04")


def test_each_clause_is_a_value_of_its_own() -> None:
    assert len(index_values("河南，海运").characters) == 2


def test_an_unknown_name_may_begin_and_end_anywhere_but_is_no_word_of_one_character() -> None:
    (clause,) = tokenise("程雪岚")
    snow = clause.tokens[1]
    assert snow.begins
    assert snow.ends
    assert snow.form != "雪s"


def test_spaces_between_spread_characters_do_not_separate_them() -> None:
    (clause,) = tokenise("王　毅")
    assert [token.text for token in clause.tokens] == ["王", "毅"]
    assert not clause.words[-1].joined


def test_a_text_without_letters_or_digits_has_no_tokens() -> None:
    assert index_values("……！？　") == Values([], [], [])
    assert tokenise("") == []


def test_a_very_long_run_of_letters_is_cut() -> None:
    assert len(index_values("a" * 100_000).characters[0]) == 64


@given(NEWSPRINT)
def test_index_and_query_agree_on_every_text(printed: str) -> None:
    values = index_values(printed)
    clauses = tokenise(printed)
    assert values.characters == [" ".join(token.form for token in clause.tokens) for clause in clauses]
    assert values.words == [" ".join(word.text for word in clause.words) for clause in clauses]


@given(NEWSPRINT)
def test_the_index_holds_the_pair_of_every_two_tokens_side_by_side(printed: str) -> None:
    for indexed, clause in zip(index_values(printed).pairs, tokenise(printed), strict=True):
        expected = list(pairwise(clause.tokens))
        assert len(indexed.split()) == len(expected)
        for form, (first, second) in zip(indexed.split(), expected, strict=True):
            assert form[:-1] == pair(first, second)
            assert (form[-1] in STARTING) == first.begins
            assert (form[-1] in STOPPING) == second.ends
            assert (form[-1] == PLAIN) == ((first.place, second.place) == (FORMER, LATTER))


@given(NEWSPRINT)
def test_every_token_leads_back_to_where_it_is_printed(printed: str) -> None:
    spans = [(token.start, token.end) for clause in tokenise(printed) for token in clause.tokens]
    assert all(0 <= start < end <= len(printed) for start, end in spans)
    assert spans == sorted(spans)


@given(NEWSPRINT)
def test_the_words_of_a_clause_cover_its_tokens(printed: str) -> None:
    for clause in tokenise(printed):
        bounds = [(word.first, word.last) for word in clause.words]
        assert [first for first, _ in bounds] == [0, *(last for _, last in bounds[:-1])]
        assert bounds[-1][1] == len(clause.tokens)


@given(NEWSPRINT)
def test_only_clauses_that_are_wanted_get_tokens(printed: str) -> None:
    def has_wind(clause: str) -> bool:
        return "风" in clause

    expected = [clause for clause in tokenise(printed) if any("风" in token.text for token in clause.tokens)]
    assert tokenise(printed, has_wind) == expected
