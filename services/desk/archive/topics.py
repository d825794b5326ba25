"""The topics that an article may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.topics.taxonomy.seed import newsroom_taxonomy, seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.tagged import TaggedArticle

Labels = dict[str, dict[str, str]]


def offered_topics(found: Mapping[str, Mapping[str, str]], article: TaggedArticle) -> Labels:
    """Return topics with their labels: the archive's topics (`found`) and the article's topics.

    If the article was tagged with a shipped taxonomy, all topics of that taxonomy come first, in its order, including
    topics without articles. A topic that is not in its taxonomy is shown by its id.
    """
    offered = shipped_topics(article.taxonomy_version)
    for topic in sorted(found):
        offered.setdefault(topic, {"zh": found[topic]["zh"], "en": found[topic]["en"]})
    for own in article.topics:
        offered.setdefault(own.id, {"zh": own.label, "en": own.label_en})
    for unknown in article.topics_unknown:
        offered.setdefault(unknown, {"zh": unknown, "en": unknown})
    return offered


def every_label(found: Labels) -> Labels:
    """Return the labels of the archive's topics (`found`), and of the shipped topics that no article has."""
    return {topic.id: {"zh": topic.label, "en": topic.label_en} for topic in newsroom_taxonomy().topics} | found


def shipped_topics(version: str | None) -> Labels:
    """Return the topics of the shipped taxonomy that has `version`, with their labels; none if no shipped one has."""
    for taxonomy in (seed_taxonomy(), newsroom_taxonomy()):
        if taxonomy.version == version:
            return {topic.id: {"zh": topic.label, "en": topic.label_en} for topic in taxonomy.topics}
    return {}
