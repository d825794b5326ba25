"""The quarantine's commands on a running installation: select, show, send again, drop."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.pipeline.pages import BRIDGE, FISHING

if TYPE_CHECKING:
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers


def listed(pipeline: Pipeline, *options: str) -> list[dict[str, Any]]:
    result = pipeline.run("quarantine", "list", "--json", *options)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def of_paper(pipeline: Pipeline, paper: str, *options: str) -> list[dict[str, Any]]:
    return [one for one in listed(pipeline, *options) if paper in one["key"]]


def bad(paper: str, number: int) -> tuple[bytes, bytes, dict[str, str]]:
    """A message that ingest refuses: there is no such page."""
    headers = {"content-type": "text/plain", "paper": paper, "date": "2023-08-15", "page": f"-{number}"}
    return f"{paper}/2023-08-15".encode(), f"{FISHING}{number}".encode(), headers


def test_messages_are_selected_by_stage_error_and_time_of_failure(pipeline: Pipeline, paper: str) -> None:
    pipeline.send(bad(paper, 1), (f"{paper}/2023-08-15".encode(), b"{", {}))
    pipeline.send_to(pipeline.settings.names.tagged, f"{paper}/2023-08-15/x".encode(), b"{}")
    pipeline.settle()
    everything = of_paper(pipeline, paper)
    assert sorted(one["stage"] for one in everything) == ["index", "ingest", "ingest"]
    assert [one["stage"] for one in of_paper(pipeline, paper, "--stage", "index")] == ["index"]
    (by_error,) = of_paper(pipeline, paper, "--error", "PAGE")
    assert by_error["stage"] == "ingest"
    times = sorted(one["timestamp"] for one in everything)
    last = dt.datetime.fromtimestamp(times[-1] / 1000, dt.UTC).isoformat()
    after = dt.datetime.fromtimestamp((times[-1] + 1) / 1000, dt.UTC).isoformat()
    assert times[-1] in {one["timestamp"] for one in of_paper(pipeline, paper, "--since", last)}
    assert of_paper(pipeline, paper, "--since", after) == []
    assert len(of_paper(pipeline, paper, "--until", after)) == 3
    shown = pipeline.run("quarantine", "show", by_error["message"])
    assert FISHING.splitlines()[0] in shown.stdout
    assert "page" in shown.stdout


def test_the_time_is_that_of_the_failure_and_not_the_message_s_own(pipeline: Pipeline, paper: str) -> None:
    key, value, headers = bad(paper, 1)
    pairs = [(name, text.encode()) for name, text in headers.items()]
    sending = pipeline.producer.send_and_wait(pipeline.settings.names.raw, value, key, headers=pairs, timestamp_ms=1)
    pipeline.loop.run(sending)
    pipeline.settle()
    assert of_paper(pipeline, paper, "--since", "2020-01-01")
    pipeline.run("quarantine", "replay", "--stage", "ingest")
    pipeline.settle()
    sent = [record for record in pipeline.records(pipeline.settings.names.raw) if record.key == key]
    assert [record.timestamp for record in sent] == [1, 1]


def test_what_is_sent_again_keeps_its_order_and_what_fails_again_waits_for_the_next_time(
    pipeline: Pipeline, paper: str
) -> None:
    papers = (f"{paper}甲", f"{paper}乙")
    pipeline.send(*(bad(each, number) for number in range(1, 4) for each in papers))
    names = pipeline.settings.names
    for tries in (2, 3):
        sent = pipeline.run("quarantine", "replay", "--error", "page")
        assert sent.exit_code == 0
        pipeline.settle()
        for each in papers:
            assert [one["attempt"] for one in of_paper(pipeline, each)] == [tries] * 3
            values = [record.value for record in pipeline.records(names.raw) if record.key == bad(each, 1)[0]]
            assert values == [bad(each, number)[1] for number in range(1, 4)] * tries
    (first, *_) = of_paper(pipeline, papers[0])
    pipeline.run("quarantine", "replay", first["message"])
    pipeline.settle()
    assert [one["attempt"] for one in of_paper(pipeline, papers[0])] == [4, 3, 3]
    assert pipeline.run("quarantine", "drop", "--error", "page").exit_code == 0
    assert of_paper(pipeline, paper) == []
    assert "Name the messages" in pipeline.run("quarantine", "drop").stderr


def test_good_messages_behind_bad_ones_are_found_as_ever(pipeline: Pipeline, paper: str) -> None:
    pipeline.send_only(*(bad(paper, number) for number in range(1, 6)))
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    assert len(pipeline.documents(paper)) == 2
    assert len(of_paper(pipeline, paper)) == 5
