"""The commands for reading: their arguments and options. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from services.cli.shared.environment import settings

app = typer.Typer()
PANEL = "Read: articles, and the streams that programs read"

Profile = Literal["iptc", "superdesk"]
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
    since: Annotated[str | None, typer.Option(help="Only from this day, month or year on, such as 2023-08-15.")] = None,
    until: Annotated[str | None, typer.Option(help="Only up to this day, month or year.")] = None,
    size: Annotated[int, typer.Option(min=1, max=10_000, help="How many articles to show.")] = 10,
    page: Annotated[int, typer.Option(min=1, help="Which page of so many articles to show.")] = 1,
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
    options = SearchOptions(query, chosen, since, until, size, page, facets=facets, as_json=as_json, literal=literal)
    search_articles(settings(), options)


@app.command(rich_help_panel=PANEL)
def export(
    target: Annotated[Path, typer.Argument(help="The file to write: .jsonl, .csv, .json (ninjs) or .parquet.")],
    query: Annotated[str, typer.Argument(help="As for `search`; without it, everything.")] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this newspaper; may be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    since: Annotated[str | None, typer.Option(help="Only from this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Only up to this day, YYYY-MM-DD.")] = None,
    profile: Annotated[
        Profile, typer.Option(help="For .json: iptc is ninjs 3.1; superdesk is what Superdesk and Newshub keep.")
    ] = "iptc",
    withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="Also write the withdrawals of these papers and days.")
    ] = False,
    literal: Annotated[
        bool, typer.Option("--literal", help="Search for exactly what is typed: read no dates.")
    ] = False,
) -> None:
    """Write every article that a search finds to a file, as the archive was when it began."""
    from services.cli.read.export import Export, ordered
    from services.cli.read.export import export as write
    from services.cli.read.search import SearchOptions, search_for

    chosen = {"topic": tuple(topic or ()), "paper": tuple(paper or ()), "kind": tuple(kind or ())}
    search = search_for(SearchOptions(query, chosen, since, until, 0, literal=literal))
    write(settings(), Export(ordered(search), target, profile, withdrawn))


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
    subject: Annotated[
        str,
        typer.Argument(help="An issue, such as 茂名日报/2023-08-15, an article's id or its end, or a desk's receipt."),
    ],
    as_json: AsJson = False,
) -> None:
    """Where is my story? Show which stage each page and article of an issue has reached."""
    from services.cli.read.trace import trace as show_trace

    show_trace(settings(), subject, as_json=as_json)


@app.command(rich_help_panel=PANEL)
def deliver(
    file: Annotated[Path, typer.Argument(help="The YAML file of subscriptions; docs/ways-in-and-out.md describes it.")],
    check: Annotated[bool, typer.Option("--check", help="Only check the file, and list who gets what.")] = False,
) -> None:
    """Send every change of an article to those who subscribed, by webhook, to Newshub or by mail, until stopped."""
    from services.cli.read.deliver import deliver_to

    deliver_to(settings(), file, check=check)


@app.command(rich_help_panel=PANEL)
def mcp() -> None:
    """Serve the archive to agents over standard input and output (Model Context Protocol), read-only."""
    from services.cli.read.agents import serve

    serve(settings())
