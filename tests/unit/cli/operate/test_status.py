"""What `broadsheet status` prints of what was found."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from services.cli.operate import status
from services.cli.operate.status import StageStatus, Status, show_status
from services.runtime.delivery.inputs import Gap, InputLost
from services.runtime.settings import load_settings


def worker(**change: Any) -> dict[str, Any]:
    now = int(time.time() * 1000)
    return {"stage": "segment", "worker": "host-7", "time": now, "ready": True, "state": "working"} | change


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Status:
    status_now = Status([StageStatus("segment", "issues", 4)], quarantined=0, documents={"articles": 3})

    async def ask(_settings: object) -> Status:
        return status_now

    monkeypatch.setattr(status, "whole_status", ask)
    return status_now


def test_a_sound_installation_is_shown_and_ends_well(found: Status, capsys: pytest.CaptureFixture[str]) -> None:
    found.workers = [worker()]
    assert show_status(load_settings(), as_json=False) == 0
    shown = capsys.readouterr()
    assert "articles    3 documents" in shown.out
    assert "host-7" not in shown.out, "a worker that works needs no line"
    assert shown.err == ""


def test_a_worker_that_is_not_ready_or_has_fallen_silent_is_named_with_its_state(
    found: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = int(time.time() * 1000) - 120_000
    found.workers = [
        worker(ready=False, state="Kafka has not answered for 9 s"),
        worker(worker="host-8", time=long_ago),
    ]
    show_status(load_settings(), as_json=False)
    shown = capsys.readouterr().out
    assert "segment worker host-7: Kafka has not answered for 9 s (0 s ago)" in shown
    assert "segment worker host-8: working (120 s ago)" in shown


def test_what_is_lost_is_an_error_with_the_way_back(found: Status, capsys: pytest.CaptureFixture[str]) -> None:
    gap = Gap("issues", 0, 2, 6)
    found.stages = [StageStatus("segment", "issues", 4, (gap,))]
    found.errors = [str(InputLost("segment", [gap]))]
    assert show_status(load_settings(), as_json=False) == 1
    assert "`broadsheet rewind`" in capsys.readouterr().err
    assert show_status(load_settings(), as_json=True) == 1
    (stage,) = json.loads(capsys.readouterr().out)["stages"]
    assert stage["lost"] == [{"topic": "issues", "partition": 0, "first": 2, "end": 6, "cut": False}]
