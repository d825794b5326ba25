"""Most of a question, where no article answers all of it."""

from __future__ import annotations

from services.search.query.nodes import All, AnyOf, Near, Phrase, Words
from services.search.query.query import Query
from services.search.query.synonyms import synonyms
from services.search.rewriting.partial import most_of, portions, weighed_words

NONE = synonyms({})
ASKED = Query.parse("休渔期 渔港 补贴", NONE)
WORDS = weighed_words(ASKED)


def texts(near: Near) -> list[str]:
    return [word.text for word in near.parts]


def test_a_rare_word_must_be_found_and_a_common_one_may_be_missing() -> None:
    """Of 1,000 articles 2 have 休渔期, 300 have 补贴."""
    found = portions(WORDS, [2, 5, 300], 1000)
    assert texts(found[0].near) == ["休渔期", "渔港", "补贴"]
    assert ["休渔期", "渔港"] in [texts(one.near) for one in found]
    assert all("休渔期" in texts(one.near) for one in found)


def test_a_word_that_no_article_has_weighs_most() -> None:
    """So a question whose subject is not in the archive stays without an answer."""
    found = portions(WORDS[:2], [0, 40], 1000)
    assert [texts(one.near) for one in found] == [["休渔期", "渔港"], ["休渔期"]]
    assert most_of(ASKED, found, [0, 0], NONE) is None


def test_only_the_best_portion_that_is_found_is_asked_for() -> None:
    """Articles with fewer of the words would be noise beside it."""
    found = portions(WORDS, [2, 5, 300], 1000)
    query = most_of(ASKED, found, [0] + [3] * (len(found) - 1), NONE)
    assert query is not None
    assert query.node == found[1].near


def test_one_word_alone_is_never_left_out() -> None:
    """There is nothing else to look for."""
    assert portions(WORDS[:1], [0], 1000) == ()


def test_what_is_quoted_must_be_found() -> None:
    """Only plain words may be missing."""
    asked = Query.parse('休渔期 渔港 "开渔节"', NONE)
    words = weighed_words(asked)
    assert [word.text for word in words] == ["休渔期", "渔港"]
    near = Near((Words("休渔期"),))
    query = most_of(asked, portions(words, [1, 500], 1000), [0, 2], NONE)
    assert query is not None
    assert query.node == All((near, Phrase("开渔节")))


def test_words_of_a_choice_are_not_weighed() -> None:
    """Whoever writes OR says what may be missing."""
    assert weighed_words(Query.of("", AnyOf((Words("休渔期"), Words("渔港"))), NONE)) == ()
