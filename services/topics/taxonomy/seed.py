"""The taxonomies that are shipped: the initial one of an installation, and the one of a newsroom."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from seeds.files import FastLoader, text_of
from services.topics.taxonomy.taxonomy import content_version, parse_taxonomy

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy

SEED: Final = "seed"
NEWSROOM: Final = "newsroom"


@cache
def seed_taxonomy() -> Taxonomy:
    """Return the taxonomy of seeds/taxonomy.yaml."""
    return _read("taxonomy.yaml")


@cache
def newsroom_taxonomy() -> Taxonomy:
    """Return the topics of seeds/taxonomy.yaml, and after them those of seeds/newsroom.yaml."""
    desk = _read("newsroom.yaml")
    topics = (*seed_taxonomy().topics, *desk.topics)
    declared = f"{NEWSROOM}.{desk.version.rpartition('-')[0]}"
    return desk.model_copy(update={"version": content_version(declared, topics), "topics": topics})


def shipped(name: str) -> Taxonomy | None:
    """Return the shipped taxonomy that `name` names (`seed` or `newsroom`); None if it names neither."""
    return {SEED: seed_taxonomy, NEWSROOM: newsroom_taxonomy}.get(name, lambda: None)()


def _read(name: str) -> Taxonomy:
    return parse_taxonomy(text_of(name), FastLoader)
