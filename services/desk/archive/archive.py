"""What the desk reads from Elasticsearch. It never writes, and turns every refusal into a `DeskError`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from schemas.article import Withdrawal, printed_place
from schemas.issue_state import IssueState
from services.desk.archive.identifiers import is_article_id, is_issue_id
from services.desk.archive.outlines import OUTLINED, read_outline
from services.desk.archive.records import read_record, read_withdrawal
from services.desk.archive.refusals import in_words
from services.desk.archive.suggestions import suggestion_counts, suggestions
from services.desk.problems import Gone, NotFound
from services.runtime.elasticsearch.state import current_state
from services.runtime.errors import NotAdmitted
from services.search import fields
from services.search.answer import read_article
from services.search.asking import ask, ask_dates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from elasticsearch import AsyncElasticsearch

    from schemas.article import IssueRecord
    from schemas.geometry import Geometry
    from schemas.tagged import TaggedArticle
    from services.desk.archive.outlines import Outline
    from services.desk.archive.suggestions import Suggestion
    from services.runtime.settings import Settings
    from services.search.answer import Answer, IntervalCount
    from services.search.request.body import Interval, Search

LABELS_SECONDS: Final = 60.0
MOST_TOPICS: Final = 200
MOST_ITEMS: Final = 2000
"""The largest number of articles that an issue's page lists."""
EXPORT_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The text of an issue's pages as published, their geometry if it is known, and the version of the issue."""

    version: int
    pages: dict[int, str]
    geometries: dict[int, Geometry] = field(default_factory=dict)


@dataclass(slots=True)
class Archive:
    """The index of articles, the index of issues and the states of ingest, as one archive to read."""

    client: AsyncElasticsearch
    settings: Settings
    _labels: dict[str, dict[str, str]] = field(default_factory=dict)
    _labels_due: float = 0.0

    @property
    def articles(self) -> str:
        """The alias to search articles in."""
        return self.settings.names.aliases("articles").read

    @property
    def articles_by_id(self) -> str:
        """The alias to get articles from, including withdrawn articles."""
        return self.settings.names.aliases("articles").write

    @property
    def issues(self) -> str:
        """The alias of the records of issues."""
        return self.settings.names.aliases("issues").read

    async def search(self, search: Search, *, facets: bool = True) -> Answer:
        """Return the answer to `search`."""
        async with in_words():
            return await ask(self.client, self.articles, search, facets=facets)

    async def dates(self, search: Search, interval: Interval) -> tuple[IntervalCount, ...]:
        """Return only the histogram of days for `search`, in steps of `interval`."""
        async with in_words():
            return await ask_dates(self.client, self.articles, search, interval)

    async def article(self, article_id: str) -> TaggedArticle:
        """Return the newest version of an article.

        Raises:
            NotFound: no article ever had this id.
            Gone: a later version of its issue no longer has the article.
        """
        found = await self.article_or_withdrawal(article_id)
        if isinstance(found, Withdrawal):
            raise Gone(
                "withdrawn",
                f"This article was withdrawn: revision {found.revision} of {found.issue_id} no longer has it.",
                f"此稿已撤下：{found.issue_id} 的修订 {found.revision} 不再包含此稿。",
            )
        return found

    async def article_or_withdrawal(self, article_id: str) -> TaggedArticle | Withdrawal:
        """Return the newest version of an article, or its withdrawal.

        Raises:
            NotFound: no article ever had this id.
        """
        if not is_article_id(article_id):
            raise _missing("article", "报道")
        source = await self._get(self.articles_by_id, article_id, "article", "报道")
        return read_withdrawal(source) if source.get(fields.WITHDRAWN) else read_article(source)

    async def issue(self, issue_id: str) -> IssueRecord:
        """Return the record of an issue: its pages, furniture and quality counts.

        Raises:
            NotFound: there is no such issue.
        """
        if not is_issue_id(issue_id):
            raise _missing("issue", "期次")
        return read_record(await self._get(self.issues, issue_id, "issue", "期次"))

    async def issue_version(self, issue_id: str) -> int | None:
        """Return the version of an issue's record; None if there is no record."""
        try:
            source = await self._get(self.issues, issue_id, "issue", "期次")
        except NotFound:
            return None
        return int(source["version"])

    async def recent_issues(self, size: int, before: str | None) -> list[IssueRecord]:
        """Return the records of the newest issues, up to the day `before` (exclusive)."""
        query = {"range": {fields.DATE: {"lt": before}}} if before else {"match_all": {}}
        async with in_words():
            answer = await self.client.search(
                index=self.issues, query=query, size=size, sort=[{"date": "desc"}, {"paper": "asc"}]
            )
        return [read_record(hit["_source"]) for hit in answer["hits"]["hits"]]

    async def articles_of(self, issue_id: str) -> list[TaggedArticle]:
        """Return the articles of an issue in printed order."""
        async with in_words():
            answer = await self.client.search(
                index=self.articles, query={"term": {"issue_id": issue_id}}, size=MOST_ITEMS, sort=["_doc"]
            )
        return sorted((read_article(hit["_source"]) for hit in answer["hits"]["hits"]), key=printed_place)

    async def withdrawn(
        self, papers: Sequence[str], first: str | None, last: str | None, size: int
    ) -> list[Withdrawal]:
        """Return the newest withdrawals of articles, of some papers (none: of all) and days; at most `size`."""
        days = {name: day for name, day in (("gte", first), ("lte", last)) if day}
        filters: list[dict[str, Any]] = [{"term": {fields.WITHDRAWN: True}}]
        filters += [{"terms": {"paper": list(papers)}}] if papers else []
        filters += [{"range": {fields.DATE: days}}] if days else []
        async with in_words():
            answer = await self.client.search(
                index=self.articles_by_id,
                query={"bool": {"filter": filters}},
                size=size,
                sort=[{fields.DATE: "desc"}, {"version": "desc"}, {fields.ARTICLE_ID: "asc"}],
            )
        return [read_withdrawal(hit["_source"]) for hit in answer["hits"]["hits"]]

    async def outlines_of(self, issue_id: str) -> list[Outline]:
        """Return the outlines of the articles of an issue, in printed order."""
        names = [f"{fields.ARTICLE}.{name}" for name in OUTLINED]
        async with in_words():
            answer = await self.client.search(
                index=self.articles,
                query={"term": {"issue_id": issue_id}},
                size=MOST_ITEMS,
                sort=["_doc"],
                source_includes=names,
            )
        return sorted((read_outline(hit["_source"]) for hit in answer["hits"]["hits"]), key=printed_place)

    async def articles_by(self, ids: Sequence[str]) -> list[TaggedArticle]:
        """Return the current articles with these ids, in this order; those withdrawn or unknown are left out."""
        known = [one for one in dict.fromkeys(ids) if is_article_id(one)]
        if not known:
            return []
        async with in_words():
            answer = await self.client.mget(index=self.articles_by_id, ids=known)
        sources = [found["_source"] for found in answer["docs"] if found.get("found")]
        return [read_article(source) for source in sources if not source.get(fields.WITHDRAWN)]

    async def each(self, requests: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
        """Return the documents that each of several searches finds, asked at once."""
        if not requests:
            return []
        searches = [part for body in requests for part in ({}, body)]
        async with in_words():
            answer = await self.client.msearch(index=self.articles, searches=searches)
        return [[hit["_source"] for hit in one.get("hits", {}).get("hits", ())] for one in answer["responses"]]

    async def page_texts(self, issue_id: str) -> PageTexts | None:
        """Return the text of the issue's pages from ingest's states; None if ingest keeps no text."""
        async with in_words():
            document = await current_state(self.client, self.settings.names.state_index, "ingest", issue_id)
        if not document:
            return None
        known = IssueState.model_validate(document, strict=False)
        geometries = {page.page: page.geometry for page in known.pages if page.geometry is not None}
        return PageTexts(known.issue_version, {page.page: page.text for page in known.pages}, geometries)

    async def suggest(self, text: str) -> list[Suggestion]:
        """Return values of facets that contain `text`, as typed or normalised, the most frequent first."""
        aggs = suggestion_counts(text)
        if not aggs:
            return []
        async with in_words():
            answer = await self.client.search(index=self.articles, size=0, track_total_hits=False, aggs=aggs)
        return suggestions(answer["aggregations"])

    async def topic_labels(self) -> dict[str, dict[str, str]]:
        """Return every topic's labels from its newest article, by id and language; they are cached for a minute."""
        if time.monotonic() < self._labels_due:
            return self._labels
        newest = {"top_hits": {"size": 1, "sort": [{fields.DATE: "desc"}], "_source": [f"{fields.ARTICLE}.topics"]}}
        async with in_words():
            answer = await self.client.search(
                index=self.articles,
                size=0,
                track_total_hits=False,
                aggs={"topics": {"terms": {"field": "topic", "size": MOST_TOPICS}, "aggs": {"newest": newest}}},
            )
        self._labels = dict(_labels(answer["aggregations"]["topics"]["buckets"]))
        self._labels_due = time.monotonic() + LABELS_SECONDS
        return self._labels

    async def every(self, search: Search, limit: int) -> AsyncIterator[TaggedArticle]:
        """Yield at most `limit` articles that `search` finds, in its order."""
        page = search
        left = limit
        while left > 0:
            page = replace(page, size=min(left, EXPORT_PAGE))
            answer = await self.search(page, facets=False)
            for hit in answer.hits:
                yield hit.article
            left -= len(answer.hits)
            if len(answer.hits) < page.size:
                return
            page = replace(page, after=answer.hits[-1].sort)

    async def obstacle(self) -> str:
        """Return why no search would work at this moment; nothing if it would."""
        try:
            await self.client.options(request_timeout=2).count(index=self.articles)
        except NotAdmitted as error:
            return str(error)
        except (ApiError, TransportError):
            return "the archive is away"
        return ""

    async def _get(self, index: str, document_id: str, english: str, chinese: str) -> dict[str, Any]:
        async with in_words():
            try:
                answer = await self.client.get(index=index, id=document_id)
            except NotFoundError as error:
                if error.body.get("found") is False:
                    raise _missing(english, chinese) from None
                raise
        source: dict[str, Any] = answer["_source"]
        return source


def _missing(english: str, chinese: str) -> NotFound:
    return NotFound(f"no-{english}", f"There is no {english} of this id in the archive.", f"档案中没有此{chinese}。")


def _labels(buckets: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    for bucket in buckets:
        for hit in bucket["newest"]["hits"]["hits"]:
            for topic in hit["_source"][fields.ARTICLE].get("topics", ()):
                if topic["id"] == bucket["key"]:
                    yield topic["id"], {"zh": topic["label"], "en": topic["label_en"]}
