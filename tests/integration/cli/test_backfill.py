"""A backfill on a real Kafka: it continues after a kill, waits for the processors, and reports on each file."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from services.runtime.kafka.connection import connection
from tests.kafka import PARTITIONS, new_installation, read_all, remaining, wait_until, written
from tests.workers import command

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

DAYS = 28
PAGES = 4
TEXT = "渔港昨日开渔。三百艘渔船出海，渔民期待丰收。"


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return new_installation(servers)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    for day in range(1, DAYS + 1):
        issue = folder / "1998" / f"02-{day:02}"
        issue.mkdir(parents=True)
        (issue / "issue.json").write_text(f'{{"paper": "渔港日报", "date": "1998-02-{day:02}"}}', encoding="utf-8")
        for page in range(1, PAGES + 1):
            (issue / f"page-0{page}.txt").write_text(f"{TEXT}{day}-{page}", encoding="utf-8")
    (folder / "blank_1998-03-01_01.txt").write_text("\n\n", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    return folder


def started(settings: Settings, folder: Path, *options: str) -> subprocess.Popen[str]:
    return command(settings, "backfill", str(folder), *options)


def commit(settings: Settings, offset: int | None) -> None:
    """Let ingest's group have read every partition up to an offset; None: to its end."""

    async def write() -> None:
        parts = [TopicPartition(settings.names.raw, number) for number in range(PARTITIONS)]
        group = settings.names.group("ingest")
        async with AIOKafkaConsumer(**connection(settings), group_id=group, enable_auto_commit=False) as consumer:
            consumer.assign(parts)
            ends = await consumer.end_offsets(parts)
            at = {part: end if offset is None else offset for part, end in ends.items()}
            await consumer.commit({part: OffsetAndMetadata(end, "") for part, end in at.items()})

    asyncio.run(write())


def test_a_killed_backfill_continues_and_reports_all_of_it(settings: Settings, archive: Path, tmp_path: Path) -> None:
    """A page that is sent again is the same record."""
    report = tmp_path / "report.json"
    for reached in (10, 50):
        process = started(settings, archive, "--rate", "40")
        wait_until(lambda reached=reached: written(settings, settings.names.raw) >= reached, "pages")  # type: ignore[misc]
        process.kill()
        process.communicate()
    process = started(settings, archive, "--report", str(report))
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1, said
    found = {(one.key, one.header("page"), one.timestamp, one.value) for one in read_all(settings, settings.names.raw)}
    assert len(found) == DAYS * PAGES
    assert len({(key, page) for key, page, _, _ in found}) == DAYS * PAGES
    told = json.loads(report.read_text("utf-8"))
    assert (told["pages"], told["issues"], told["files"]) == (DAYS * PAGES, DAYS, DAYS * PAGES + 1)
    assert told["files_in_this_run"] < DAYS * PAGES
    assert [one["file"] for one in told["refused"]] == ["blank_1998-03-01_01.txt"]
    assert [path.rpartition("/")[2] for path in told["left_out"]] == ["photo.jpg"]
    again = started(settings, archive)
    said, _ = again.communicate(timeout=120)
    assert "this run: 0 files" in " ".join(said.split())
    assert len(read_all(settings, settings.names.raw)) >= DAYS * PAGES


def test_a_backfill_waits_while_a_stage_is_behind(settings: Settings, archive: Path) -> None:
    """So the issue of today finds a short queue, never longer than that."""
    commit(settings, 0)
    process = started(settings, archive, "--behind", "10")
    try:
        wait_until(lambda: written(settings, settings.names.raw) == 10, "the first pages")
        wait_until(lambda: _done(process, settings), "the rest")
    finally:
        process.kill()
        process.communicate()
    assert len(read_all(settings, settings.names.raw)) == DAYS * PAGES


def _done(process: subprocess.Popen[str], settings: Settings) -> bool:
    """Let ingest catch up, until the backfill has ended; it must not have been further behind than allowed."""
    if process.poll() is None:
        assert remaining(settings, "ingest", settings.names.raw) <= 10
        commit(settings, None)
    return process.poll() is not None
