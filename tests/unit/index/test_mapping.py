"""The mappings are strict, use only what every Elasticsearch has, and docs/fields.md says the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from services.index.mapping import PROPERTIES, mappings
from services.index.names import KINDS, Names
from services.search import fields

DOCUMENTED = Path(__file__).parents[3] / "docs" / "fields.md"
ROW = re.compile(r"^\| `([\w.]+)` \| (\w+) \| .+ \|$", re.MULTILINE)
EVERYWHERE = {"keyword", "text", "date", "boolean", "integer", "long", "float", "object"}


def flat(properties: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, body in properties.items():
        if "properties" in body:
            found |= flat(body["properties"], f"{prefix}{name}.")
        else:
            found[prefix + name] = body["type"]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_fields_are_refused(kind: str) -> None:
    assert mappings(kind)["dynamic"] == "strict"


def test_only_types_that_need_no_module_are_used() -> None:
    assert {kind for properties in PROPERTIES.values() for kind in flat(properties).values()} <= EVERYWHERE


def test_every_facet_is_a_field_that_can_be_counted() -> None:
    types = flat(PROPERTIES["articles"])
    assert {types[field] for field in fields.FACETS.values()} <= {"keyword", "integer"}


def test_what_is_searched_is_not_kept_twice() -> None:
    assert mappings("articles")["_source"] == {"excludes": ["search.*"]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_documented_with_its_type_and_no_other(kind: str) -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    section = re.search(rf"^## `{kind}`$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert dict(ROW.findall(section[1])) == flat(PROPERTIES[kind])


def test_names_carry_the_prefix_and_the_version() -> None:
    names = Names("test-", "articles")
    assert names.read == "test-articles"
    assert names.write == "test-articles-write"
    assert re.fullmatch(r"test-articles-v\d+-000001", names.index())


def test_an_alias_never_matches_the_pattern_of_indices() -> None:
    for kind in KINDS:
        names = Names("", kind)
        pattern = names.every_version.replace("*", ".*")
        assert not re.fullmatch(pattern, names.read)
        assert not re.fullmatch(pattern, names.write)
