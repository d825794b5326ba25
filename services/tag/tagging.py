"""The decision of the stage: give an article its topics, evidence and facets according to a taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.correction import TopicsChange
from schemas.tagged import TaggedArticle, Topic
from services.tag.facets.facets import facets_of
from services.topics.deciding import Decider, topic_of
from services.topics.document import lay_out, passages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.article import Article
    from schemas.correction import AppliedCorrection


class Tagger(Decider):
    """Tags articles with a version of the taxonomy; the same article always gets the same tags."""

    def tag(self, article: Article) -> TaggedArticle:
        """Return `article` with its topics and facets; topics that an editor chose take precedence."""
        document = lay_out(passages_of(article))
        fields = {name: value for name, value in article if name != "type"} | facets_of(document, article)._asdict()
        found = self.topics_in(document)
        fields["topics"] = found
        if article.topics_chosen is not None:
            fields["topics"] = tuple(self._chosen(article.topics_chosen, found))
            fields["topics_unknown"] = tuple(each for each in article.topics_chosen if each not in self.definitions)
            fields["corrections"] = tuple(_with_replaced(article, ",".join(topic.id for topic in found)))
        # Every value was validated when it was created.
        return TaggedArticle.model_construct(**fields, taxonomy_version=self.version)

    def _chosen(self, ids: Iterable[str], found: Iterable[Topic]) -> Iterator[Topic]:
        """Yield the topics whose ids are in the taxonomy, each with the evidence found for it."""
        evidence = {topic.id: topic.evidence for topic in found}
        for each in ids:
            if each in self.definitions:
                yield topic_of(self.definitions[each], 1.0, evidence.get(each, ()))


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
