from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

NOBODY = "127.0.0.1:1"
"""An address where nothing listens."""


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of this folder may reach a server, whatever the environment names."""
    for name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BROADSHEET_KAFKA", NOBODY)
    monkeypatch.setenv("BROADSHEET_ELASTICSEARCH", f"http://{NOBODY}")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def broadsheet() -> Callable[..., Result]:
    """Return a function that runs the command in this process."""

    def run(*arguments: str | Path, given: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)

    return run
