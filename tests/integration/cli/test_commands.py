"""Commands on real servers that hold nothing yet, and on a topic with a few records."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tests.servers import Servers

    Run = Callable[..., Result]

pytestmark = pytest.mark.servers

PAGE = "渔港今晨开渔\n本报讯 今晨六时，三百零五艘渔船驶出渔港。\n"


@pytest.fixture(scope="module")
def prefix() -> str:
    return f"cli-{uuid.uuid4().hex[:8]}-"


@pytest.fixture
def broadsheet(servers: Servers, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BROADSHEET_KAFKA", servers.kafka)
    monkeypatch.setenv("BROADSHEET_ELASTICSEARCH", servers.elasticsearch)
    monkeypatch.setenv("BROADSHEET_PREFIX", prefix)
    monkeypatch.setenv("BROADSHEET_PARTITIONS", "1")

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=given)

    return run


def test_before_anything_is_there_each_command_says_what_to_do(broadsheet: Run, prefix: str) -> None:
    for arguments, said in (
        (("search", "渔港"), "There is no index of articles yet."),
        (("tail", "issues.raw"), f"There is no topic {prefix}issues.raw."),
        (("retag",), f"There is no topic {prefix}articles.tagged yet."),
    ):
        result = broadsheet(*arguments)
        assert result.exit_code == 1, result.output
        assert result.stderr.startswith(said)
        assert len(result.stderr.splitlines()) <= 2


def test_setup_makes_topics_and_indices_and_a_second_one_changes_nothing(broadsheet: Run, prefix: str) -> None:
    first, second = broadsheet("setup"), broadsheet("setup")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert f"{prefix}articles.tagged" in first.stdout
    assert second.stdout == first.stdout
    status = json.loads(broadsheet("status", "--json").stdout)
    assert status["documents"] == {"articles": 0, "issues": 0}
    assert json.loads(broadsheet("search", "渔港", "--json").stdout)["total"] == 0


def test_records_are_shown_as_they_stand(broadsheet: Run, prefix: str) -> None:
    options = ("--paper", "渔港日报", "--date", "2023-08-15", "--page", "3", "--revision", "4")
    published = broadsheet("publish", "-", *options, given=PAGE)
    assert published.exit_code == 0
    assert published.stdout.splitlines()[-1] == "accepted 1, refused 0"
    for topic in ("issues.raw", f"{prefix}issues.raw"):
        (line,) = broadsheet("tail", topic, "--from-start", "-n", "1").stdout.splitlines()
        record = json.loads(line)
        assert (record["key"], record["value"]) == ("渔港日报/2023-08-15", PAGE)
        assert (record["headers"]["page"], record["headers"]["revision"]) == ("3", "4")
    unknown = broadsheet("tail", "issues.rare")
    assert (unknown.exit_code, f"{prefix}issues.raw, {prefix}corrections, {prefix}issues, " in unknown.stderr) == (
        1,
        True,
    )


def test_a_page_that_is_refused_is_not_sent_and_the_others_are(broadsheet: Run) -> None:
    issue = {"paper": "渔港日报", "date": "2023-08-16", "pages": [{"page": 1, "text": PAGE}]}
    assert broadsheet("publish", given=json.dumps(issue)).exit_code == 0
    refused = broadsheet("publish", given=json.dumps(issue | {"date": "2023-08-99"}))
    assert (refused.exit_code, refused.stdout.strip()) == (1, "accepted 0, refused 1")
    keys = [
        json.loads(line)["key"]
        for line in broadsheet("tail", "issues.raw", "--from-start", "-n", "2").stdout.splitlines()
    ]
    assert keys == ["渔港日报/2023-08-15", "渔港日报/2023-08-16"]


def test_a_tail_whose_reader_has_gone_ends_quietly(broadsheet: Run) -> None:
    issue = {"paper": "渔港日报", "date": "2023-08-17", "pages": [{"page": 1, "text": PAGE}]}
    code = "from services.cli.main import main; main()"
    assert broadsheet("publish", given=json.dumps(issue)).exit_code == 0
    with subprocess.Popen(
        [sys.executable, "-c", code, "tail", "issues.raw", "--from-start"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert b"issues.raw" in tail.stdout.readline()
        tail.stdout.close()
        assert broadsheet("publish", given=json.dumps(issue)).exit_code == 0
        said = tail.stderr.read()
    assert (tail.returncode, said) == (0, b"")
