"""A query is understood once, and the work of understanding it grows with its length alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import pytest

from services.search.highlight import Highlighter
from services.search.query import query, units
from services.search.query.errors import QueryError
from services.search.query.language import LONGEST_QUERY, parse
from services.search.query.query import Query
from services.search.query.synonyms import seeded, synonyms
from services.search.request.body import Search, request
from services.search.request.spans import digest_query
from services.text.tokens import Clause, Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

NONE = synonyms({})
REPEATED = ("的", "雪的", "的a", "1的", "一", "一万", "甲1a", "国际海关总署")


class CountedTokens(tuple[Token, ...]):
    """Tokens that count how many of them are read."""

    __slots__ = ()
    read = 0

    @overload
    def __getitem__(self, at: SupportsIndex) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Token, ...]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Token | tuple[Token, ...]:
        found = super().__getitem__(at)
        CountedTokens.read += len(found) if isinstance(at, slice) else 1
        return found


def test_a_query_is_parsed_and_tokenised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four words, asked for twice, then marked: four texts are tokenised, one is parsed."""
    digest_query()
    parsed: list[str] = []
    tokenised: list[str] = []
    monkeypatch.setattr(query, "parse", lambda text: parsed.append(text) or parse(text))
    monkeypatch.setattr(units, "tokenise", lambda text: tokenised.append(text) or tokenise(text))
    search = Search(Query.parse("渔港 台风 停航 通知", NONE))
    request(search)
    request(search)
    Highlighter(search.query)
    assert parsed == ["渔港 台风 停航 通知"]
    assert tokenised == ["渔港", "台风", "停航", "通知"]


def test_a_word_typed_twice_is_understood_once() -> None:
    assert len(Query.parse("台风 台风 OR 台风", NONE).terms) == 1


def test_a_blank_query_is_the_query_for_everything() -> None:
    assert Query.parse(" ").node is None
    assert request(Search(Query.parse("")))["query"] == request(Search(Query()))["query"]


def test_a_query_that_cannot_be_understood_is_refused() -> None:
    with pytest.raises(QueryError):
        Query.parse("“月饼")


@pytest.mark.parametrize("repeated", REPEATED)
def test_twice_the_text_is_twice_the_work(repeated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted are the tokens that are looked at: joining every span of words would look at 15 million for 500 的."""

    def counted(text: str) -> Sequence[Clause]:
        return [Clause(CountedTokens(clause.tokens), clause.words) for clause in tokenise(text)]

    def looked_at(text: str) -> int:
        CountedTokens.read = 0
        units.term(text, seeded())
        return CountedTokens.read

    half = repeated * (LONGEST_QUERY // 2 // len(repeated))
    monkeypatch.setattr(units, "tokenise", counted)
    looked_at(half)  # what answers for a synonym is kept
    assert looked_at(half * 2) <= 2.2 * looked_at(half)


@pytest.mark.parametrize(
    "typed",
    ["(" * 12 + "渔" + ")" * 12, "()" * 250, "-" * 500, "标题:" * 160, "一" * 500, "1," * 250],
)
def test_signs_in_a_row_are_understood(typed: str) -> None:
    """However deep, long or empty: nothing but a refusal could be raised, and none of these is refused."""
    assert request(Search(Query.parse(typed)))["query"]
