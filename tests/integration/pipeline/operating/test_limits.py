"""What is too much is in quarantine with the reason, its neighbours flow, and each worker keeps within its memory."""

from __future__ import annotations

import json
import logging
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.arrivals.limits import (
    MAX_ISSUE_LINE_FEEDS,
    MAX_ISSUE_LINES,
    MAX_PAGE_BYTES,
    MAX_PAGE_LINE_FEEDS,
    MAX_PAGE_LINES,
    MAX_PAGES,
    MAX_RECORD_BYTES,
)
from services.runtime.names import STAGES
from tests.integration.pipeline.conftest import message
from tests.integration.pipeline.pages import FISHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

log = logging.getLogger(__name__)

NEIGHBOURS = 50
MEASURED = bool(os.environ.get("BROADSHEET_LIMITS"))
"""Set by `make limits`, on a machine with nothing else to do."""
WITHIN_SECONDS = 60.0 if MEASURED else 300.0
PATIENCE_SECONDS = 300.0
MOST_MEGABYTES = 512
COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
)
CHARACTER_BYTES = 3


@pytest.fixture(scope="module", autouse=True)
def small_budget() -> Iterator[None]:
    """Have segment give up an issue after a tenth of the time that it has by default: the machine may be busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROADSHEET_ISSUE_SECONDS", "3")
        yield


def text(characters: int, seed: int = 1) -> str:
    """Return so many common characters, which no other seed's are like."""
    chosen = random.Random(seed)  # the same each time
    return "".join(chosen.choices(COMMON, k=characters))


def signed(lines: int) -> str:
    """Return so many lines of stories of one line, each signed: no page was found that takes segment longer."""
    return "\n".join(f"□记者 {text(3, number)}\n{text(15, number)}。" for number in range(lines // 2))


def peak_megabytes(pipeline: Pipeline, stage: str) -> int:
    """Return the most memory that a stage's worker ever had."""
    status = Path(f"/proc/{pipeline.workers.process_ids[stage]}/status").read_text("utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def held(pipeline: Pipeline) -> dict[str, str]:
    """Return key -> reason of all that is in quarantine."""
    listed = map(json.loads, pipeline.run("quarantine", "list", "--json").stdout.splitlines())
    return {row["key"].partition("/")[0]: f"{row['stage']}: {row['error']}" for row in listed}


def raw(paper: str, page: int, value: str) -> tuple[bytes, bytes, dict[str, str]]:
    return f"{paper}/2023-08-15".encode(), value.encode(), {"page": str(page), "revision": "1"}


def test_what_is_too_much_is_in_quarantine_and_fifty_neighbours_are_found_within_a_minute(
    pipeline: Pipeline, paper: str
) -> None:
    """Each of these stopped the stream for ever, or for minutes with gigabytes of memory."""
    too_much: dict[str, list[tuple[bytes, bytes, dict[str, str]]]] = {
        "空": [raw(f"{paper}空", page, "渔" + "\n" * 4_000_000) for page in range(1, 6)],
        "短": [raw(f"{paper}短", 1, "渔港\n" * 560_000)],
        "长": [message(f"{paper}长", {page: signed(MAX_PAGE_LINES) for page in range(1, 9)}, revision=1)],
    }
    neighbours = [f"{paper}邻{number:02d}" for number in range(NEIGHBOURS)]
    began = time.monotonic()
    pipeline.send_only(*(each for messages in too_much.values() for each in messages))
    pipeline.send_only(*(message(one, {1: FISHING}, revision=1) for one in neighbours))
    waiting = set(neighbours)
    while waiting:
        waiting = {one for one in waiting if not pipeline.documents(one)}
        assert time.monotonic() - began < WITHIN_SECONDS, f"{len(waiting)} are not found"
    seconds = time.monotonic() - began
    pipeline.settle(PATIENCE_SECONDS)
    reasons = held(pipeline)
    log.info("fifty neighbours were found after %.0f s", seconds)
    assert "of text as JSON, the most is 0.5 MB" in reasons[f"{paper}空"]
    assert "of text as JSON, the most is 0.5 MB" in reasons[f"{paper}短"]
    assert reasons[f"{paper}长"].startswith("segment: to segment the issue takes more than 3 s")
    assert all(peak_megabytes(pipeline, stage) < MOST_MEGABYTES for stage in STAGES)


AT_THE_LIMITS: dict[str, dict[str, Any]] = {
    "a page of one line": {"pages": {1: text(MAX_PAGE_BYTES // CHARACTER_BYTES)}},
    "pages of one article each": {
        "pages": {page: text(MAX_PAGE_BYTES // CHARACTER_BYTES, page) for page in range(1, 8)},
    },
    "line feeds": {
        "pages": {
            page: text(400, page) + "\n" * MAX_PAGE_LINE_FEEDS
            for page in range(1, 1 + MAX_ISSUE_LINE_FEEDS // MAX_PAGE_LINE_FEEDS)
        }
    },
    "lines": {
        "pages": {
            page: "\n".join(text(16, page * 10_000 + line) for line in range(MAX_PAGE_LINES))
            for page in range(1, 1 + MAX_ISSUE_LINES // MAX_PAGE_LINES)
        }
    },
    "pages": {"pages": {page: f"{page}\n{FISHING}" for page in range(1, MAX_PAGES + 1)}},
}


@pytest.mark.skipif(not MEASURED, reason="takes minutes and gigabytes of Kafka: make limits")
@pytest.mark.parametrize("name", AT_THE_LIMITS)
def test_at_every_limit_no_worker_takes_more_memory_than_it_is_said_to(
    pipeline: Pipeline, paper: str, name: str
) -> None:
    """Published twice with another revision, and then withdrawn: states hold an issue before and after.

    Elasticsearch takes every state. Segment may give up the issue, which is a limit of its own.
    """
    pages = AT_THE_LIMITS[name]["pages"]
    key, value, headers = message(paper, pages, revision=1)
    assert len(value) < MAX_RECORD_BYTES
    pipeline.send_only((key, value, headers))
    pipeline.send_only(message(paper, {page: "新" + each[1:] for page, each in pages.items()}, revision=2))
    pipeline.send_only(message(paper, {}, revision=3, withdrawn=True))
    pipeline.settle(PATIENCE_SECONDS)
    peaks = {stage: peak_megabytes(pipeline, stage) for stage in STAGES}
    log.info("MB at most: %s", peaks)
    assert "of processor time" in held(pipeline).get(paper, "of processor time")
    assert pipeline.record(paper)["page"] == []
    assert max(peaks.values()) < MOST_MEGABYTES
