"""What the page of topics shows: the topics in force, the text of one, and the articles that an edit would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.desk.addresses.links import article_address
from services.desk.archive.titles import title_of
from services.topics.preview import speaking_words
from services.topics.taxonomy.blocks import written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from schemas.tagged import Topic
    from schemas.taxonomy import Taxonomy
    from services.desk.problems import Language
    from services.topics.preview import TopicChange

SHOWN_WORDS: Final = 8
SHOWN_CHANGES: Final = 200
TEMPLATE: Final = """\
- id: my_topic
  label: 名称
  label_en: Name
  terms:
    - weight: 3
      words: [几乎足以定题的词]
    - weight: 2
      words: [有力的词]
"""
"""What the page offers for a topic that does not exist yet."""


@dataclass(frozen=True, slots=True)
class SpokenTopic:
    """A topic, whether the article would gain it, and the words that speak for it, the heaviest first."""

    label: str
    gained: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article that would change."""

    address: str
    title: str
    paper: str
    date: dt.date
    topics: tuple[SpokenTopic, ...]


def changed(changes: Iterable[TopicChange], language: Language) -> tuple[ChangedArticle, ...]:
    """Return the articles that would change, as the page lists them."""
    return tuple(
        ChangedArticle(
            article_address(one.article.article_id),
            title_of(one.article),
            one.article.paper,
            one.article.date,
            (
                *(_spoken(topic, language, gained=True) for topic in one.gained),
                *(_spoken(topic, language, gained=False) for topic in one.lost),
            ),
        )
        for one in changes
    )


def text_of(taxonomy: Taxonomy, topic: str) -> str:
    """Return a topic as an editor edits it; a template if the taxonomy does not have it."""
    found = tuple(one for one in taxonomy.topics if one.id == topic)
    return written(found) if found else TEMPLATE


def _spoken(topic: Topic, language: Language, *, gained: bool) -> SpokenTopic:
    label = topic.label if language == "zh" else topic.label_en
    return SpokenTopic(label, gained, speaking_words(topic)[:SHOWN_WORDS])
