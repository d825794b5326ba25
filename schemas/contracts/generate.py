"""Write what is made of the models: `python -m schemas.contracts.generate`.

That is the schemas, their examples, AsyncAPI, and docs/messages.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from schemas.article import ARTICLE_MESSAGE
from schemas.contracts.asyncapi import document
from schemas.contracts.ids import schema_id
from schemas.contracts.invalid import INVALID
from schemas.contracts.page import page
from schemas.contracts.schema import finished
from schemas.contracts.valid import EXAMPLES
from schemas.correction import Correction
from schemas.issue import Issue
from schemas.raw import RawIssue
from schemas.tagged import TAGGED_MESSAGE
from schemas.taxonomy import Taxonomy

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaMode

CONTRACTS = Path(__file__).parent
FOLDER = CONTRACTS.parent / "json"
PAGE = FOLDER.parents[1] / "docs" / "messages.md"
RELEASE = "0.2.0"
"""The release of Broadsheet that the AsyncAPI document describes; a test compares it with pyproject.toml."""

TOPICS: dict[str, tuple[TypeAdapter[Any], JsonSchemaMode, str, str]] = {
    "issues.raw": (
        TypeAdapter(RawIssue),
        "validation",
        "What a newsroom publishes",
        "A JSON value of the topic issues.raw; plain text with headers is taken too. Unknown fields are refused.",
    ),
    "corrections": (
        TypeAdapter(Correction),
        "validation",
        "What an editor corrects",
        "A value of the topic corrections, keyed by the issue's id. Unknown fields are refused.",
    ),
    "issues": (
        TypeAdapter(Issue),
        "serialization",
        "An issue as known so far",
        "A value of the topic issues: one revision of an issue with all pages known.",
    ),
    "articles": (
        ARTICLE_MESSAGE,
        "serialization",
        "An article, a withdrawal, or an issue's record",
        "A value of the topic articles, told apart by type.",
    ),
    "articles.tagged": (
        TAGGED_MESSAGE,
        "serialization",
        "A tagged article, a withdrawal, or an issue's record",
        "A value of the compacted topic articles.tagged, told apart by type.",
    ),
    "taxonomy": (
        TypeAdapter(Taxonomy),
        "serialization",
        "A version of the taxonomy",
        "A value of the compacted topic taxonomy.",
    ),
}
"""For each topic: the type of its values, the mode, a title and a description.

The mode is validation if others write the values, and serialization if we write them. In values that we write, fields
with a default are always present.
"""


def schema(topic: str) -> dict[str, Any]:
    """Return the JSON Schema of a topic's values, with examples."""
    adapter, mode, title, description = TOPICS[topic]
    generated = finished(topic, adapter.json_schema(mode=mode), ours=mode == "serialization")
    definitions = {"$defs": generated.pop("$defs")} if "$defs" in generated else {}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": schema_id(topic),
        **generated,
        "title": title,
        "description": description,
        "examples": [json.loads(example.encode()) for example in EXAMPLES[topic]],
        **definitions,
    }


def rendered(topic: str) -> str:
    """Return the content of the schema's file."""
    return _json(schema(topic))


def path(topic: str) -> Path:
    """Return where the schema of a topic is kept."""
    return FOLDER / f"{topic}.schema.json"


def examples(topic: str) -> dict[str, Any]:
    """Return the examples of a topic's values: those that are accepted, and those that are refused with the reason."""
    return {
        "valid": [json.loads(example.encode()) for example in EXAMPLES[topic]],
        "invalid": [{"why": why, "value": value} for why, value in INVALID[topic]],
    }


def outputs() -> dict[Path, str]:
    """Return every file that is made of the models, with its content."""
    titles = {topic: (title, description) for topic, (_, _, title, description) in TOPICS.items()}
    found = {path(topic): rendered(topic) for topic in TOPICS}
    found |= {CONTRACTS / "examples" / f"{topic}.json": _json(examples(topic)) for topic in TOPICS}
    found[CONTRACTS / "asyncapi.json"] = _json(document(RELEASE, titles))
    found[PAGE] = page({topic: schema(topic) for topic in TOPICS})
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every file."""
    for target, content in outputs().items():
        target.parent.mkdir(exist_ok=True)
        target.write_text(content, "utf-8")
        sys.stdout.write(f"{target.relative_to(FOLDER.parents[1])}\n")


if __name__ == "__main__":
    main()
