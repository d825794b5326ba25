"""What commands print for programs: JSON on standard output, whatever the terminal's width."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.publish.inputs import IssueOptions, read_sources
from services.cli.publish.publish import Report, as_content, checked
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = 1_691_100_000_000
WANTED = {"publish", "preview", "search", "trace", "correct", "retag", "status", "stage", "settings"}
"""The commands with results that a program may want."""


def printed(arguments: Sequence[str]) -> object:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "20"})
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_settings_are_listed_with_their_defaults() -> None:
    rows = printed(["settings", "--json"])
    assert isinstance(rows, list)
    assert {"variable", "default", "meaning"} == set(rows[0])
    assert "BROADSHEET_KAFKA" in {row["variable"] for row in rows}


def test_a_taxonomy_does_not_differ_from_itself() -> None:
    version = seed_taxonomy().version
    assert printed(["taxonomy", "diff", "seed", "seed", "--json"]) == {"old": version, "new": version, "changes": []}


def test_what_was_published_and_what_was_refused_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "渔港日报_2023-08-15_2.txt").write_text("渔港开渔\n今晨六时，渔船驶出。\n", "utf-8")
    (tmp_path / "page.json").write_text("{}", "utf-8")
    options = IssueOptions(None, None, None, "7", None)
    sound, refused = checked(read_sources([tmp_path], options, "issues.raw", NOW))
    content = as_content(Report(tuple(sound), refused), {Path("notes.doc"): "unknown"})
    (accepted,) = content["accepted"]
    assert (accepted["issue_id"], accepted["pages"], accepted["revision"]) == ("渔港日报/2023-08-15", [2], 7)
    assert len(content["refused"]) == 1
    assert content["left_out"] == [{"source": "notes.doc", "reason": "unknown"}]


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_command_with_results_can_print_json(name: str) -> None:
    assert "--json" in CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
