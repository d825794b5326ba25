"""The `broadsheet taxonomy` commands with their options. `services.cli.correct.taxonomy` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.shared.environment import settings

app = typer.Typer(help="Check, push, show and compare the topics that articles are tagged with.", no_args_is_help=True)

File = Annotated[
    Path,
    typer.Argument(help="A taxonomy in YAML (the form of seeds/taxonomy.yaml), seed, or newsroom."),
]
Version = Annotated[str, typer.Argument(help="A YAML file, a version or the beginning of one, seed, or newsroom.")]


@app.command()
def check(file: File) -> None:
    """Check a taxonomy, and name line and field of each mistake."""
    from services.cli.correct.taxonomy import check as check_file

    check_file(file)


@app.command()
def push(file: File) -> None:
    """Check a taxonomy and publish it; running taggers use it without a restart."""
    from services.cli.correct.taxonomy import push as push_file

    push_file(settings(), file)


@app.command()
def show(
    version: Annotated[
        str | None, typer.Option(help="A pushed version or the beginning of one; default: the current one.")
    ] = None,
) -> None:
    """Print the current taxonomy as YAML, ready to be edited and pushed."""
    from services.cli.correct.taxonomy import show as show_version

    show_version(settings(), version)


@app.command("list")
def show_list(
    version: Annotated[
        str | None, typer.Option(help="A pushed version or the beginning of one; default: the current one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the topics in force, a line for each."""
    from services.cli.correct.taxonomy_list import list_topics

    list_topics(settings(), version, as_json=as_json)


@app.command()
def diff(
    old: Version,
    new: Version,
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as JSON.")] = False,
) -> None:
    """Print what changes from one taxonomy to another."""
    from services.cli.correct.taxonomy import diff as compare

    compare(settings(), old, new, as_json=as_json)


@app.command()
def preview(
    file: File,
    days: Annotated[int, typer.Option(min=1, help="How many days to look at, up to the newest article.")] = 31,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show which articles a taxonomy would change and by which words, without pushing it."""
    from services.cli.correct.taxonomy_preview import preview as preview_file

    preview_file(settings(), file, days, as_json=as_json)
