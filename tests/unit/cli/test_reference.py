"""What a person reads of the command line: help for everything, nothing of it lost, and a page that is current."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from services.cli.main import app
from services.cli.reference import FILE, reference
from services.runtime.settings import variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest
    from click.testing import Result

ROOT = Path(__file__).parents[3]
PANELS = ("Publish", "Read", "Correct", "Operate")


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for inner in getattr(command, "commands", {}).values():
        yield from commands(inner, f"{path} {inner.name}")


COMMANDS = dict(commands(typer.main.get_command(app), "broadsheet"))


def helps() -> Iterator[tuple[str, str]]:
    for path, command in COMMANDS.items():
        yield path, command.help
        for parameter in command.params:
            yield f"{path} {parameter.name}", parameter.help


def test_every_command_argument_and_option_has_help() -> None:
    assert [name for name, text in helps() if not text] == []


def test_nothing_in_a_help_text_is_taken_for_markup() -> None:
    """Rich would eat [topics]."""
    assert [name for name, text in helps() if Text.from_markup(text).plain != text] == []


def test_the_page_of_commands_is_current() -> None:
    """`make commands` writes it."""
    assert (ROOT / FILE).read_text(encoding="utf-8") == reference()


def test_the_page_names_every_command_option_and_setting() -> None:
    page = (ROOT / FILE).read_text(encoding="utf-8")
    for path, command in list(COMMANDS.items())[1:]:
        section = page.partition(f"### {path}\n")[2].partition("\n#")[0]
        assert command.help in section, path
        assert all(f"`{option}`" in section for one in command.params for option in one.opts if option[0] == "-"), path
    assert all(f"`{name}`" in page for name, _, _ in variables())


def test_the_commands_stand_under_those_who_use_them(broadsheet: Callable[..., Result]) -> None:
    lines = broadsheet("--help").stdout.splitlines()
    found = [line.split()[1].rstrip(":") for line in lines if line.startswith("╭─")]
    assert tuple(found) == ("Options", *PANELS)


def test_the_version_is_the_projects(broadsheet: Callable[..., Result]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert broadsheet("--version").stdout == f"broadsheet {project['version']}\n"


def test_no_name_of_a_setting_is_broken_on_a_terminal_of_80_columns(
    broadsheet: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = broadsheet("settings").stdout.splitlines()
    assert [line.split()[0] for line in lines if "BROADSHEET_" in line and line[1] == "B"] == [
        name for name, _, _ in variables()
    ]
    assert max(map(len, lines)) <= 80
