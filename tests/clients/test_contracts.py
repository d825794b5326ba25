"""The contracts in the validators that others use: ajv in strict mode, and AsyncAPI's own schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jsonschema import Draft7Validator

from schemas.contracts import generate
from tests.clients.conftest import HERE, run_node

if TYPE_CHECKING:
    from pathlib import Path


def test_ajv_in_strict_mode_compiles_every_schema_and_agrees_on_the_examples(node: Path) -> None:
    program = HERE / "node" / "strict.mjs"
    told = json.loads(run_node(node, program, str(generate.FOLDER), str(generate.CONTRACTS / "examples")))
    assert sorted(told) == [[topic, True, []] for topic in sorted(generate.TOPICS)]


def test_the_asyncapi_document_fits_the_official_schema(node: Path) -> None:
    official = json.loads((node / "node_modules/@asyncapi/specs/schemas/3.1.0.json").read_text("utf-8"))
    made = json.loads((generate.CONTRACTS / "asyncapi.json").read_text("utf-8"))
    assert made["asyncapi"] == "3.1.0"
    assert [error.message for error in Draft7Validator(official).iter_errors(made)] == []
    broken = made | {"channels": {"issues": {"address": 7}}}
    assert not Draft7Validator(official).is_valid(broken)


def test_each_reference_of_the_asyncapi_document_leads_to_a_schema() -> None:
    made = json.loads((generate.CONTRACTS / "asyncapi.json").read_text("utf-8"))
    for topic, message in made["components"]["messages"].items():
        reference = message["payload"]["schema"]["$ref"]
        schema = json.loads((generate.CONTRACTS / reference).resolve().read_text("utf-8"))
        assert schema["$id"] == generate.schema(topic)["$id"]
