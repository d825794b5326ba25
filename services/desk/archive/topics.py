"""The topics that an article may have."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.tagged import TaggedArticle

Labels = dict[str, dict[str, str]]
QuickLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def offered_topics(found: Mapping[str, Mapping[str, str]], article: TaggedArticle) -> Labels:
    """Return topics with their labels: the archive's topics (`found`) and the article's topics.

    If the article was tagged with the initial taxonomy, all topics of that taxonomy come first, in its order, including
    topics without articles. A topic that is not in its taxonomy is shown by its id.
    """
    version, seeds = seed_topics()
    offered: Labels = dict(seeds) if article.taxonomy_version == version else {}
    for topic in sorted(found):
        offered.setdefault(topic, {"zh": found[topic]["zh"], "en": found[topic]["en"]})
    for own in article.topics:
        offered.setdefault(own.id, {"zh": own.label, "en": own.label_en})
    for unknown in article.topics_unknown:
        offered.setdefault(unknown, {"zh": unknown, "en": unknown})
    return offered


@cache
def seed_topics() -> tuple[str, Labels]:
    """Return the version of seeds/taxonomy.yaml, and its topics with their labels."""
    text = files("seeds").joinpath("taxonomy.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, QuickLoader)  # noqa: S506  # a safe loader
    return content["version"], {
        topic["id"]: {"zh": topic["label"], "en": topic["label_en"]} for topic in content["topics"]
    }
