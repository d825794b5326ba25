"""Write the command-line reference, docs/commands.md, from the commands: `python -m services.cli.reference`."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from services.cli.main import app
from services.runtime.settings import variables

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE: Final = Path("docs/commands.md")
HEADING: Final = """\
# Commands

`make commands` writes this page from the code. `broadsheet COMMAND --help` shows the same on the terminal.
"""
COMPLETION: Final = ("install_completion", "show_completion")


def reference() -> str:
    """Return the page: every command, grouped by who uses it, with its arguments and options; then every setting."""
    root: Any = typer.main.get_command(app)
    parts = [HEADING, *_parameters(root)]
    for panel, commands in groupby(root.commands.values(), key=lambda command: command.rich_help_panel):
        parts.append(f"\n## {panel}\n")
        for command in commands:
            parts += _command(command, f"broadsheet {command.name}")
    parts.append("\n## Environment variables\n\n| variable | default | meaning |\n|---|---|---|\n")
    parts += [f"| `{name}` | {_code(default)} | {_cell(meaning)} |\n" for name, default, meaning in variables()]
    return "".join(parts)


def _command(command: Any, path: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        yield f"\n### {path}\n\n{command.help}\n"
        for inner in command.commands.values():
            yield from _command(inner, f"{path} {inner.name}")
        return
    context = command.make_context(path, [], resilient_parsing=True)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield f"\n### {path}\n\n{command.help}\n\n    {usage}\n"
    yield from _parameters(command)


def _parameters(command: Any) -> Iterator[str]:
    shown = [one for one in command.params if one.name not in COMPLETION]
    if shown:
        yield "\n| argument or option | default | meaning |\n|---|---|---|\n"
    for one in shown:
        name = ", ".join(f"`{option}`" for option in one.opts) if one.param_type_name == "option" else _argument(one)
        default = "required" if one.required else _code(one.default)
        yield f"| {name} | {default} | {_cell(one.help or '')} |\n"


def _argument(argument: Any) -> str:
    return f"`{argument.name.upper()}`"


def _code(value: object) -> str:
    return "" if value in (None, "", False) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
