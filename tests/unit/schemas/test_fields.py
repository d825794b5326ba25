"""Every field of every message says what it means, with an example, and what it is when there is nothing to say."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from schemas.contracts import asyncapi, generate
from schemas.contracts.schema import ANY, OPEN, objects
from services.runtime.names import Names

SCHEMAS = {topic: generate.schema(topic) for topic in generate.TOPICS}
FIELDS = [
    (topic, f"{name}.{field}", one)
    for topic, schema in SCHEMAS.items()
    for name, each in objects(topic, schema)
    for field, one in each.get("properties", {}).items()
]
ABSENT = re.compile(r"\b(null|empty|left out|false|defaults?|utf-8|without it|0|0\.5|none)\b", re.IGNORECASE)


def is_object(field: dict[str, Any]) -> bool:
    """Tell whether a field holds objects, whose own fields have the examples."""
    kinds = [field, field.get("items", {}), *field.get("anyOf", ()), *field.get("oneOf", ())]
    kinds += [kind.get("items", {}) for kind in kinds]
    return any("$ref" in kind for kind in kinds)


@pytest.mark.parametrize(("topic", "name", "field"), FIELDS, ids=[f"{topic}:{name}" for topic, name, _ in FIELDS])
def test_a_field_is_described(topic: str, name: str, field: dict[str, Any]) -> None:
    assert len(field.get("description", "").split()) > 1, name
    if not is_object(field) and "const" not in field:
        (example,) = field["examples"]
        whole = {**field, "$defs": SCHEMAS[topic].get("$defs", {})}
        Draft202012Validator(whole).validate(example)
    if "default" in field or any(kind.get("type") == "null" for kind in field.get("anyOf", ())):
        assert ABSENT.search(field["description"]), f"{name} does not say what it is when there is nothing to say"


def test_no_description_is_of_a_field_that_is_no_more() -> None:
    named: dict[str, set[str]] = {}
    for topic, schema in SCHEMAS.items():
        for name, each in objects(topic, schema):
            named.setdefault(name, set()).update(each.get("properties", {}))
    text = (generate.CONTRACTS / "fields.yaml").read_text("utf-8")
    every = set().union(*named.values())
    for name, fields in yaml.safe_load(text).items():
        assert set(fields) <= (every if name == ANY else named[name] | set(fields) - every), name


def test_what_we_write_has_open_enumerations_and_what_we_accept_has_closed_ones() -> None:
    kind = SCHEMAS["articles.tagged"]["$defs"]["TaggedArticle"]["properties"]["kind"]
    assert OPEN in kind["description"]
    assert Draft202012Validator(kind).is_valid("editorial")
    assert not Draft202012Validator(kind).is_valid("An editorial")
    closed = SCHEMAS["corrections"]["$defs"]["KindChange"]["properties"]["kind"]
    assert not Draft202012Validator(closed).is_valid("editorial")


def test_the_asyncapi_document_says_of_each_topic_what_we_create() -> None:
    made = asyncapi.document("1.0", dict.fromkeys(generate.TOPICS, ("", "")))
    for spec in Names().topics(1):
        if spec.name in made["channels"]:
            bindings = made["channels"][spec.name]["bindings"]["kafka"]["topicConfiguration"]
            assert bindings["cleanup.policy"] == [spec.config["cleanup.policy"]]
