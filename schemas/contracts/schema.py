"""From what pydantic generates to the schemas that we publish: described, strict, and open where they may grow."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = dict[str, Any]

OPEN: Final = "Open: later releases may add values, so treat an unknown one as you treat the most general."
OPEN_PATTERN: Final = "^[a-z][a-z0-9_-]*$"
"""What a value of an open enumeration that is not known yet looks like."""

ANY: Final = "*"


def finished(topic: str, generated: Schema, *, ours: bool) -> Schema:
    """Return a generated schema as we publish it.

    - Every field has a description and examples, from the model or else from fields.yaml.
    - `discriminator` is gone: a keyword of OpenAPI, which strict validators refuse. Each alternative has a const.
    - Enumerations in messages that we write (`ours`) are open. In messages that others send, they are closed.

    Args:
        topic: the topic, under whose name the fields of the schema's own object are described.
        generated: what pydantic generated.
        ours: whether we write the messages.
    """
    for name, schema in objects(topic, generated):
        for field, described in schema.get("properties", {}).items():
            _describe(described, _said(name, field))
    _without_discriminators(generated)
    if ours:
        _open(generated)
    return generated


def objects(topic: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the name and schema of each object: those defined, and the schema itself under the topic's name."""
    yield topic, schema
    yield from schema.get("$defs", {}).items()


def _said(name: str, field: str) -> Mapping[str, Any]:
    table = _fields()
    return table.get(name, {}).get(field) or table[ANY].get(field, {})


@cache
def _fields() -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        files("schemas.contracts").joinpath("fields.yaml").read_text(encoding="utf-8")
    )
    return found


def _describe(field: Schema, said: Mapping[str, Any]) -> None:
    parts = [field.get("description") or said.get("says"), said.get("absent")]
    described = " ".join(part for part in parts if part)
    if described:
        field["description"] = described
    if "example" in said and "const" not in field:
        field["examples"] = [said["example"]]


def _without_discriminators(node: Any) -> None:
    for each in _nodes(node):
        each.pop("discriminator", None)
        if "const" in each:
            each.pop("default", None)


def _open(node: Any) -> None:
    for each in list(_nodes(node)):
        if "enum" in each and each.get("type") == "string":
            values = each.pop("enum")
            each["anyOf"] = [{"enum": values}, {"pattern": OPEN_PATTERN}]
            each["description"] = " ".join(filter(None, (each.get("description"), OPEN)))


def _nodes(node: Any) -> Iterator[Schema]:
    """Yield every object of a JSON document that may be a schema; values in examples and defaults are none."""
    if isinstance(node, dict):
        yield node
        for key, child in list(node.items()):
            if key not in ("examples", "default", "enum", "const"):
                yield from _nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from _nodes(child)
