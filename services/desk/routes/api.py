"""The JSON API under /api; OpenAPI at /api/openapi.json."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse

from schemas.tagged import TaggedArticle
from services.desk.addresses.parameters import Filters, SearchParameters
from services.desk.archive.archive import Archive
from services.desk.archive.export import FILE_KINDS, MOST_ARTICLES, Format, item, written
from services.desk.archive.titles import title_of
from services.desk.problems import Gone
from services.desk.routes.api_models import (
    DayCount,
    FacetCount,
    FacetsAnswer,
    FoundArticle,
    IssueAnswer,
    Item,
    SearchAnswer,
    SnippetText,
    SuggestAnswer,
    SuggestedValue,
    TextMark,
    UnderstoodChange,
    UnknownValue,
)
from services.desk.routes.articles.withdrawn import withdrawn_problem
from services.desk.routes.requests import archive_of, chart_of, search_of
from services.desk.views.language import language_of
from services.desk.views.search import FACETS
from services.search.results import result_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from services.search.request.body import Sort
    from services.search.results import Result

LONGEST_ID = 200
LONGEST_SUGGESTED = 50
PROBLEM_TYPE = "application/problem+json"


def problem_answer(description: str) -> dict[str, Any]:
    """Return how OpenAPI describes an error."""
    return {
        "description": description,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


BAD: dict[int | str, dict[str, Any]] = {
    400: problem_answer("The query cannot be understood, or the cursor is invalid."),
    422: problem_answer("A parameter is unknown or wrong."),
    503: problem_answer("The archive cannot be reached, or nothing has been published yet."),
}
MISSING: dict[int | str, dict[str, Any]] = {
    404: problem_answer("There is nothing with this id."),
    422: BAD[422],
    503: BAD[503],
}
GONE: dict[int | str, dict[str, Any]] = {**MISSING, 410: problem_answer("The article was withdrawn.")}

router = APIRouter(prefix="/api")
Reading = Annotated[Archive, Depends(archive_of)]
Id = Annotated[str, Path(min_length=1, max_length=LONGEST_ID, description="The id from a search: paper/date/…")]


@router.get("/search", responses=BAD, tags=["search"])
async def search(asked: Annotated[SearchParameters, Query()], archive: Reading) -> SearchAnswer:
    """Search the articles, with the same query as the desk's page."""
    wanted = search_of(asked)
    answer = await archive.search(wanted, facets=False)
    shown = result_page(wanted, answer)
    return SearchAnswer(
        total=answer.total,
        relaxed=answer.relaxed,
        understood=[UnderstoodChange(kind=c.kind, typed=c.typed, meant=c.meant) for c in answer.changes],
        also=list(shown.also),
        unknown=[UnknownValue(facet=u.facet, value=u.value, like=list(u.like)) for u in answer.unknown],
        articles=[_found(result, wanted.sort) for result in shown.results],
        next=shown.next,
    )


@router.get("/facets", responses=BAD, tags=["search"])
async def facets(asked: Annotated[Filters, Query()], archive: Reading, request: Request) -> FacetsAnswer:
    """Count the values of every facet for a search: the 20 most frequent of each, and the chosen ones."""
    wanted = replace(search_of(asked), size=0)
    answer = await archive.search(wanted)
    labels = await archive.topic_labels()
    chart = await chart_of(archive, asked, wanted, answer)
    language = language_of(request)
    return FacetsAnswer(
        total=answer.total,
        facets={
            name: [
                FacetCount(
                    value=one.value,
                    label=labels.get(one.value, {}).get(language) if name == "topic" else None,
                    count=one.count,
                    chosen=one.value in map(str, getattr(asked, name)),
                )
                for one in answer.facets[name]
            ]
            for name in FACETS
        },
        dates=[DayCount(first=bar.first, last=bar.last, count=bar.count) for bar in chart.bars],
    )


@router.get("/articles/{article_id:path}", responses=GONE, tags=["articles"])
async def article(article_id: Id, archive: Reading) -> TaggedArticle:
    """Return an article with everything known about it."""
    try:
        return await archive.article(article_id)
    except Gone as gone:
        raise await withdrawn_problem(gone, article_id, archive) from None


@router.get("/ninjs/{article_id:path}", responses=MISSING, tags=["articles"])
async def article_as_ninjs(
    article_id: Id,
    archive: Reading,
    profile: Annotated[
        Literal["iptc", "superdesk"], Query(description="iptc: ninjs 3.1; superdesk: what Superdesk and Newshub keep.")
    ] = "iptc",
) -> dict[str, Any]:
    """Return an article as ninjs; a withdrawn article is an item that is canceled."""
    found = await archive.article_or_withdrawal(article_id)
    return item(found, "superdesk" if profile == "superdesk" else "ninjs")


@router.get("/issues/{issue_id:path}", responses=MISSING, tags=["issues"])
async def issue(
    issue_id: Annotated[str, Path(min_length=1, max_length=LONGEST_ID, description="paper/date")], archive: Reading
) -> IssueAnswer:
    """Return an issue's record and its articles in printed order."""
    return IssueAnswer(
        issue=await archive.issue(issue_id),
        articles=[
            Item(id=one.article_id, pages=list(one.pages), kind=one.kind, title=title_of(one), flags=list(one.flags))
            for one in await archive.articles_of(issue_id)
        ],
    )


@router.get("/suggest", responses=BAD, tags=["search"])
async def suggest(
    q: Annotated[str, Query(max_length=LONGEST_SUGGESTED, description="What the editor has typed so far.")],
    archive: Reading,
) -> SuggestAnswer:
    """Suggest names, places, topics, columns and papers in the archive that contain what was typed."""
    return SuggestAnswer(
        suggestions=[
            SuggestedValue(
                facet=one.facet, value=one.value, count=one.count, query=f"{PREFIXES[one.facet]}:{quoted(one.value)}"
            )
            for one in await archive.suggest(q)
        ]
    )


@router.get(
    "/export/{form}",
    responses={
        **BAD,
        200: {"description": "A file.", "content": {kind.media_type: {} for kind in FILE_KINDS.values()}},
    },
    response_class=StreamingResponse,
    tags=["search"],
)
async def export(form: Format, asked: Annotated[SearchParameters, Query()], archive: Reading) -> StreamingResponse:
    """Return the articles of a search as a file, in the search's order from its beginning, at most 10,000."""
    return await export_file(form, asked, archive)


PREFIXES = {
    "topic": "主题",
    "place": "地点",
    "organisation": "机构",
    "person": "人物",
    "reporter": "记者",
    "column": "栏目",
    "paper": "报纸",
}


def quoted(value: str) -> str:
    """Return a value as one piece of the query language."""
    bare = value.replace('"', " ")
    return f'"{bare}"' if any(character.isspace() or character in "()（）" for character in bare) else bare


async def export_file(form: Format, asked: SearchParameters, archive: Archive) -> StreamingResponse:
    """Return the streamed file; an error in the search is raised before the first byte is sent."""
    wanted = search_of(asked.model_copy(update={"after": None}))
    articles = archive.every(wanted, MOST_ARTICLES)
    first = await anext(articles, None)

    async def all_of_them() -> AsyncIterator[TaggedArticle]:
        if first is not None:
            yield first
            async for one in articles:
                yield one

    return file_of(all_of_them(), form)


async def kept(archive: Archive, ids: Sequence[str]) -> AsyncIterator[TaggedArticle]:
    """Yield the articles with these ids."""
    for one in await archive.articles_by(ids):
        yield one


def file_of(articles: AsyncIterator[TaggedArticle], form: Format) -> StreamingResponse:
    """Return articles as a file."""
    kind = FILE_KINDS[form]
    return StreamingResponse(
        written(articles, form),
        media_type=kind.media_type,
        headers={"content-disposition": f'attachment; filename="broadsheet.{kind.suffix}"'},
    )


def _found(result: Result, sort: Sort) -> FoundArticle:
    one = result.article
    return FoundArticle(
        id=one.article_id,
        issue_id=one.issue_id,
        paper=one.paper,
        date=one.date,
        pages=list(one.pages),
        kind=one.kind,
        headline=one.headline,
        kicker=one.kicker,
        deck=one.deck,
        column=one.label,
        reporters=[byline.name for byline in one.bylines],
        topics=[topic.id for topic in one.topics],
        flags=list(one.flags),
        snippets=[
            SnippetText(text=snippet.text, marks=[TextMark(start=start, end=end) for start, end in snippet.matches])
            for snippet in result.snippets
        ],
        score=result.hit.sort[0] if sort == "relevance" else None,
    )
