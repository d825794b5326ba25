"""Clauses end at punctuation, and only there."""

from __future__ import annotations

import pytest

from services.text.clauses import clauses
from services.text.normal import normalise


def split(printed: str) -> list[str]:
    text = normalise(printed).text
    return [text[start:end] for start, end in clauses(text)]


def test_clauses_end_at_stops_commas_and_line_ends() -> None:
    assert split("河南，海运；停航。\n复航！") == ["河南", "海运", "停航", "复航"]


@pytest.mark.parametrize(
    "printed", ["对“零关税”产品", "《求是》杂志", "约翰·史密斯", "增长5.2%", "10:30开幕", "v2.0版"]
)
def test_quotes_brackets_dots_and_figures_do_not_end_a_clause(printed: str) -> None:
    assert len(split(printed)) == 1


def test_blank_clauses_are_left_out() -> None:
    assert split("，　。！") == []
