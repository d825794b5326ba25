"""The `broadsheet` command.

Its commands are grouped by who uses them. Each group has a folder with a `commands` module.

A command imports what it needs when it runs, so a preview loads no Kafka client.
"""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.correct import commands as correct
from services.cli.folders import commands as folders
from services.cli.operate import commands as operate
from services.cli.publish import commands as publish
from services.cli.read import commands as read
from services.cli.shared.console import PlainErrors, out, quiet_libraries

app = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (publish, folders, read, correct, operate):
    app.add_typer(room.app)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  # how Typer calls it
    if wanted:
        from importlib import metadata

        out.print(f"broadsheet {metadata.version('broadsheet')}")
        raise typer.Exit


@app.callback()
def broadsheet(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Turn the raw text of newspaper issues into articles that can be found."""


def main() -> None:
    """Run the command line."""
    quiet_libraries()
    app()
