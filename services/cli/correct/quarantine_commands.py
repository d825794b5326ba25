"""The `broadsheet quarantine` commands: what each takes. What they do is in `services.cli.correct.quarantine`."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.shared.console import plain_errors

app = typer.Typer(help="Messages that could not be processed.", no_args_is_help=True)

References = Annotated[list[str] | None, typer.Argument(help="Messages, as `broadsheet quarantine list` names them.")]
Stage = Annotated[str | None, typer.Option(help="Only from this stage: ingest, segment, tag or index.")]
Error = Annotated[str | None, typer.Option(help="Only where what is wrong contains this.")]
Since = Annotated[str | None, typer.Option(help="Only from this time on, such as 2023-08-15T09:30.")]
Until = Annotated[str | None, typer.Option(help="Only before this time.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines instead of a list.")]
Every = Annotated[bool, typer.Option("--all", help="All of them.")]


@app.command("list")
def show_list(
    stage: Stage = None, error: Error = None, since: Since = None, until: Until = None, as_json: AsJson = False
) -> None:
    """List what is in quarantine."""
    with plain_errors():
        from services.cli.correct.quarantine import list_held, wanted_from
        from services.runtime.settings import load_settings

        list_held(load_settings(), wanted_from((), stage, error, since, until, every=True), as_json=as_json)


@app.command("show")
def show(message: Annotated[str, typer.Argument(help="As `broadsheet quarantine list` names it.")]) -> None:
    """Show one message with its headers and bytes."""
    with plain_errors():
        from services.cli.correct.quarantine import show_held
        from services.runtime.settings import load_settings

        show_held(load_settings(), message)


@app.command("replay")
def replay(
    messages: References = None,
    stage: Stage = None,
    error: Error = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
) -> None:
    """Send messages again to the topics they came from."""
    with plain_errors():
        from services.cli.correct.quarantine import replay_held, wanted_from
        from services.runtime.settings import load_settings

        replay_held(load_settings(), wanted_from(messages or (), stage, error, since, until, every=every))


@app.command("drop")
def drop(
    messages: References = None,
    stage: Stage = None,
    error: Error = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
) -> None:
    """Take messages out of the quarantine for good; their bytes stay on the topic."""
    with plain_errors():
        from services.cli.correct.quarantine import drop_held, wanted_from
        from services.runtime.settings import load_settings

        drop_held(load_settings(), wanted_from(messages or (), stage, error, since, until, every=every))
