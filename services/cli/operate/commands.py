"""The commands for operating an installation. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.shared.environment import settings

app = typer.Typer()
PANEL = "Operate: an installation"


@app.command(rich_help_panel=PANEL)
def run() -> None:
    """Start everything on this machine, publish the sample issue and show its articles; Ctrl-C stops it."""
    from services.cli.operate.run import run_all

    raise typer.Exit(run_all(settings()))


@app.command(rich_help_panel=PANEL)
def setup(
    mend: Annotated[bool, typer.Option("--mend", help="Correct the settings of existing topics.")] = False,
) -> None:
    """Create the topics, indices and aliases that are missing."""
    from services.cli.operate.setup import set_up

    set_up(settings(), mend=mend)


@app.command(rich_help_panel=PANEL)
def stage(
    action: Annotated[str, typer.Argument(help="stop, start or list.")] = "list",
    services: Annotated[
        list[str] | None, typer.Argument(help="ingest, segment, tag, index or desk; none: all of them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Stop, start or list the services of the `broadsheet run` on this machine: before a rewind, for example."""
    from services.cli.operate.control import control_stages

    control_stages(settings(), action, services or [], as_json=as_json)


@app.command(rich_help_panel=PANEL)
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False) -> None:
    """Show how far behind each stage is, and how many documents each index holds."""
    from services.cli.operate.status import show_status

    raise typer.Exit(show_status(settings(), as_json=as_json))


@app.command(rich_help_panel=PANEL)
def kibana(
    address: Annotated[str, typer.Argument(help="Kibana's URL.")] = "http://127.0.0.1:5601",
    ca: Annotated[Path | None, typer.Option(help="PEM file of the authority that signed Kibana's certificate.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="How many seconds to wait for Kibana to start.")] = 0,
) -> None:
    """Import the data views, saved searches and dashboard into Kibana; they replace those of an earlier import."""
    from services.cli.operate.kibana import import_objects

    import_objects(settings(), address, ca=ca, wait=wait)


@app.command(rich_help_panel=PANEL)
def rebuild(
    fewer: Annotated[
        bool, typer.Option("--fewer", help="Switch even if the new index holds fewer documents than the live one.")
    ] = False,
) -> None:
    """Fill new indices from the compacted topic and switch to them; searches go on without a gap."""
    from services.cli.operate.rebuild import rebuild_index

    rebuild_index(settings(), accept_fewer=fewer)


@app.command(rich_help_panel=PANEL)
def rewind() -> None:
    """Process everything again from issues.raw, as after the index of states is lost; ids and versions stay."""
    from services.cli.operate.rewind import rewind as start_again

    start_again(settings())


@app.command(rich_help_panel=PANEL)
def resume(stage: Annotated[str, typer.Argument(help="ingest, segment, tag or index.")]) -> None:
    """Let a stage that stopped because its input is lost continue with the first record that Kafka still has."""
    from services.cli.operate.resume import resume as go_on

    go_on(settings(), stage)


@app.command(rich_help_panel=PANEL)
def dump(file: Annotated[Path, typer.Argument(help="Where to write it.", dir_okay=False)]) -> None:
    """Write a backup of the sources (issues.raw and corrections), from which everything can be made again."""
    from services.cli.operate.sources import dump_sources

    dump_sources(settings(), file)


@app.command(rich_help_panel=PANEL)
def load(file: Annotated[Path, typer.Argument(help="What `dump` wrote.", exists=True, dir_okay=False)]) -> None:
    """Load a backup of the sources into the empty topics of a new installation."""
    from services.cli.operate.sources import load_sources

    load_sources(settings(), file)


@app.command("settings", rich_help_panel=PANEL)
def list_settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the environment variables, their defaults and what they mean."""
    from services.cli.shared.tables import settings_table

    settings_table(as_json=as_json)


contracts = typer.Typer(no_args_is_help=True, help="The contracts of the topics.")
app.add_typer(contracts, name="contracts", rich_help_panel=PANEL)


@contracts.command("register")
def contracts_register(
    address: Annotated[str, typer.Argument(help="The registry's URL; of Apicurio, with /apis/ccompat/v7.")],
    user: Annotated[str | None, typer.Option(help="NAME:PASSWORD, if the registry asks for it.")] = None,
    ca: Annotated[str | None, typer.Option(help="PEM file of the authority that signed its certificate.")] = None,
) -> None:
    """Give a schema registry (Confluent's API) the JSON Schema of each topic."""
    from services.cli.operate.contracts import register

    register(settings(), address, user, ca)
