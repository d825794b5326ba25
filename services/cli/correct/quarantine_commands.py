"""The `broadsheet quarantine` commands with their options. `services.cli.correct.quarantine` does the work."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.shared.environment import settings

app = typer.Typer(help="List, show, replay and drop messages that could not be processed.", no_args_is_help=True)

References = Annotated[
    list[str] | None, typer.Argument(help="Messages, by the names that `broadsheet quarantine list` prints.")
]
Stage = Annotated[str | None, typer.Option(help="Only from this stage: ingest, segment, tag or index.")]
Error = Annotated[str | None, typer.Option(help="Only those whose error contains this text.")]
Since = Annotated[str | None, typer.Option(help="Only from this time on, such as 2023-08-15T09:30.")]
Until = Annotated[str | None, typer.Option(help="Only before this time.")]
Lines = Annotated[bool, typer.Option("--json", help="Print JSON lines instead of a list.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Every = Annotated[bool, typer.Option("--all", help="All messages in quarantine.")]


@app.command("list")
def show_list(
    stage: Stage = None, error: Error = None, since: Since = None, until: Until = None, as_json: Lines = False
) -> None:
    """List the messages in quarantine."""
    from services.cli.correct.quarantine import list_held, wanted_from

    list_held(settings(), wanted_from((), stage, error, since, until, every=True), as_json=as_json)


@app.command()
def show(
    message: Annotated[str, typer.Argument(help="A message, by the name that `broadsheet quarantine list` prints.")],
    as_json: AsJson = False,
) -> None:
    """Show one message with its headers and bytes."""
    from services.cli.correct.quarantine import show_held

    show_held(settings(), message, as_json=as_json)


@app.command()
def replay(
    messages: References = None,
    stage: Stage = None,
    error: Error = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Send messages again to the topics they came from."""
    from services.cli.correct.quarantine import replay_held, wanted_from

    chosen = wanted_from(messages or (), stage, error, since, until, every=every)
    replay_held(settings(), chosen, as_json=as_json)


@app.command()
def drop(
    messages: References = None,
    stage: Stage = None,
    error: Error = None,
    since: Since = None,
    until: Until = None,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Take messages out of quarantine for good; their bytes stay on the topic."""
    from services.cli.correct.quarantine import drop_held, wanted_from

    chosen = wanted_from(messages or (), stage, error, since, until, every=every)
    drop_held(settings(), chosen, as_json=as_json)
