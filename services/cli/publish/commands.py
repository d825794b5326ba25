"""The commands for publishing: their arguments and options. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.shared.environment import settings

app = typer.Typer()
PANEL = "Publish: pages of newspapers"

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Text, JSON, PDF, ALTO, METS or hOCR files, or folders; none or -: standard input."),
]
Paper = Annotated[
    str | None, typer.Option(help="The newspaper's name; default: from the file name, or issue.json beside the file.")
]
Date = Annotated[
    str | None, typer.Option(help="The issue's date, YYYY-MM-DD; default: from the file name, or issue.json.")
]
Page = Annotated[str | None, typer.Option(help="The page: 1, or with its section A1; default: from the file name.")]
Revision = Annotated[
    str | None, typer.Option(help="Must grow each time a page is sent again; default: the time of publishing.")
]
Encoding = Annotated[str | None, typer.Option(help="utf-8, gb18030 or big5; default: detected from the bytes.")]


@app.command(rich_help_panel=PANEL)
def publish(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    revision: Revision = None,
    encoding: Encoding = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until everything published is searchable.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Publish pages or whole issues, and report which were accepted."""
    from services.cli.publish.inputs import IssueOptions
    from services.cli.publish.publish import publish_paths
    from services.cli.shared.days import whole_day

    options = IssueOptions(paper, whole_day(date), page, revision, encoding)
    raise typer.Exit(publish_paths(settings(), paths or [], options, wait=wait, as_json=as_json))


@app.command(rich_help_panel=PANEL)
def preview(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    encoding: Encoding = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    spans: Annotated[
        Path | None,
        typer.Option(help="Write each issue's line spans to this JSON file; PATHS is a folder of issue folders."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the pages to this HTML file, each line in the colour of its article.")
    ] = None,
) -> None:
    """Show the articles that the pipeline would make of pages; no server is needed."""
    from services.cli.publish.inputs import IssueOptions
    from services.cli.publish.preview import PreviewOutput, preview_paths
    from services.cli.shared.days import whole_day

    options = IssueOptions(paper, whole_day(date), page, None, encoding)
    raise typer.Exit(preview_paths(paths or [], options, PreviewOutput(as_json, spans, html)))
