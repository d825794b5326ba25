"""The JSON Schemas: what is committed is what the models say, and the examples are messages."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from schemas.contract import ContractError, decode
from schemas.contracts import generate
from schemas.contracts.ids import schema_id
from schemas.contracts.invalid import INVALID
from schemas.contracts.valid import EXAMPLES, TEXT
from schemas.tagged import TaggedArticle, TextSpan
from services.runtime.names import Names

if TYPE_CHECKING:
    from schemas.contract import Contract

TOPICS = sorted(generate.TOPICS)
EACH = [(topic, example) for topic in TOPICS for example in EXAMPLES[topic]]


def committed(topic: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(generate.path(topic).read_text("utf-8"))
    return found


def test_what_is_committed_is_what_the_models_say() -> None:
    for path, content in generate.outputs().items():
        assert path.read_text("utf-8") == content, f"{path.name}: run python -m schemas.contracts.generate"


def test_the_release_is_the_projects() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == generate.RELEASE


def test_every_topic_of_ours_but_the_quarantine_has_a_schema() -> None:
    topics = {spec.name for spec in Names().topics(1)} - {Names().quarantine}
    assert set(TOPICS) == topics == set(EXAMPLES)
    assert {each.name for each in generate.FOLDER.iterdir()} == {generate.path(topic).name for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_schema_is_one_of_2020_12_with_a_name_of_its_own(topic: str) -> None:
    schema = committed(topic)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == schema_id(topic)
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize(("topic", "example"), EACH)
def test_an_example_fits_its_schema_and_decodes_to_itself(topic: str, example: Contract) -> None:
    value = example.encode()
    Draft202012Validator(committed(topic)).validate(json.loads(value))
    decoded = decode(generate.TOPICS[topic][0], value)
    assert decoded == example
    assert decoded.encode() == value


@pytest.mark.parametrize(("topic", "why", "value"), [(t, why, value) for t in TOPICS for why, value in INVALID[t]])
def test_an_invalid_example_is_refused_by_the_schema_and_by_us(topic: str, why: str, value: dict[str, Any]) -> None:
    assert not Draft202012Validator(committed(topic)).is_valid(value), why
    with pytest.raises(ContractError):
        decode(generate.TOPICS[topic][0], json.dumps(value).encode())


def kinds(topic: str) -> set[type]:
    return {type(example) for example in EXAMPLES[topic]}


def test_every_kind_of_message_has_an_example() -> None:
    assert {kind.__name__ for kind in kinds("articles")} == {"Article", "Withdrawal", "IssueRecord"}
    assert {kind.__name__ for kind in kinds("articles.tagged")} == {"TaggedArticle", "Withdrawal", "IssueRecord"}


def test_a_schema_refuses_an_unknown_field_from_a_newsroom() -> None:
    value = json.loads(EXAMPLES["issues.raw"][0].encode()) | {"titel": ""}
    with pytest.raises(ValidationError):
        Draft202012Validator(committed("issues.raw")).validate(value)


def test_the_examples_place_every_line_of_their_page_once() -> None:
    placed = [
        line
        for example in EXAMPLES["articles"]
        for span in (*getattr(example, "spans", ()), *getattr(example, "furniture", ()))
        for line in range(span.first, span.last + 1)
    ]
    assert sorted(placed) == list(range(1, len(TEXT.splitlines()) + 1))


def test_the_examples_quote_what_stands_in_the_text() -> None:
    article = EXAMPLES["articles.tagged"][0]
    assert isinstance(article, TaggedArticle)
    spans: list[TextSpan] = [each for topic in article.topics for each in topic.evidence]
    spans += [figure.span for figure in article.figures]
    for span in spans:
        part = article.body[span.index].text if span.part == "body" else getattr(article, span.part)
        assert part[span.start : span.end] == span.text
