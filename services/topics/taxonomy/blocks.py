"""Topics as an editor writes them, without the rest of the file: a list in YAML, each from `- id:` on."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, Final

import yaml

from schemas.taxonomy import Taxonomy
from services.topics.taxonomy.faults import Fault, TaxonomyError
from services.topics.taxonomy.taxonomy import content_version, parse_taxonomy

if TYPE_CHECKING:
    from schemas.taxonomy import TopicDefinition

VERSION: Final = "edited"
LINES_BEFORE: Final = 1
"""The lines that this module puts before the text, so that it becomes a taxonomy."""
WIDTH: Final = 60
"""Characters of a line; Chinese ones are twice as wide as others."""


def parse_topics(text: str) -> tuple[TopicDefinition, ...]:
    """Return the topics in `text`: a list of topics, or a taxonomy.

    Raises:
        TaxonomyError: it has mistakes; each line of the error names the line of `text`, the field and the remedy.
    """
    text = textwrap.dedent(text.replace("\r\n", "\n"))
    _refuse_aliases(text)
    if re.search(r"^topics:", text, re.MULTILINE):
        return parse_taxonomy(text).topics
    try:
        return parse_taxonomy(f"topics:\n{text.rstrip()}\nversion: {VERSION}\n").topics
    except TaxonomyError as error:
        raise TaxonomyError(*(fault.moved(-LINES_BEFORE) for fault in error.faults)) from None


def replaced(taxonomy: Taxonomy, topics: tuple[TopicDefinition, ...]) -> Taxonomy:
    """Return `taxonomy` with `topics` in the places of those with the same ids, and the others at its end."""
    edited = {topic.id: topic for topic in topics}
    kept = tuple(edited.pop(topic.id, topic) for topic in taxonomy.topics)
    whole = (*kept, *edited.values())
    return Taxonomy(version=content_version(_declared(taxonomy), whole), topics=whole)


def _refuse_aliases(text: str) -> None:
    """Refuse anchors and aliases: a few lines of them can stand for more text than the memory holds."""
    try:
        for token in yaml.scan(text, yaml.SafeLoader):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
                raise TaxonomyError(Fault("alias", token.start_mark.line + 1))
    except yaml.YAMLError:
        return  # reading it tells what is wrong


def written(topics: tuple[TopicDefinition, ...]) -> str:
    """Return topics as a list in YAML, which `parse_topics` reads."""
    return yaml.safe_dump(_values(topics), allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None)


def as_yaml(taxonomy: Taxonomy) -> str:
    """Return a taxonomy as YAML that `broadsheet taxonomy push` takes; reading it back gives the same version."""
    values = {"version": _declared(taxonomy), "topics": _values(taxonomy.topics)}
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=120)


def _declared(taxonomy: Taxonomy) -> str:
    """Return the version that an editor declared, without the digest of the topics."""
    return taxonomy.version.rpartition("-")[0]


def _values(topics: tuple[TopicDefinition, ...]) -> list[dict[str, Any]]:
    return [topic.model_dump(mode="json", exclude_defaults=True) for topic in topics]
