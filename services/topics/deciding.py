"""The decision: which topics of a taxonomy a document is about, with the words that speak for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.tagged import Evidence, Topic
from services.topics.document import Document, Passage, lay_out
from services.topics.scores.matching import Hit, Lexicon
from services.topics.scores.scoring import STRONG, measure, score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.taxonomy import Taxonomy, TopicDefinition

SHOWN_EVIDENCE = 12
"""The number of spans shown for a topic: enough for an editor to see the reason, few enough to read."""
DIGITS = 3


class Decider:
    """Decides on topics by a version of the taxonomy; the same document always gets the same topics."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.version = taxonomy.version
        self.definitions = {topic.id: topic for topic in taxonomy.topics}
        self._lexicons = {topic.id: Lexicon(topic) for topic in taxonomy.topics}

    def topics_in(self, document: Document) -> tuple[Topic, ...]:
        """Return the topics of `document`, in the taxonomy's order."""
        found = []
        for name, topic in self.definitions.items():
            hits = self._lexicons[name].find(document)
            if not any(hit.weight >= STRONG for hit in hits):
                continue  # supporting words alone never make a topic
            result = score(measure(document, hits), topic.formula, len(hits))
            if round(result.probability, DIGITS) >= topic.threshold:
                found.append(topic_of(topic, result.probability, _evidence(document, hits, result.contributions)))
        return tuple(found)

    def topics_of(self, headline: str, text: str) -> tuple[Topic, ...]:
        """Return the topics of a plain document; evidence in `text` has the part body and index 0."""
        passages = (Passage("headline", 0, headline), Passage("body", 0, text))
        return self.topics_in(lay_out([passage for passage in passages if passage.text]))


def topic_of(topic: TopicDefinition, probability: float, evidence: tuple[Evidence, ...]) -> Topic:
    """Return a topic as an article has it."""
    return Topic(
        id=topic.id,
        label=topic.label,
        label_en=topic.label_en,
        iptc=topic.iptc,
        iptc_match=topic.iptc_match,
        score=round(probability, DIGITS),
        evidence=evidence,
    )


def _evidence(document: Document, hits: tuple[Hit, ...], contributions: Iterable[float]) -> tuple[Evidence, ...]:
    """Return the spans with the largest weights, in reading order."""
    weighed = [(round(weight, DIGITS), hit) for weight, hit in zip(contributions, hits, strict=True)]
    heaviest = sorted((pair for pair in weighed if pair[0]), key=lambda pair: (-abs(pair[0]), pair[1].start))
    evidence = []
    for weight, hit in sorted(heaviest[:SHOWN_EVIDENCE], key=lambda pair: pair[1].start):
        located = document.locate(hit.start, hit.end)
        if located is not None:
            passage, start, end = located
            quoted = passage.text[start:end]
            evidence.append(
                Evidence(part=passage.part, index=passage.index, start=start, end=end, text=quoted, weight=weight)
            )
    return tuple(evidence)
