"""The commands for reading: their arguments and options. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.shared.environment import settings

app = typer.Typer()
PANEL = "Read: articles, and the streams that programs read"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command(rich_help_panel=PANEL)
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, 标题: 记者: 日期: …')] = "",
    topic: Annotated[
        list[str] | None, typer.Option(help="Only this topic: industry, customs, …; may be repeated.")
    ] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this newspaper; may be repeated.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only story, brief, photo, weather or notice; may be repeated.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only from this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Only up to this day, YYYY-MM-DD.")] = None,
    size: Annotated[int, typer.Option(min=1, max=100, help="How many articles to show.")] = 10,
    facets: Annotated[
        bool, typer.Option("--facets", help="Also count topics, places, people, papers and more.")
    ] = False,
    literal: Annotated[
        bool, typer.Option("--literal", help="Search for exactly what is typed: no dates, no other words, no slips.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Search the articles with the query that the desk uses."""
    from services.cli.read.search import SearchOptions, search_articles

    chosen = {"topic": tuple(topic or ()), "paper": tuple(paper or ()), "kind": tuple(kind or ())}
    options = SearchOptions(query, chosen, since, until, size, facets=facets, as_json=as_json, literal=literal)
    search_articles(settings(), options)


@app.command("search-eval", rich_help_panel=PANEL)
def search_eval(
    documents: Annotated[Path, typer.Argument(help="JSON lines with id, headline, text, paper and date.")],
    queries: Annotated[Path, typer.Argument(help="A JSON list of objects with id and query.")],
) -> None:
    """Run queries over documents in a scratch index, and print as JSON which ids each query found."""
    from services.cli.read.search_eval import evaluate_search

    evaluate_search(settings(), documents, queries)


@app.command(rich_help_panel=PANEL)
def tail(
    topic: Annotated[
        str, typer.Argument(help="issues.raw, corrections, issues, articles, articles.tagged, taxonomy or quarantine.")
    ],
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the oldest record.")] = False,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="Stop after this many records.")] = None,
) -> None:
    """Follow a topic, one line per record; as JSON lines when the output is not a terminal."""
    from services.cli.read.tail import tail_topic

    tail_topic(settings(), topic, from_start=from_start, limit=limit)


@app.command(rich_help_panel=PANEL)
def trace(
    subject: Annotated[str, typer.Argument(help="An issue, such as 茂名日报/2023-08-15, or an article's id.")],
    as_json: AsJson = False,
) -> None:
    """Where is my story? Show which stage each page and article of an issue has reached."""
    from services.cli.read.trace import trace as show_trace

    show_trace(settings(), subject, as_json=as_json)
