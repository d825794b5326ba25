"""The `broadsheet` command: what each subcommand takes. What it does is in the module of its name.

Those modules are imported when their command runs: a preview needs no Kafka client, and a quick answer no servers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.console import plain_errors
from services.runtime.settings import load_settings

app = typer.Typer(
    help="Turn the raw text of newspaper issues into articles that can be found.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Text files, JSON files or folders; none or -: standard input.")
]
Paper = Annotated[str | None, typer.Option(help="The paper's name; else from file name or side-car (issue.json).")]
Date = Annotated[str | None, typer.Option(help="The issue's date, YYYY-MM-DD; else as above.")]
Page = Annotated[str | None, typer.Option(help="The page number; else from the file name.")]
Revision = Annotated[str | None, typer.Option(help="Grows with each correction; default: the time of publishing.")]
Encoding = Annotated[str | None, typer.Option(help="utf-8, gb18030 or big5; default: told from the bytes.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command()
def run() -> None:
    """Start everything on this machine, publish the sample issue, show what became of it, and stay up until Ctrl-C."""
    with plain_errors():
        from services.cli.run import run_all

        raise typer.Exit(run_all(load_settings()))


@app.command()
def setup() -> None:
    """Create the topics, the index templates, indices and aliases that are not there yet."""
    with plain_errors():
        from services.cli.setup import set_up

        set_up(load_settings())


@app.command()
def publish(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    revision: Revision = None,
    encoding: Encoding = None,
) -> None:
    """Publish pages or whole issues to the raw topic, and report what was accepted."""
    with plain_errors():
        from services.cli.inputs import Given
        from services.cli.publish import publish_paths

        raise typer.Exit(publish_paths(load_settings(), paths or [], Given(paper, date, page, revision, encoding)))


@app.command()
def preview(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    encoding: Encoding = None,
    as_json: AsJson = False,
    spans: Annotated[
        Path | None, typer.Option(help="PATH is a folder of issue folders; write {issue: line spans} to this file.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the pages, lines coloured by article, to this file.")] = None,
) -> None:
    """Show what the pipeline would make of pages, without any server."""
    with plain_errors():
        from services.cli.inputs import Given
        from services.cli.preview import Show, preview_paths

        given = Given(paper, date, page, None, encoding)
        raise typer.Exit(preview_paths(paths or [], given, Show(as_json, spans, html)))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, 标题: 记者: 日期: …')] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic: industry, customs, …; may repeat.")] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; may repeat.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only story, brief, photo, weather or notice; may repeat.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="From this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day, YYYY-MM-DD.")] = None,
    size: Annotated[int, typer.Option(min=1, max=100, help="How many to show.")] = 10,
    facets: Annotated[bool, typer.Option("--facets", help="Count topics, places, people, papers … too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the articles."""
    with plain_errors():
        from services.cli.search import Wanted, search_articles

        chosen = {"topic": tuple(topic or ()), "paper": tuple(paper or ()), "kind": tuple(kind or ())}
        wanted = Wanted(query, chosen, since, until, size, facets=facets, as_json=as_json)
        search_articles(load_settings(), wanted)


@app.command()
def tail(
    topic: Annotated[
        str, typer.Argument(help="issues.raw, issues, articles, articles.tagged, taxonomy or quarantine.")
    ],
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the oldest record.")] = False,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="Stop after so many records.")] = None,
) -> None:
    """Follow a topic: one line a record, as JSON lines when the output is not a terminal."""
    with plain_errors():
        from services.cli.tail import tail_topic

        tail_topic(load_settings(), topic, from_start=from_start, limit=limit)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show how far each stage is behind, and how many documents each index holds."""
    with plain_errors():
        from services.cli.status import show_status

        raise typer.Exit(show_status(load_settings(), as_json=as_json))


@app.command()
def tag(
    file: Annotated[Path, typer.Argument(help="JSON lines with id, headline and text; - for standard input.")],
) -> None:
    """Tag plain documents and print {id: [topics]} as JSON, without any server."""
    with plain_errors():
        from services.cli.tag import tag_file

        tag_file(file)


@app.command()
def settings() -> None:
    """List the environment variables, their defaults and what they mean."""
    with plain_errors():
        from services.cli.tables import settings_table

        settings_table()


def main() -> None:
    """Run the command line."""
    app()
