"""The reference of every message for people, in Markdown: docs/messages.md."""

from __future__ import annotations

import json
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from schemas.contracts.asyncapi import HEADERS
from schemas.contracts.schema import objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = dict[str, Any]

WIDTH: Final = 110
"""The most characters of a line of running text."""
SHOWN: Final = 60
"""The most characters of an example in a table."""

INTRODUCTION: Final = """# Messages

`python -m schemas.contracts.generate` writes this page from the models, together with the JSON Schemas (2020-12) in
`schemas/json`, the examples of what is accepted and refused in
`schemas/contracts/examples`, and
`schemas/contracts/asyncapi.json` (AsyncAPI 3.1).

Within a major version of a schema (the number at the end of its `$id`), the messages that we write only gain optional
fields and values of open enumerations, and the messages that we accept only gain. `make check` refuses anything else.

## Headers

Each message that we write is a CloudEvent 1.0 in Kafka's binary mode.
"""


def page(schemas: Mapping[str, Schema]) -> str:
    """Return the page for the schemas, by topic."""
    lines = [INTRODUCTION]
    lines += ["| header | meaning | example |", "|---|---|---|"]
    lines += [f"| `{name}` | {says} | `{example}` |" for name, (says, example) in HEADERS.items()]
    shown: set[str] = set()
    for topic, schema in schemas.items():
        about = f"{schema['title']}. {schema['description']} Schema: `{schema['$id']}`."
        lines += ["", f"## {topic}", "", fill(about, WIDTH), ""]
        for name, each in objects(topic, schema):
            if "properties" in each and name not in shown:
                shown.add(name)
                lines += _table(name, each, topic)
    return "\n".join(lines) + "\n"


def _table(name: str, schema: Schema, topic: str) -> Iterator[str]:
    if name != topic:
        yield from (f"### {name}", "", fill(schema.get("description", ""), WIDTH), "")
    yield from ("| field | type | meaning | example |", "|---|---|---|---|")
    required = set(schema.get("required", ()))
    for field, one in schema["properties"].items():
        must = "" if field in required else " (optional)"
        example = json.dumps(one["examples"][0], ensure_ascii=False) if one.get("examples") else ""
        cut = example if len(example) <= SHOWN else example[:SHOWN] + "…"
        told = f"`{cut}`" if cut else ""
        yield f"| `{field}` | {_type(one)}{must} | {one.get('description', '')} | {told} |".replace("\\n", " ")
    yield ""


def _type(node: Schema) -> str:
    """Return a field's type in a few words."""
    if "$ref" in node:
        reference: str = node["$ref"]
        return reference.rpartition("/")[2]
    if "const" in node:
        return f"`{node['const']}`"
    for values in (node.get("enum"), *(each.get("enum") for each in node.get("anyOf", ()))):
        if values:
            more = "" if "enum" in node else ", …"
            return ", ".join(f"`{value}`" for value in values) + more
    if "type" in node:
        found: str = node["type"]
        if found == "array":
            return f"list of {_type(node['items'])}" if "items" in node else "list of numbers"
        return f"{found} ({node['format']})" if "format" in node else found
    return " or ".join(dict.fromkeys(_type(each) for each in (node.get("anyOf") or node.get("oneOf") or ())))
