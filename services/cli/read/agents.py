"""`broadsheet mcp`: the archive for agents, over the Model Context Protocol, read-only.

Each answer names the paper, the day, the page and the lines that it comes from, so that a person can check it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from services.cli.read.citations import blocks_of, citation
from services.cli.read.search import SearchOptions, search_for
from services.cli.read.trace import traced
from services.desk.archive.archive import Archive
from services.desk.archive.titles import title_of
from services.desk.problems import DeskError
from services.runtime.elasticsearch.store import connect
from services.runtime.errors import BroadsheetError
from services.search.results import result_page

if TYPE_CHECKING:
    from mcp.server.fastmcp import FastMCP

    from services.runtime.settings import Settings

NEEDS_MCP = "serving agents needs the MCP SDK; install it with: pip install 'broadsheet[mcp]'"
MOST_FOUND = 50
INSTRUCTIONS = (
    "An archive of articles from Chinese newspaper pages. Search with Chinese words; cite what you use by its `cite`: "
    "paper, day, page and lines. An article flagged damaged-text or low-confidence may be misread; say so."
)


def serve(settings: Settings) -> None:
    """Serve until the client closes standard input.

    Raises:
        BroadsheetError: the MCP SDK is not installed.
    """
    try:
        server = make_server(settings)
    except ModuleNotFoundError:
        raise BroadsheetError(NEEDS_MCP) from None
    server.run("stdio")


def make_server(settings: Settings) -> FastMCP:
    """Return the server with its four tools."""
    from mcp.server.fastmcp import FastMCP
    from mcp.server.fastmcp.exceptions import ToolError
    from mcp.types import ToolAnnotations

    archive = Archive(connect(settings), settings)
    server: FastMCP = FastMCP("broadsheet", instructions=INSTRUCTIONS, log_level="WARNING")
    reads = ToolAnnotations(readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False)

    @server.tool(annotations=reads)
    async def search(  # noqa: PLR0913, PLR0917  # one for each way to narrow a search
        query: Annotated[str, Field(description='Words, "phrases", AND OR NOT, 标题: 记者: 日期: 版: …')] = "",
        topic: Annotated[list[str] | None, Field(description="Only these topics, by id.")] = None,
        paper: Annotated[list[str] | None, Field(description="Only these newspapers.")] = None,
        since: Annotated[str | None, Field(description="Only from this day on, YYYY-MM-DD.")] = None,
        until: Annotated[str | None, Field(description="Only up to this day, YYYY-MM-DD.")] = None,
        size: Annotated[int, Field(ge=1, le=MOST_FOUND)] = 10,
    ) -> dict[str, Any]:
        """Search the articles; the answer has titles, snippets and citations, not whole texts."""
        chosen = {"topic": tuple(topic or ()), "paper": tuple(paper or ())}
        try:
            wanted = search_for(SearchOptions(query, chosen, since, until, size))
            answer = await archive.search(replace(wanted, page=1), facets=False)
        except (BroadsheetError, DeskError) as error:
            raise ToolError(str(error)) from None
        return {
            "total": answer.total,
            "relaxed": answer.relaxed,
            "articles": [
                {
                    "article_id": one.article.article_id,
                    "cite": citation(one.article),
                    "title": title_of(one.article),
                    "kind": one.article.kind,
                    "topics": [topic.id for topic in one.article.topics],
                    "flags": list(one.article.flags),
                    "snippets": [snippet.text for snippet in one.snippets],
                }
                for one in result_page(wanted, answer).results
            ],
        }

    @server.tool(annotations=reads)
    async def article(
        article_id: Annotated[str, Field(description="The id from a search: paper/date/…")],
    ) -> dict[str, Any]:
        """Return an article, each paragraph with the printed lines that it was made from."""
        try:
            found = await archive.article(article_id)
            texts = await archive.page_texts(found.issue_id)
        except DeskError as error:
            raise ToolError(str(error)) from None
        return {
            "cite": citation(found),
            "article": found.model_dump(mode="json", exclude={"body", "captions", "spans", "boxes"}),
            "blocks": blocks_of(found, texts.pages if texts else {}),
        }

    @server.tool(annotations=reads)
    async def issue(issue_id: Annotated[str, Field(description="paper/date")]) -> dict[str, Any]:
        """Return what an issue holds: its articles in printed order, each with its citation, and its quality."""
        try:
            record = await archive.issue(issue_id)
            articles = await archive.articles_of(issue_id)
        except DeskError as error:
            raise ToolError(str(error)) from None
        pages = "、".join(f"第{page}版" for page in record.pages)
        return {
            "cite": f"{record.paper} {record.date.isoformat()} {pages}",
            "quality": record.quality.model_dump(mode="json"),
            "articles": [
                {"article_id": one.article_id, "cite": citation(one), "title": title_of(one), "kind": one.kind}
                for one in articles
            ],
        }

    @server.tool(annotations=reads)
    async def trace(
        subject: Annotated[str, Field(description="An issue (paper/date), an article's id, or a receipt.")],
    ) -> dict[str, Any]:
        """Where is a story? Return how far each page and article of an issue has come through the pipeline."""
        try:
            issue_id, view = await traced(settings, subject)
        except BroadsheetError as error:
            raise ToolError(str(error)) from None
        return {"cite": issue_id, **asdict(view)}

    return server
