"""`broadsheet publish`: check pages as ingest does, and send the valid pages."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from schemas.page import page_value
from services.arrivals.reading import Arrival, read_arrival
from services.cli.publish.inputs import (
    MOST_NAMED,
    IssueOptions,
    Source,
    from_bytes,
    in_options,
    left_out,
    read_sources,
    unknown_fields,
)
from services.cli.publish.revisions import next_revisions, numbered
from services.cli.shared.console import EXIT_FAILED, err, out, print_json
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of each source: accepted by Kafka (with its arrival), or refused (with the reason)."""

    accepted: tuple[tuple[Source, Arrival], ...]
    refused: tuple[tuple[Source, str], ...]


def publish_paths(
    settings: Settings, paths: Sequence[Path], given: IssueOptions, *, wait: bool = False, as_json: bool = False
) -> int:
    """Publish the pages in `paths`, print what was accepted and refused, and return the exit code.

    Args:
        settings: where the servers are.
        paths: files or folders; none or `-` means standard input.
        given: what the command line says about the pages.
        wait: also wait until the pages are searchable.
        as_json: print JSON instead of a table.
    """
    now = int(time.time() * 1000)
    if not paths or [str(path) for path in paths] == ["-"]:
        sources = [from_bytes(sys.stdin.buffer.read(), None, given, settings.names.raw, now)]
    else:
        sources = read_sources(paths, given, settings.names.raw, now)
    report = asyncio.run(publish(settings, sources))
    if as_json:
        print_json(as_content(report, left_out(paths)))
    else:
        show(report, left_out(paths))
    if wait and report.accepted:
        from services.cli.publish.searchable import wait_until_searchable

        asyncio.run(wait_until_searchable(settings, [arrival for _, arrival in report.accepted]))
    return EXIT_FAILED if report.refused else 0


async def publish(settings: Settings, sources: Sequence[Source]) -> Report:
    """Send the valid sources, and wait until Kafka has stored them.

    Raises:
        Unavailable: Kafka does not answer.
    """
    from services.cli.publish.sending import raw_sending

    sound, refused = checked(sources)
    if not sound:
        return Report((), refused)
    async with raw_sending(settings) as sending:
        sound = numbered(sound, await next_revisions(settings, sound))
        with _progress() as progress:
            task = progress.add_task("publishing", total=len(sound))
            await sending.send(sound, lambda count: progress.advance(task, count))
    return Report(tuple(sound), refused)


def checked(sources: Iterable[Source]) -> tuple[list[tuple[Source, Arrival]], tuple[tuple[Source, str], ...]]:
    """Return the sources that can be published, with their arrivals, and the refused sources with the reasons."""
    found = [check(source) for source in sources]
    sound = [(source, arrival) for source, arrival in found if isinstance(arrival, Arrival)]
    return sound, tuple((source, reason) for source, reason in found if isinstance(reason, str))


def check(source: Source) -> tuple[Source, Arrival | str]:
    """Return the source with its arrival, or with the reason why it cannot be published."""
    if source.refused:
        return source, source.refused
    try:
        return source, read_arrival(replace(source.record, key=None))
    except Rejected as error:
        return source, unknown_fields(source) or in_options(str(error))


def as_content(report: Report, others: Mapping[Path, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the outcome for programs: the accepted pages, the refused sources, and the files left out."""
    return {
        "accepted": [
            {
                "source": str(source.origin),
                "issue_id": arrival.issue_id,
                "revision": arrival.revision,
                "pages": [page_value(page.page) for page in arrival.pages],
                "characters": sum(len(page.text) for page in arrival.pages),
            }
            for source, arrival in report.accepted
        ],
        "refused": [{"source": str(source.origin), "reason": reason} for source, reason in report.refused],
        "left_out": [{"source": str(path), "reason": reason} for path, reason in others.items()],
    }


def show(report: Report, others: Mapping[Path, str] = MappingProxyType({})) -> None:
    """Print the accepted pages issue by issue, the refused pages, and the left-out files with the reason."""
    if report.accepted:
        table = Table(box=None, header_style="bold")
        for title in ("issue", "pages", "revision", "characters"):
            table.add_column(title, justify="right" if title == "characters" else "left")
        for _, arrival in report.accepted:
            pages = ", ".join(str(page.page) for page in arrival.pages) or "withdrawn"
            size = sum(len(page.text) for page in arrival.pages)
            table.add_row(arrival.issue_id, pages, str(arrival.revision), f"{size:,}")
        out.print(table)
    for source, reason in report.refused:
        err.print(f"{source.origin}: {reason}", style="red", markup=False, soft_wrap=True)
    for path, reason in list(others.items())[:MOST_NAMED]:
        err.print(f"{path}: left out: {reason}", style="yellow", markup=False, soft_wrap=True)
    if len(others) > MOST_NAMED:
        err.print(f"and {len(others) - MOST_NAMED} more left out", style="yellow")
    counted = f", left out {len(others)}" if others else ""
    out.print(f"accepted {len(report.accepted)}, refused {len(report.refused)}{counted}")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
