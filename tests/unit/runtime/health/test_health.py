"""Health: judged by progress, and answered whatever the event loop does."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import generate_latest

from services.runtime.health.condition import STALL_SECONDS, Condition, is_live, is_ready
from services.runtime.health.measures import Measures
from services.runtime.health.server import HealthServer
from services.runtime.settings import load_settings
from tests.workers import get

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKING = Condition(starting=False, running=True, settled=True, waiting=False, lag=3, idle_seconds=1.0)
LONG = STALL_SECONDS + 1


@pytest.mark.parametrize(
    ("change", "live", "ready"),
    [
        ({}, True, True),
        ({"lag": 0, "idle_seconds": LONG}, True, True),
        ({"starting": True, "running": False, "settled": False}, True, False),
        ({"running": False}, False, False),
        ({"settled": False}, True, False),
        ({"waiting": True, "idle_seconds": LONG}, True, False),
        ({"idle_seconds": LONG}, False, True),
        ({"settled": False, "idle_seconds": LONG}, False, False),
        ({"kafka_seconds": 8.0}, True, True),
        ({"kafka_seconds": 9.5, "idle_seconds": LONG}, True, False),
        ({"elasticsearch_seconds": 9.5}, True, False),
        ({"obstacle": "records are gone", "idle_seconds": LONG}, True, False),
        ({"held_by": "waiting to take over: why", "held_seconds": 11.0}, True, True),
        ({"held_by": "waiting to take over: why", "held_seconds": 13.0, "idle_seconds": LONG}, True, False),
    ],
)
def test_only_progress_is_life_and_only_work_is_readiness(*, change: dict[str, Any], live: bool, ready: bool) -> None:
    condition = replace(WORKING, **change)
    assert (is_live(condition)[0], is_ready(condition)[0]) == (live, ready)


def test_a_stalled_worker_says_for_how_long_and_how_much_is_to_go() -> None:
    assert is_live(replace(WORKING, idle_seconds=400)) == (False, "no progress for 400 s with 3 records to go")


def test_a_server_that_does_not_answer_is_named_within_one_session() -> None:
    condition = replace(WORKING, session_seconds=12.0, kafka_seconds=9.1)
    assert is_ready(condition) == (False, "Kafka has not answered for 9 s")


def test_what_keeps_a_worker_from_its_partitions_is_named_after_one_session() -> None:
    condition = replace(WORKING, session_seconds=12.0, held_by="waiting to take over: why", held_seconds=12.6)
    assert is_ready(condition) == (False, "waiting to take over: why, for 13 s")


class Told:
    condition = WORKING


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def measures() -> Measures:
    return Measures("ingest")


@pytest.fixture
def port(told: Told, measures: Measures) -> Iterator[int]:
    server = HealthServer("127.0.0.1", 0, lambda: told.condition, measures.registry)
    yield server.port
    server.close()


def test_the_answers_follow_the_condition(port: int, told: Told) -> None:
    assert get(port, "/live") == (200, "working\n")
    assert get(port, "/ready?from=probe") == (200, "working\n")
    told.condition = replace(WORKING, waiting=True)
    assert get(port, "/live") == (200, "waiting for Elasticsearch\n")
    assert get(port, "/ready") == (503, "waiting for Elasticsearch\n")
    assert get(port, "/")[0] == 404


def test_it_listens_on_the_address_that_it_is_given_and_no_other(measures: Measures) -> None:
    """A worker on a person's machine does not show its metrics to the network."""
    server = HealthServer(load_settings().http_host, 0, lambda: WORKING, measures.registry)
    try:
        assert get(server.port, "/live")[0] == 200
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", server.port), timeout=5)
    finally:
        server.close()


def test_a_closed_server_answers_no_more_and_leaves_no_thread(measures: Measures) -> None:
    server = HealthServer("127.0.0.1", 0, lambda: WORKING, measures.registry)
    server.close()
    assert get(server.port, "/live")[0] == 0
    assert "health" not in {thread.name for thread in threading.enumerate()}


def test_the_metrics_tell_outcomes_sizes_and_lag(port: int, measures: Measures) -> None:
    measures.lag({("issues.raw", 0): 7})
    measures.taken(1_000)
    measures.delivered(10, 2, 0.05)
    measures.abandoned(4)
    text = get(port, "/metrics")[1]
    for line in (
        'broadsheet_records_total{outcome="emitted",stage="ingest"} 8.0',
        'broadsheet_records_total{outcome="quarantined",stage="ingest"} 2.0',
        'broadsheet_records_total{outcome="abandoned",stage="ingest"} 4.0',
        'broadsheet_batch_records_sum{stage="ingest"} 10.0',
        'broadsheet_batch_seconds_bucket{le="0.1",stage="ingest"} 1.0',
        'broadsheet_lag_records{partition="0",stage="ingest",topic="issues.raw"} 7.0',
        'broadsheet_oldest_record_age_seconds{stage="ingest"} 0.0',
    ):
        assert line in text


def test_a_partition_that_went_away_is_no_longer_shown(port: int, measures: Measures) -> None:
    measures.lag({("issues.raw", 0): 7, ("issues.raw", 1): 2})
    measures.lag({("issues.raw", 1): 1})
    text = get(port, "/metrics")[1]
    assert 'partition="0"' not in text
    assert 'broadsheet_lag_records{partition="1",stage="ingest",topic="issues.raw"} 1.0' in text


def test_every_outcome_is_counted_from_the_start(port: int) -> None:
    text = get(port, "/metrics")[1]
    assert all(f'outcome="{outcome}",stage="ingest"}} 0.0' in text for outcome in ("emitted", "quarantined"))


def age(port: int) -> float:
    line = next(each for each in get(port, "/metrics")[1].splitlines() if each.startswith("broadsheet_oldest"))
    return float(line.split()[1])


def test_the_age_of_the_record_in_hand_is_told(port: int, measures: Measures) -> None:
    measures.taken(1_000)
    assert age(port) > 1e9


def test_a_record_that_waits_without_being_taken_ages_too(port: int, measures: Measures) -> None:
    measures.lag({("issues.raw", 0): 1})
    first = age(port)
    measures.lag({("issues.raw", 0): 1})
    assert age(port) > first
    measures.lag({("issues.raw", 0): 0})
    assert age(port) == 0


def test_the_wait_for_a_new_article_is_told_in_seconds() -> None:
    """Prometheus computes any percentile of it."""
    measures = Measures("index")
    measures.noted(0, [0.7, 40.0])
    shown = generate_latest(measures.registry).decode()
    assert 'broadsheet_searchable_seconds_bucket{le="1.0",stage="index"} 1.0' in shown
    assert 'broadsheet_searchable_seconds_sum{stage="index"} 40.7' in shown


def test_damage_is_counted_by_kind() -> None:
    """Prometheus shows how much of the text could not be read, and what was put right."""
    measures = Measures("segment")
    measures.damaged(5, (("glyph-codes", 4), ("radicals", 2)))
    shown = generate_latest(measures.registry).decode()
    assert 'broadsheet_damaged_lines_total{kind="glyph-codes",stage="segment"} 4.0' in shown
    assert 'broadsheet_unreadable_characters_total{stage="segment"} 5.0' in shown
