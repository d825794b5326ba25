"""`broadsheet stage`: the services of a `broadsheet run`, stopped and started from another terminal."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from services.cli.operate.control import Control, ask, socket_path
from services.cli.operate.workers import Workers
from services.local.process import Command
from services.runtime.errors import BroadsheetError
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from services.runtime.settings import Settings

PATIENCE_SECONDS = 20.0


class Sleepers(Workers):
    """Services that do nothing until they are stopped."""

    def _command(self, stage: str) -> Command:
        arguments = (sys.executable, "-c", "import time; time.sleep(600)")
        return Command(stage, arguments, self._logs, dict(os.environ), self.log(stage))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


@pytest.fixture
def workers(settings: Settings) -> Iterator[Workers]:
    settings.home.joinpath("logs").mkdir()
    sleepers = Sleepers(settings, settings.home / "logs", ("ingest", "segment", "desk"))
    sleepers.start()
    yield sleepers
    sleepers.stop()


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_stage_is_stopped_and_started_while_the_others_run(settings: Settings, workers: Workers) -> None:
    with Control(settings, workers):
        assert ask(settings, "stop", ["segment"]) == {"ingest": "running", "segment": "stopped", "desk": "running"}
        assert workers.tend() == []
        assert ask(settings, "list", [])["segment"] == "stopped"
        assert set(ask(settings, "start", ["segment"]).values()) == {"running"}
        assert set(ask(settings, "stop", []).values()) == {"stopped"}
        assert set(ask(settings, "start", []).values()) == {"running"}


def test_a_service_that_ended_by_itself_is_named_and_started_again(settings: Settings, workers: Workers) -> None:
    workers._running["segment"].terminate()
    eventually(lambda: workers.tend() == ["segment"])
    assert workers.states["segment"] == "starting again"
    with Control(settings, workers):
        eventually(lambda: not workers.tend() and ask(settings, "list", [])["segment"] == "running")


def test_what_is_no_service_and_no_action_is_named(settings: Settings, workers: Workers) -> None:
    with Control(settings, workers):
        with pytest.raises(BroadsheetError, match=r"'tags'.*ingest, segment, desk"):
            ask(settings, "stop", ["tags"])
        with pytest.raises(BroadsheetError, match="stop, start, list"):
            ask(settings, "restart", [])


def test_without_a_run_the_command_says_what_to_do(settings: Settings, workers: Workers) -> None:
    with pytest.raises(BroadsheetError, match="BROADSHEET_HOME"):
        ask(settings, "list", [])
    with Control(settings, workers):
        pass
    with pytest.raises(BroadsheetError, match="BROADSHEET_HOME"):
        ask(settings, "list", [])


def test_two_runs_do_not_share_a_home_and_what_a_killed_one_left_is_no_hindrance(
    settings: Settings, workers: Workers
) -> None:
    with Control(settings, workers), pytest.raises(BroadsheetError, match="Another"), Control(settings, workers):
        pass
    socket_path(settings).touch()
    with Control(settings, workers):
        assert ask(settings, "list", [])


def test_only_its_user_can_open_the_socket(settings: Settings, workers: Workers) -> None:
    with Control(settings, workers):
        assert socket_path(settings).parent.stat().st_mode & 0o077 == 0
        assert len(str(socket_path(settings))) < 100
