"""The commands for correcting: their arguments and options. The module of the same name does a command's work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.correct import quarantine_commands, taxonomy_commands
from services.cli.shared.environment import settings

app = typer.Typer()
PANEL = "Correct: articles, topics, and messages in quarantine"


@app.command(rich_help_panel=PANEL)
def correct(  # one option for each kind of correction
    article: Annotated[
        str, typer.Argument(help="The article's id, such as 茂名日报/2023-08-15/0123456789ab, or its end, 0123.")
    ],
    by: Annotated[str, typer.Option(help="The name of the person who corrects it.")],
    headline: Annotated[
        str | None, typer.Option(help="The right headline; with --split, the headline of the new article.")
    ] = None,
    topics: Annotated[
        str | None, typer.Option(help="The ids of its topics, separated by commas; '' for no topic.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="story, brief, photo, weather or notice.")] = None,
    merge: Annotated[str | None, typer.Option(help="The id of the article that continues it.")] = None,
    split: Annotated[
        str | None, typer.Option(help="The opening words of the paragraph where the new article starts.")
    ] = None,
    take_back: Annotated[
        str | None, typer.Option(help="The id of one of its corrections, or the beginning of the id.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the ids as JSON.")] = False,
) -> None:
    """Correct an article, also in its later revisions; or take a correction back."""
    from services.cli.correct.correct import CorrectionOptions, correct_article

    options = CorrectionOptions(headline, topics, kind, merge, split, take_back)
    correct_article(settings(), article, by, options, as_json=as_json)


app.add_typer(taxonomy_commands.app, name="taxonomy", rich_help_panel=PANEL)


@app.command(rich_help_panel=PANEL)
def tag(
    file: Annotated[Path, typer.Argument(help="JSON lines with id, headline and text; -: standard input.")],
    taxonomy: Annotated[
        Path | None, typer.Option(help="A taxonomy in YAML; default: the one that an installation starts with.")
    ] = None,
) -> None:
    """Try a taxonomy: tag plain documents and print the topics of each id as JSON; no server is needed."""
    from services.cli.correct.tag import tag_file

    tag_file(file, taxonomy)


@app.command(rich_help_panel=PANEL)
def retag(
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also tag articles that this taxonomy tagged already, as after an upgrade."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Tag the articles again with the current taxonomy; their ids, revisions and versions stay."""
    from services.cli.correct.retag import retag as tag_again

    tag_again(settings(), everything=everything, as_json=as_json)


app.add_typer(quarantine_commands.app, name="quarantine", rich_help_panel=PANEL)
