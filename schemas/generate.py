"""Write the JSON Schemas (2020-12) of every topic's values: `python -m schemas.generate`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from schemas.article import ARTICLE_MESSAGE
from schemas.correction import Correction
from schemas.examples import EXAMPLES
from schemas.issue import Issue
from schemas.raw import RawIssue
from schemas.tagged import TAGGED_MESSAGE
from schemas.taxonomy import Taxonomy

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaMode

FOLDER = Path(__file__).with_name("json")

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
    generated = adapter.json_schema(mode=mode)
    definitions = {"$defs": generated.pop("$defs")} if "$defs" in generated else {}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:broadsheet:{topic}",
        **generated,
        "title": title,
        "description": description,
        "examples": [json.loads(example.encode()) for example in EXAMPLES[topic]],
        **definitions,
    }


def rendered(topic: str) -> str:
    """Return the content of the schema's file."""
    return json.dumps(schema(topic), ensure_ascii=False, indent=2) + "\n"


def path(topic: str) -> Path:
    """Return where the schema of a topic is kept."""
    return FOLDER / f"{topic}.schema.json"


def main() -> None:
    """Write every schema."""
    FOLDER.mkdir(exist_ok=True)
    for topic in TOPICS:
        path(topic).write_text(rendered(topic), "utf-8")
        sys.stdout.write(f"{path(topic).relative_to(FOLDER.parents[1])}\n")


if __name__ == "__main__":
    main()
