"""Files of a result: whole, in order, and safe to open."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from schemas.tagged import TaggedArticle
from services.desk.archive.export import COLUMNS, FILE_KINDS, Format, csv_row, written
from tests.unit.desk.edition import article, forecast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def export(form: Format, *articles: TaggedArticle) -> str:
    async def given() -> AsyncIterator[TaggedArticle]:
        for one in articles:
            yield one

    async def gathered() -> str:
        return "".join([piece async for piece in written(given(), form)])

    return asyncio.run(gathered())


def test_csv_has_a_header_and_a_row_for_each_article() -> None:
    header, story, weather = csv.reader(io.StringIO(export("csv", article(), forecast()).removeprefix("\ufeff")))
    assert tuple(header) == COLUMNS
    assert dict(zip(header, story, strict=True))["bylines"] == "记者 王小明"
    assert dict(zip(header, weather, strict=True))["body"] == "今日天气：大雨，24到29度"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_is_never_a_formula(formula: str) -> None:
    assert next(csv.reader([csv_row((formula,))])) == [f"'{formula}"]


def test_json_lines_give_back_the_articles() -> None:
    lines = export("jsonl", article(), forecast()).splitlines()
    assert [TaggedArticle.model_validate_json(line) for line in lines] == [article(), forecast()]


def test_ninjs_is_one_list() -> None:
    assert [item["altIds"][0]["value"] for item in json.loads(export("ninjs", article(), forecast()))] == [
        article().article_id,
        forecast().article_id,
    ]


@pytest.mark.parametrize("form", list(FILE_KINDS))
def test_a_result_without_articles_is_a_whole_file(form: Format) -> None:
    text = export(form)
    assert {"ninjs": "[]\n", "jsonl": ""}.get(form, text) == text
