"""`broadsheet status`: the progress and losses of each stage, its workers' reports, and the indices' contents."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from rich.table import Table

from services.cli.correct.quarantine import read_held
from services.cli.shared.console import EXIT_FAILED, err, out, print_json
from services.cli.shared.stages import StageStatus, duration, stage_status
from services.index.admin import counts, page_count
from services.runtime.delivery.inputs import InputLost
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import Unavailable
from services.runtime.health.operations import INTERVAL_SECONDS, read_reports
from services.runtime.kafka.connection import unreachable
from services.runtime.kafka.topics import Difference, TopicsDiffer, topic_differences
from services.runtime.messages.resolved import Selection

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from services.runtime.settings import Settings

Answer = TypeVar("Answer")

ANSWER_SECONDS: Final = 15.0
"""How long a server may take to answer; a server that hangs never answers."""

SILENT_MS: Final = 3 * INTERVAL_SECONDS * 1000
"""A worker that has written nothing for this long is gone, or cannot reach Elasticsearch."""


@dataclass(slots=True)
class Status:
    """Everything that `status` shows; `errors` says in plain lines why something is missing."""

    stages: list[StageStatus] = field(default_factory=list)
    topics: list[Difference] = field(default_factory=list)
    quarantined: int | None = None
    workers: list[dict[str, Any]] = field(default_factory=list)
    documents: dict[str, int] = field(default_factory=dict)
    pages: int = 0
    errors: list[str] = field(default_factory=list)


def show_status(settings: Settings, *, as_json: bool) -> int:
    """Print the status and return the exit code: 1 if something is lost, wrong, or does not answer."""
    found = asyncio.run(whole_status(settings))
    if as_json:
        print_json(asdict(found))
    else:
        _print(found, int(time.time() * 1000))
    return EXIT_FAILED if found.errors else 0


def _print(found: Status, now_ms: int) -> None:
    if found.stages:
        table = Table(box=None, header_style="bold")
        for title in ("stage", "reads", "behind", "per second", "left"):
            table.add_column(title, justify="left" if title in ("stage", "reads") else "right")
        for one in found.stages:
            behind = "never ran" if one.lag is None else f"{one.lag:,}"
            rate = "" if one.rate is None else f"{one.rate:,.1f}"
            left = "does not move" if one.rate == 0 else duration(one.seconds_left)
            table.add_row(one.stage, one.topic, behind, rate, left, style="yellow" if one.lag != 0 else "")
        out.print(table)
    for worker in found.workers:
        silent = now_ms - worker["time"] > SILENT_MS
        if silent or not worker["ready"]:
            seconds = (now_ms - worker["time"]) / 1000
            state = f"{worker['state']} ({seconds:,.0f} s ago)"
            out.print(f"{worker['stage']} worker {worker['worker']}: {state}", style="yellow", markup=False)
    if found.quarantined is not None:
        out.print(f"\nquarantine  {found.quarantined:,} message{'' if found.quarantined == 1 else 's'}")
    for kind, count in found.documents.items():
        of_pages = f", {found.pages:,} page{'' if found.pages == 1 else 's'}" if kind == "issues" else ""
        out.print(f"{kind:<11} {count:,} document{'' if count == 1 else 's'}{of_pages}")
    for error in found.errors:
        err.print(error, style="red", markup=False, soft_wrap=True)


async def whole_status(settings: Settings) -> Status:
    """Ask both servers; name and leave out what a server does not answer."""
    found = Status()
    try:
        found.stages = await _in_time(stage_status(settings), settings)
        found.topics = await _in_time(topic_differences(settings), settings)
        found.quarantined = len(await read_held(settings, Selection()))
    except Unavailable as error:
        found.errors.append(str(error))
    found.errors += [str(InputLost(one.stage, one.lost)) for one in found.stages if one.lost]
    if found.topics:
        found.errors.append(str(TopicsDiffer(found.topics)))
    try:
        found.documents, found.pages, found.workers = await documents_and_workers(settings)
    except Unavailable as error:
        found.errors.append(str(error))
    return found


async def _in_time(asked: Awaitable[Answer], settings: Settings) -> Answer:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await asked
    except TimeoutError as error:
        raise await unreachable(settings, error) from error


async def documents_and_workers(settings: Settings) -> tuple[dict[str, int], int, list[dict[str, Any]]]:
    """Return the documents that each read alias shows, the pages of all issues, and each worker's last report.

    The quarantine is counted on its topic.

    Raises:
        Unavailable: Elasticsearch does not answer.
    """
    async with connected(settings) as client:
        impatient = client.options(request_timeout=ANSWER_SECONDS, max_retries=0)
        found = await counts(impatient, settings.prefix)
        pages = await page_count(impatient, settings.prefix)
        workers = await read_reports(impatient, settings.names.operations)
    return {str(kind): count for kind, count in found.items() if kind != "quarantine"}, pages, workers
