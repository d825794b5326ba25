"""The interface: both languages complete, and no template asks for what is not there."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import get_args

import pytest

from schemas.article import Flag, FurnitureKind, Role
from schemas.contract import ArticleKind
from services.desk.views.interface import LANGUAGES, interface, preferred, texts_of_all
from services.desk.views.search import FACETS
from services.search import fields
from services.search.query.errors import MESSAGES

PLACEHOLDER = re.compile(r"\{(\w+)\}")
MARKUP = re.compile(
    r"\{[{%].*?[%}]\}|<dt[^>]*>.*?</dt>|中文|English|Broadsheet|JSON|ninjs|<[^>]*>|&\w+;|aria-[a-z]+=\"[^\"]*\"",
    re.DOTALL,
)
TEMPLATES = [entry for entry in (files("services.desk") / "templates").iterdir() if entry.name.endswith(".html")]


def test_every_text_is_there_in_both_languages_with_the_same_values() -> None:
    for key, texts in texts_of_all().items():
        assert set(texts) == set(LANGUAGES), key
        if not key.endswith(".one"):
            assert len({frozenset(PLACEHOLDER.findall(text)) for text in texts.values()}) == 1, key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_text_that_a_template_asks_for_is_there(template: object) -> None:
    source = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]  # a resource
    known = texts_of_all()
    for key in re.findall(r'\bt(?:\.counted)?\(\s*"([\w.-]+)"\s*[,)]', source):
        assert key in known, key


def test_every_value_that_articles_may_have_has_its_words() -> None:
    known = texts_of_all()
    wanted = [f"kind.{kind}" for kind in get_args(ArticleKind)]
    wanted += [f"flag.{flag}" for flag in get_args(Flag)]
    wanted += [f"role.{role}" for role in (*get_args(Role), *get_args(FurnitureKind))]
    wanted += [f"facet.{facet}" for facet in fields.FACETS]
    assert [key for key in wanted if key not in known] == []
    assert set(FACETS) == set(fields.FACETS)


def test_no_page_writes_chinese_or_english_of_its_own() -> None:
    for template in TEMPLATES:
        text = MARKUP.sub("", template.read_text(encoding="utf-8"))
        assert not re.search(r"[\u4e00-\u9fff]|[A-Za-z]{4,}", text), template.name


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,zh;q=0.5", "en"), ("fr,en;q=0.2", "en"), ("", "zh"), ("fr;q=x", "zh")],
)
def test_the_language_is_the_one_preferred(accepted: str, expected: str) -> None:
    assert preferred(accepted, "zh") == expected


def test_numbers_are_grouped_and_one_is_told_apart() -> None:
    assert interface("en").counted("found", 12345) == "12,345 articles"
    assert interface("en").counted("found", 1) == "1 article"


def test_every_error_of_a_query_speaks_both_languages() -> None:
    assert all(len(texts) == 2 and all(texts) for texts in MESSAGES.values())
