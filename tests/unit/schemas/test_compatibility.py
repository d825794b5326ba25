"""The gate: a change that breaks a reader or a writer is refused with its remedy, and one that does not passes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schemas.contracts import generate
from schemas.contracts.compatibility import breaking

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]
RELEASED = Path(__file__).with_name("released")
RELEASES = sorted(path.name for path in RELEASED.iterdir() if path.is_dir())


def now(topic: str) -> Schema:
    return generate.schema(topic)


def ours(topic: str) -> bool:
    return generate.TOPICS[topic][1] == "serialization"


def article(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["TaggedArticle"]
    return found


BREAKING: dict[str, tuple[str, Callable[[Schema], object], str]] = {
    "a field that readers use is gone": (
        "articles.tagged",
        lambda s: article(s)["properties"].pop("headline"),
        "headline: is gone; keep writing it",
    ),
    "a field may be left out": (
        "articles.tagged",
        lambda s: article(s)["required"].remove("headline"),
        "headline: may now be left out; keep writing it",
    ),
    "a number becomes a text": (
        "articles.tagged",
        lambda s: article(s)["properties"].update(version={"type": "string"}),
        "version: may now also be of type string; put it into a new optional field",
    ),
    "a text may be null": (
        "articles.tagged",
        lambda s: article(s)["properties"].update(kicker={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "kicker: may now also be of type null",
    ),
    "a new field is required": (
        "articles.tagged",
        lambda s: (article(s)["properties"].update(tone={"type": "string"}), article(s)["required"].append("tone")),
        "tone: is new and required; give it a default",
    ),
    "a limit that readers count on is raised": (
        "articles.tagged",
        lambda s: article(s)["properties"]["confidence"].update(maximum=100),
        "confidence: maximum was 1, is 100; keep the limit",
    ),
    "a fourth kind of message comes to the topic": (
        "articles.tagged",
        lambda s: (
            s["oneOf"].append({"$ref": "#/$defs/Notice"}),
            s["$defs"].update(Notice={"type": "object", "properties": {"type": {"const": "notice"}}}),
        ),
        "message: may now also be an object with type notice",
    ),
    "a newsroom must send a new field": (
        "issues.raw",
        lambda s: (s["properties"].update(desk={"type": "string"}), s["required"].append("desk")),
        "desk: is new and required; give it a default",
    ),
    "a newsroom may no longer send a field": (
        "issues.raw",
        lambda s: s["properties"].pop("date_assumed"),
        "date_assumed: is gone; keep accepting it",
    ),
    "fewer corrections are accepted": (
        "corrections",
        lambda s: s["$defs"]["KindChange"]["properties"]["kind"]["enum"].remove("notice"),
        "change.kind: may no longer be notice; keep accepting it",
    ),
    "a shorter headline is asked for": (
        "corrections",
        lambda s: s["$defs"]["HeadlineChange"]["properties"]["headline"].update(maxLength=20),
        "change.headline: maxLength was 200, is 20; keep accepting",
    ),
    "a kind of correction is dropped": (
        "corrections",
        lambda s: s["properties"]["change"]["oneOf"].pop(),
        "change: may no longer be an object with change",
    ),
}

COMPATIBLE: dict[str, tuple[str, Callable[[Schema], object]]] = {
    "a new optional field": (
        "articles.tagged",
        lambda s: article(s)["properties"].update(tone={"type": "string", "default": ""}),
    ),
    "a new value of an open enumeration": (
        "articles.tagged",
        lambda s: article(s)["properties"]["kind"]["anyOf"][0]["enum"].append("editorial"),
    ),
    "another description": ("articles.tagged", lambda s: article(s)["properties"]["headline"].update(description="?")),
    "a narrower limit of what we write": (
        "articles.tagged",
        lambda s: article(s)["properties"]["confidence"].update(maximum=0.99),
    ),
    "a new optional field from newsrooms": (
        "issues.raw",
        lambda s: s["properties"].update(desk={"type": "string", "default": ""}),
    ),
    "a wider limit of what others write": ("issues.raw", lambda s: s["properties"]["paper"].update(maxLength=90)),
    "a new kind of correction": (
        "corrections",
        lambda s: (
            s["properties"]["change"]["oneOf"].append({"$ref": "#/$defs/Hide"}),
            s["$defs"].update(Hide={"type": "object", "properties": {"change": {"const": "hide"}}}),
        ),
    ),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_change_that_breaks_someone_is_refused_with_its_remedy(name: str) -> None:
    topic, edit, told = BREAKING[name]
    after = copy.deepcopy(now(topic))
    edit(after)
    found = [str(each) for each in breaking(now(topic), after, ours=ours(topic))]
    assert any(told in each for each in found), found
    assert all("or begin a new major version" in each for each in found)


@pytest.mark.parametrize("name", COMPATIBLE)
def test_a_change_that_breaks_nobody_passes(name: str) -> None:
    topic, edit = COMPATIBLE[name]
    after = copy.deepcopy(now(topic))
    edit(after)
    assert after != now(topic)
    assert breaking(now(topic), after, ours=ours(topic)) == []


@pytest.mark.parametrize("topic", sorted(generate.TOPICS))
def test_a_schema_is_compatible_with_itself(topic: str) -> None:
    assert breaking(now(topic), now(topic), ours=ours(topic)) == []


def test_the_schemas_of_each_release_are_kept() -> None:
    """Without them, the gate would compare with nothing."""
    assert RELEASES[:2] == ["0.1.0", "0.2.0"]
    assert generate.RELEASE in RELEASES, "run `make golden` for the release"


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("topic", sorted(generate.TOPICS))
def test_nothing_breaks_what_a_release_promised(release: str, topic: str) -> None:
    """The gate: a schema of a release is kept as it was, and compared with what the models say now.

    What a release before 1.0 broke on purpose is written down beside it in accepted.txt, and nothing else.
    """
    path = RELEASED / release / f"{topic}.schema.json"
    if not path.is_file():
        pytest.skip(f"release {release} had no topic {topic}")
    before = json.loads(path.read_text("utf-8"))
    accepted = (RELEASED / release / "accepted.txt").read_text("utf-8").splitlines()
    refused = [
        str(each)
        for each in breaking(before, now(topic), ours=ours(topic))
        if f"{topic}: {each.where}: {each.what}" not in accepted
    ]
    assert refused == []
