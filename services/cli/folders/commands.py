"""The commands for folders: their arguments and options. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.publish.commands import PANEL, Encoding, Paper, Revision
from services.cli.shared.environment import settings

app = typer.Typer()


@app.command(rich_help_panel=PANEL)
def watch(
    folder: Annotated[Path, typer.Argument(help="The folder where the newsroom puts pages.")],
    paper: Paper = None,
    encoding: Encoding = None,
    still: Annotated[
        float, typer.Option(min=0, help="Seconds that a file must stay unchanged before it counts as whole.")
    ] = 5.0,
    look: Annotated[
        float, typer.Option(min=0.1, help="Look at the folder every so many seconds; network mounts report no changes.")
    ] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="End when the folder is empty.")] = False,
) -> None:
    """Publish what is put into a folder: then it is in processed/, or in failed/ with the reason beside it."""
    from services.cli.folders.watch import Watching, watch_folder
    from services.cli.publish.inputs import IssueOptions
    from services.cli.shared.console import EXIT_FAILED

    given = IssueOptions(paper=paper, encoding=encoding)
    failed = watch_folder(settings(), Watching(folder, given, still, look, once))
    raise typer.Exit(EXIT_FAILED if failed else 0)


@app.command(rich_help_panel=PANEL)
def backfill(
    folder: Annotated[Path, typer.Argument(help="The folder with the pages of many issues.")],
    paper: Paper = None,
    revision: Revision = None,
    encoding: Encoding = None,
    rate: Annotated[float, typer.Option(min=0, help="The most pages to send per second; 0: any number.")] = 0.0,
    behind: Annotated[
        int, typer.Option(min=1, help="Wait while a stage is more records behind, so that today's issue waits for few.")
    ] = 40,
    state: Annotated[
        Path | None,
        typer.Option(help="The progress file; default: .broadsheet-backfill.jsonl in FOLDER. Delete it to start over."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this JSON file, too.")] = None,
) -> None:
    """Publish an archive at a pace that leaves room for the daily work; started again, it continues."""
    from services.cli.folders.backfill import STATE, Backfill
    from services.cli.folders.backfill import backfill as publish_archive
    from services.cli.publish.inputs import IssueOptions

    given = IssueOptions(paper=paper, revision=revision, encoding=encoding)
    how = Backfill(folder, given, state or folder / STATE, rate, behind, report)
    raise typer.Exit(publish_archive(settings(), how))
