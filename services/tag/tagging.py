"""The decision of the stage: give an article its topics, evidence and facets according to a taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.correction import TopicsChange
from schemas.tagged import Evidence, TaggedArticle, Topic
from services.tag.document import Document, Passage, lay_out, passages_of
from services.tag.facets.facets import facets_of
from services.tag.topics.matching import Hit, Lexicon
from services.tag.topics.scoring import STRONG, measure, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.article import Article
    from schemas.correction import AppliedCorrection
    from schemas.taxonomy import Taxonomy, TopicDefinition

SHOWN_EVIDENCE = 12
"""The number of spans shown for a topic: enough for an editor to see the reason, few enough to read."""
DIGITS = 3


class Tagger:
    """Tags articles with a version of the taxonomy; the same article always gets the same tags."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.version = taxonomy.version
        self._topics = tuple((topic, Lexicon(topic)) for topic in taxonomy.topics)

    def tag(self, article: Article) -> TaggedArticle:
        """Return `article` with its topics and facets; topics that an editor chose take precedence."""
        document = lay_out(passages_of(article))
        fields = {name: value for name, value in article if name != "type"} | facets_of(document, article)._asdict()
        found = self._topics_in(document)
        fields["topics"] = found
        if article.topics_chosen is not None:
            fields["topics"] = tuple(self._chosen(article.topics_chosen, found))
            known = {topic.id for topic, _ in self._topics}
            fields["topics_unknown"] = tuple(each for each in article.topics_chosen if each not in known)
            fields["corrections"] = tuple(_with_replaced(article, ",".join(topic.id for topic in found)))
        # Every value was validated when it was created.
        return TaggedArticle.model_construct(**fields, taxonomy_version=self.version)

    def topics_of(self, headline: str, text: str) -> tuple[Topic, ...]:
        """Return the topics of a plain document; evidence in `text` has the part body and index 0."""
        passages = (Passage("headline", 0, headline), Passage("body", 0, text))
        return self._topics_in(lay_out([passage for passage in passages if passage.text]))

    def _chosen(self, ids: Iterable[str], found: Iterable[Topic]) -> Iterator[Topic]:
        """Yield the topics whose ids are in the taxonomy, each with the evidence found for it."""
        definitions = {topic.id: topic for topic, _ in self._topics}
        evidence = {topic.id: topic.evidence for topic in found}
        for each in ids:
            if each in definitions:
                yield _topic(definitions[each], 1.0, evidence.get(each, ()))

    def _topics_in(self, document: Document) -> tuple[Topic, ...]:
        found = []
        for topic, lexicon in self._topics:
            hits = lexicon.find(document)
            if not any(hit.weight >= STRONG for hit in hits):
                continue  # supporting words alone never make a topic
            result = score(measure(document, hits), topic.formula, len(hits))
            if round(result.probability, DIGITS) >= topic.threshold:
                found.append(_topic(topic, result.probability, _evidence(document, hits, result.contributions)))
        return tuple(found)


def _with_replaced(article: Article, found: str) -> Iterator[AppliedCorrection]:
    """Yield the article's corrections; the first choice of topics gets the ids that it replaced, which are `found`."""
    waiting = True
    for one in article.corrections:
        chooses = isinstance(one.change, TopicsChange) and one.state in ("applied", "superseded")
        if waiting and chooses and one.article_id == article.article_id:
            waiting = False
            yield one.model_copy(update={"before": found})
        else:
            yield one


def _topic(topic: TopicDefinition, probability: float, evidence: tuple[Evidence, ...]) -> Topic:
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
