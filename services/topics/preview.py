"""What another taxonomy would change: which articles would gain or lose which topic, and by which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.topics.document import lay_out, passages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.tagged import TaggedArticle, Topic
    from services.topics.deciding import Decider

MOST_ARTICLES: Final = 2000
"""How many articles a preview looks at, the newest first."""
DAYS: Final = 31
"""How many days a preview looks at, up to the newest article."""


@dataclass(frozen=True, slots=True)
class TopicChange:
    """An article that would change.

    Attributes:
        article: the article as it is tagged now.
        gained: the topics that it would have and has not, with the words that would give them.
        lost: the topics that it has and would not have, with the words that gave them.
    """

    article: TaggedArticle
    gained: tuple[Topic, ...]
    lost: tuple[Topic, ...]


def speaking_words(topic: Topic) -> tuple[str, ...]:
    """Return the words that speak for a topic, each once, the heaviest first."""
    heaviest = sorted(topic.evidence, key=lambda each: (-each.weight, each.start))
    return tuple(dict.fromkeys(each.text for each in heaviest if each.weight > 0))


def topic_changes(
    articles: Iterable[TaggedArticle], decider: Decider, only: frozenset[str] | None = None
) -> Iterator[TopicChange]:
    """Yield the articles whose topics `decider` would change, in their order.

    `only` names the topics to look at; None means all. An article whose topics an editor chose keeps them.
    """
    for article in articles:
        if article.topics_chosen is not None:
            continue
        found = decider.topics_in(lay_out(passages_of(article)))
        before = {topic.id for topic in article.topics}
        after = {topic.id for topic in found}
        gained = tuple(t for t in found if t.id not in before and (only is None or t.id in only))
        lost = tuple(t for t in article.topics if t.id not in after and (only is None or t.id in only))
        if gained or lost:
            yield TopicChange(article, gained, lost)
