"""The taxonomy as a desk writes it (YAML) and as a message (JSON), with checks that name the line of each mistake."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from schemas.contract import Contract, ContractError, decode
from schemas.taxonomy import Formula, Taxonomy, Terms, TopicDefinition
from services.topics.scores.scoring import STRONG
from services.topics.taxonomy.faults import Fault, TaxonomyError, misfit

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION_DIGITS = 12
DEEPEST = 20
Place = tuple[int | str, ...]
"""The path from the top of the document to a value: keys and 0-based positions."""


class _Declared(Contract):
    """The document as written; it refuses unknown fields, so that a misspelt field is not silently lost."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    version: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9.]+$")
    topics: tuple[TopicDefinition, ...] = Field(min_length=1)


_DECLARED: TypeAdapter[_Declared] = TypeAdapter(_Declared)


def parse_taxonomy(text: str, loader: Any = yaml.SafeLoader) -> Taxonomy:
    """Return the taxonomy written in `text` (YAML, the form of seeds/taxonomy.yaml).

    Args:
        text: the text that a person wrote.
        loader: PyYAML's C loader is faster, but only for trusted text: deep nesting crashes it.

    Raises:
        TaxonomyError: the text is not YAML, a field is missing, misspelt or out of range, or two entries collide.
    """
    try:
        reading = loader(text)
        root = reading.get_single_node()
        nested = list(_lines(root, ())) if root is not None else []
        document = reading.construct_document(root) if root is not None else None
    except yaml.YAMLError as error:
        raise TaxonomyError(_unreadable(error)) from None
    except RecursionError:
        raise TaxonomyError(Fault("too-deep")) from None
    if any(len(place) > DEEPEST for place, _ in nested):
        raise TaxonomyError(Fault("too-deep"))
    if not isinstance(document, dict) or root is None:
        raise TaxonomyError(Fault("no-document"))
    lines = dict(nested)
    faults = [*_repeated(root, ()), *_unknown(document, lines), *_misfits(document, lines)]
    if not faults:
        faults = list(_collisions(document, lines))
    if faults:
        raise TaxonomyError(*faults)
    declared = _DECLARED.validate_json(to_json(document))
    return Taxonomy(version=content_version(declared.version, declared.topics), topics=declared.topics)


def content_version(declared: str, topics: tuple[TopicDefinition, ...]) -> str:
    """Return the version of this content: the declared version, and a hash of the topics."""
    digest = hashlib.sha256(to_json(topics)).hexdigest()
    return f"{declared}-{digest[:VERSION_DIGITS]}"


def encode_taxonomy(taxonomy: Taxonomy) -> bytes:
    """Return the message for the topic `taxonomy`."""
    return taxonomy.encode()


def decode_taxonomy(value: bytes | None) -> Taxonomy:
    """Return the taxonomy in a message of the topic `taxonomy`.

    Raises:
        TaxonomyError: the bytes are not a taxonomy, or its version does not match its content.
    """
    try:
        taxonomy = decode(Taxonomy, value)
    except ContractError as error:
        raise TaxonomyError(Fault("no-message", line=0, found=str(error))) from None
    declared, _, _ = taxonomy.version.rpartition("-")
    expected = content_version(declared, taxonomy.topics)
    if taxonomy.version != expected:
        raise TaxonomyError(Fault("other-version", line=0, found=taxonomy.version, limit=expected))
    return taxonomy


def _unreadable(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return Fault("not-yaml", mark.line + 1 if mark else 0, column=mark.column + 1 if mark else 0, found=problem)


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    """Yield the place of each value in the document, and its line, counted from 1."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*place, index))


def _repeated(node: yaml.Node, place: Place) -> Iterator[Fault]:
    """Yield the keys that a mapping has twice; YAML would silently keep the last value."""
    if isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _repeated(value, (*place, index))
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            inner = (*place, str(key.value))
            line = key.start_mark.line + 1
            if key.value in seen:
                yield Fault("repeated-key", line, _field(inner), other=seen[key.value])
            seen.setdefault(key.value, line)
            yield from _repeated(value, inner)


def _fault(lines: dict[Place, int], place: Place, code: str, **said: Any) -> Fault:
    known = place
    while known not in lines:
        known = known[:-1]
    return Fault(code, lines[known], _field(place), **said)


def _field(place: Place) -> str:
    """Return the name of a field as a person would write it: topics[2].terms[1].weight."""
    name = ""
    for step in place:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name or "document"


def _unknown(document: dict[str, Any], lines: dict[Place, int]) -> Iterator[Fault]:
    for place, value in _mappings(document, ()):
        allowed = _fields_at(place)
        for name in value:
            if allowed and name not in allowed and place:
                yield _fault(lines, (*place, str(name)), "unknown-field", found=", ".join(allowed))


def _mappings(value: object, place: Place) -> Iterator[tuple[Place, dict[Any, Any]]]:
    if isinstance(value, dict):
        yield place, value
        for key, inner in value.items():
            yield from _mappings(inner, (*place, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _mappings(inner, (*place, index))


def _fields_at(place: Place) -> tuple[str, ...]:
    """Return the fields that a mapping at `place` may have."""
    match place:
        case ("topics", int()):
            return tuple(TopicDefinition.model_fields)
        case ("topics", int(), "terms", int()):
            return tuple(Terms.model_fields)
        case ("topics", int(), "formula"):
            return tuple(Formula.model_fields)
    return ()


def _misfits(document: dict[str, Any], lines: dict[Place, int]) -> Iterator[Fault]:
    try:
        _DECLARED.validate_json(to_json(document))
    except ValidationError as error:
        details = error.errors(include_url=False)
        places = [tuple(detail["loc"]) for detail in details]
        for detail, place in zip(details, places, strict=True):
            if detail["type"] == "too_short" and any(other[: len(place)] == place != other for other in places):
                continue  # the list only seems too short because its content is wrong
            yield _fault(lines, place, **misfit(detail))


def _collisions(document: dict[str, Any], lines: dict[Place, int]) -> Iterator[Fault]:
    """Yield topics with the same id, topics that no term can give, repeated words, and lookalikes that are terms."""
    ids: dict[str, int] = {}
    for number, topic in enumerate(document["topics"]):
        place: Place = ("topics", number)
        if topic["id"] in ids:
            yield _fault(lines, (*place, "id"), "repeated-id", found=topic["id"], other=ids[topic["id"]])
        ids.setdefault(topic["id"], lines[(*place, "id")])
        if not any(group["weight"] >= STRONG for group in topic["terms"]):
            yield _fault(lines, (*place, "terms"), "weak", found=f"{STRONG:g}")
        seen: dict[str, int] = {}
        for group_number, group in enumerate(topic["terms"]):
            for word_number, word in enumerate(group["words"]):
                where = (*place, "terms", group_number, "words", word_number)
                if word in seen:
                    yield _fault(lines, where, "repeated-word", found=word, other=seen[word])
                seen.setdefault(word, lines[where])
        for word_number, word in enumerate(topic.get("lookalikes", ())):
            if word in seen:
                where = (*place, "lookalikes", word_number)
                yield _fault(lines, where, "term-lookalike", found=word, other=seen[word])
