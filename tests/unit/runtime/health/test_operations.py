"""A worker's own document: what it says, and that nothing of the work depends on it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import structlog

from services.runtime.health.condition import Condition
from services.runtime.health.measures import Measures
from services.runtime.health.operations import PROPERTIES, Operations, report
from services.runtime.settings import load_settings

WORKING = Condition(starting=False, running=True, settled=True, waiting=False, lag=42, idle_seconds=1.0)
NOBODY = "http://127.0.0.1:1"
"""An address where nothing listens."""
DOCUMENTED = Path(__file__).parents[4] / "docs" / "fields.md"


def test_it_says_how_far_behind_the_worker_is_and_what_it_has_done() -> None:
    measures = Measures("tag")
    measures.delivered(10, 3, 0.5)
    measures.delivered(5, 0, 0.5)
    assert report("tag", "node-1-77", WORKING, measures.registry, 1_700_000_000_000) == {
        "stage": "tag",
        "worker": "node-1-77",
        "time": 1_700_000_000_000,
        "ready": True,
        "state": "working",
        "lag": 42,
        "oldest_seconds": 0.0,
        "per_second": 0.0,
        "delivered": 12,
        "quarantined": 3,
    }


def test_the_rate_is_what_was_delivered_since_the_last_report() -> None:
    measures = Measures("tag")
    measures.delivered(45, 0, 0.5)
    document = report("tag", "node-1-77", WORKING, measures.registry, 1_700_000_015_000, (1_700_000_000.0, 15))
    assert document["per_second"] == 2.0


def test_with_a_batch_in_hand_it_says_how_old_the_oldest_record_is() -> None:
    measures = Measures("tag")
    measures.taken(1_000)
    document = report("tag", "node-1-77", WORKING, measures.registry, 1_700_000_000_000)
    assert document["oldest_seconds"] > 1_000_000


def test_a_worker_that_waits_says_for_what() -> None:
    waiting = Condition(starting=False, running=True, settled=True, waiting=True, lag=42, idle_seconds=1.0)
    document = report("tag", "node-1-77", waiting, Measures("tag").registry, 1_700_000_000_000)
    assert (document["ready"], document["state"]) == (False, "waiting for Elasticsearch")


def test_the_document_has_every_field_of_its_index_and_no_other() -> None:
    document = report("tag", "node-1-77", WORKING, Measures("tag").registry, 1_700_000_000_000)
    assert document.keys() == PROPERTIES.keys()


def test_every_field_is_documented_with_its_type_and_no_other() -> None:
    section = re.search(r"^## `operations`$(.*?)(?=^## |\Z)", DOCUMENTED.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| .+ \|$", section[1], re.MULTILINE)
    assert dict(rows) == {name: body["type"] for name, body in PROPERTIES.items()}


@pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")
def test_without_elasticsearch_it_goes_on_trying_and_says_so_once() -> None:
    settings = load_settings(elasticsearch=NOBODY)
    tries = 0

    async def run() -> None:
        tried = asyncio.Event()

        def condition() -> Condition:
            nonlocal tries
            tries += 1
            if tries == 4:
                tried.set()
            return WORKING

        operations = Operations(settings, "tag", condition, Measures("tag").registry, interval=0.001)
        async with asyncio.timeout(30):
            await tried.wait()
            await operations.close()

    with structlog.testing.capture_logs() as logs:
        asyncio.run(run())
    assert tries >= 4
    assert [entry["log_level"] for entry in logs] == ["warning"]
