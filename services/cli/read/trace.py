"""`broadsheet trace`: where is my story? Show the stage of each page and article of an issue, and since when."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.table import Table

from services.arrivals.numbering import advice
from services.arrivals.reading import read_arrival
from services.cli.correct.quarantine import read_held
from services.cli.read.sightings import GONE, UNSEEN, Sightings
from services.cli.shared.console import out, print_json
from services.cli.shared.days import whole_day
from services.cli.shared.ids import whole_id
from services.index.names import REBUILT, Names
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import BroadsheetError, Rejected
from services.runtime.kafka.scan import Scan
from services.runtime.kafka.sending import partition_of
from services.runtime.messages.resolved import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.correction import Correction
    from services.cli.read.sightings import Sighting
    from services.runtime.messages.records import Record
    from services.runtime.messages.resolved import QuarantinedMessage
    from services.runtime.settings import Settings

RECEIPT = re.compile(r"(?P<topic>[a-z0-9._-]+)/(?P<partition>\d{1,9})/(?P<offset>\d{1,18})")
"""A place on a topic, as the desk's receipts give it: topic/partition/offset."""

ID_PARTS = 3
"""The parts of an id: paper, date, and for an article its own part."""

LEAST_WIDTH = 10
"""Width of a column: it fits a date or `searchable` without a line break."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class TraceView:
    """The printed rows: a row for each page, article, correction and message in quarantine.

    Attributes:
        waiting: ingest has made a version of the issue that segment has not processed yet.
        partitions: the partitions of the raw topic that hold the issue's records.
        ignored: pages that were published last and changed nothing, and what to do about them.
    """

    pages: list[Row]
    articles: list[Row]
    corrections: list[Row]
    quarantine: list[Row]
    waiting: bool
    partitions: list[int]
    ignored: list[str]


def trace(settings: Settings, subject: str, *, as_json: bool) -> None:
    """Print where the pages and articles of an issue, or one article, are.

    Raises:
        BroadsheetError: `subject` is not the id of an issue or article, or is unknown.
    """
    issue_id, shown = asyncio.run(traced(settings, subject))
    if as_json:
        print_json(asdict(shown))
    else:
        _print(shown, issue_id)


async def traced(settings: Settings, subject: str) -> tuple[str, TraceView]:
    """Return the issue that a subject belongs to, and where its pages and articles are.

    Raises:
        BroadsheetError: `subject` is not the id of an issue or article or a receipt, or is unknown.
    """
    if RECEIPT.fullmatch(subject):
        subject = await issue_at(settings, subject)
    else:
        subject = await whole_id(settings, subject)
    parts = subject.split("/")
    parts[1:2] = [whole_day(day) or day for day in parts[1:2]]
    subject = "/".join(parts)
    if len(parts) not in (ID_PARTS - 1, ID_PARTS) or not all(parts):
        raise BroadsheetError(f"{subject!r} is neither an issue (茂名日报/2023-08-15) nor an article (…/0123456789ab).")
    issue_id = "/".join(parts[: ID_PARTS - 1])
    found, held = await find(settings, issue_id)
    if not (found.pages or found.articles or found.corrections or held):
        raise BroadsheetError(
            f"Nothing is known about {issue_id}: it was never published, or has another name or date.\n"
            "`broadsheet tail issues.raw --from-start` shows what was."
        )
    whole = subject == issue_id
    if not whole:
        if subject not in found.articles:
            raise BroadsheetError(
                f"There is no article {subject}, but its issue is known.\n"
                f"`broadsheet trace {issue_id}` shows its articles."
            )
        held = [one for one in held if one.record.key in (subject.encode(), issue_id.encode())]
    return issue_id, TraceView(
        pages=_page_rows(found) if whole else [],
        articles=[_article_row(found, one) for one in (found.articles if whole else [subject])],
        corrections=[_correction_row(found, one) for one in found.by_time if whole or one.article_id == subject],
        quarantine=[_held_row(one) for one in held],
        waiting=found.known.version > found.version,
        partitions=sorted(found.partitions),
        ignored=[f"{_time(one.published)}: {advice(one)}" for one in found.ignored] if whole else [],
    )


async def find(settings: Settings, issue_id: str) -> tuple[Sightings, list[QuarantinedMessage]]:
    """Return what the topics and the index say about an issue, and its messages in quarantine."""
    names = settings.names
    found = Sightings(names, issue_id)
    key = issue_id.encode()
    async with Scan(settings, [names.raw, names.corrections, names.issues, names.articles, names.tagged]) as scan:
        # Our own messages of an issue are in one partition. Messages from other clients may be in any partition,
        # because clients choose partitions differently. Articles are distributed by their own ids.
        size = sum(part.topic == names.issues for part in scan.parts)
        ours = partition_of(key, size) if size else 0
        scan.only(part for part in scan.parts if part.topic != names.issues or part.partition == ours)
        async for records in scan.records():
            for record in records:
                if belongs(record, issue_id, names.raw):
                    found.note(record)
    found.indexed = await _indexed(settings, found.articles)
    held = await read_held(settings, Selection())
    return found, [one for one in held if f"{_text(one.record.key)}/".startswith(f"{issue_id}/")]


async def issue_at(settings: Settings, receipt: str) -> str:
    """Return the issue of the record at a receipt's place.

    Raises:
        BroadsheetError: there is no such record, or it is not an issue.
    """
    found = RECEIPT.fullmatch(receipt)
    assert found is not None
    async with Scan(settings, [found["topic"]]) as scan:
        for part in scan.parts:
            if part.topic == settings.names.raw and part.partition == int(found["partition"]):
                offset = int(found["offset"])
                first, end = await scan.bounds(part)
                if not first <= offset < end:
                    break
                async for record in scan.stretch(part, offset, offset + 1):
                    return read_arrival(record).issue_id
    raise BroadsheetError(f"There is no record {receipt}: a receipt is topic/partition/offset, as the desk gave it.")


def belongs(record: Record, issue_id: str, raw: str) -> bool:
    """Tell whether a record belongs to an issue, by its key, or by its contents if a client sent no key."""
    if record.key is not None:
        return f"{_text(record.key)}/".startswith(f"{issue_id}/")
    if record.topic != raw:
        return False
    try:
        return read_arrival(record).issue_id == issue_id
    except Rejected:
        return False


async def _indexed(settings: Settings, ids: Iterable[str]) -> dict[str, tuple[bool, int]]:
    """Return, for each document in the indices, id -> whether it is withdrawn, and its version."""
    found: dict[str, tuple[bool, int]] = {}
    wanted = list(ids)
    async with connected(settings) as client:
        for kind in REBUILT:
            answer: dict[str, Any] = {"docs": []}
            if wanted:
                index = Names(settings.prefix, kind).write
                answer = dict(await client.mget(index=index, ids=wanted, source_includes=["version", "withdrawn"]))
            for document in answer["docs"]:
                if document.get("found"):
                    source = document["_source"]
                    found[document["_id"]] = source.get("withdrawn", False), source["version"]
    return found


def _page_rows(found: Sightings) -> list[Row]:
    rows = []
    for number, seen in sorted(found.pages.items()):
        ingested = found.ingested(number)
        state = "withdrawn" if ingested is GONE else "not yet" if ingested is UNSEEN else _time(ingested.time)
        rows.append(
            {"page": str(number), "revision": str(seen.version), "published": _time(seen.time), "ingested": state}
        )
    return rows


def _article_row(found: Sightings, article_id: str) -> Row:
    segmented, tagged = found.segmented.get(article_id), found.tagged.get(article_id)
    return {
        "article": article_id,
        "headline": "(the issue's record)" if article_id == found.issue_id else found.headlines[article_id],
        "segmented": _seen(segmented, found.newest(article_id), "no longer on the topic" if tagged else "not yet"),
        "tagged": _seen(tagged, found.newest(article_id), "not yet"),
        "indexed": _index_state(found, article_id),
    }


def _correction_row(found: Sightings, one: Correction) -> Row:
    return {
        "correction": one.correction_id,
        "article": one.article_id,
        "what": one.change.change,
        "by": one.by,
        "at": _time(round(one.at.timestamp() * 1000)),
        "ingested": "yes" if one.correction_id in found.corrected else "not yet",
    }


def _held_row(one: QuarantinedMessage) -> Row:
    facts = one.facts
    return {
        "message": one.reference,
        "stage": facts.stage,
        "since": _time(one.record.timestamp),
        "tries": str(facts.attempt),
        "error": facts.error,
    }


def _print(shown: TraceView, issue_id: str) -> None:
    for title, rows in (
        (f"pages of {issue_id}", shown.pages),
        ("articles", shown.articles),
        ("corrections", shown.corrections),
    ):
        if not rows:
            continue
        table = Table(box=None, header_style="bold", title=title, title_justify="left")
        for heading in rows[0]:
            table.add_column(heading, overflow="fold", min_width=LEAST_WIDTH)
        for row in rows:
            table.add_row(
                *(row | {"article": row["article"].removeprefix(f"{issue_id}/")} if "article" in row else row).values()
            )
        out.print(table)
    if len(shown.partitions) > 1:
        listed = " and ".join(map(str, shown.partitions))
        out.print(
            f"its records lie in partitions {listed} of the raw topic: clients choose differently, so that their order "
            "is not kept. Set partitioner=murmur2_random in clients of librdkafka.",
            style="yellow",
            soft_wrap=True,
        )
    if shown.waiting:
        out.print("segment has not handled the newest version from ingest yet", style="yellow")
    for text in shown.ignored:
        out.print(text, style="yellow", markup=False, soft_wrap=True)
    for row in shown.quarantine:
        text = f"quarantine {row['message']}: {row['stage']}, {row['since']}, try {row['tries']}: {row['error']}"
        out.print(text, style="red", markup=False, soft_wrap=True)


def _seen(seen: Sighting | None, newest: int, otherwise: str) -> str:
    if seen is None:
        return otherwise
    behind = "" if seen.version == newest else " (older version)"
    return f"{'withdrawn ' if seen.withdrawn else ''}{_time(seen.time)}{behind}"


def _index_state(found: Sightings, article_id: str) -> str:
    if article_id not in found.indexed:
        return "not yet"
    withdrawn, version = found.indexed[article_id]
    return ("withdrawn" if withdrawn else "searchable") + (
        "" if version == found.newest(article_id) else " (older version)"
    )


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace")


def _time(milliseconds: int) -> str:
    if not milliseconds:
        return "unknown"
    return dt.datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
