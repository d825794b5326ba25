"""Hints that can be pasted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from services.cli.shared.invocation import command

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_command_that_the_shell_does_not_find_is_named_by_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / ".venv" / "bin" / "broadsheet"
    own.parent.mkdir(parents=True)
    own.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(own), "run"])
    monkeypatch.setenv("PATH", os.devnull)
    assert command() == str(own.relative_to(tmp_path))
    monkeypatch.setenv("PATH", str(own.parent))
    assert command() == "broadsheet"
