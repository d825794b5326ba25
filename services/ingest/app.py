"""The ingest processor: issues.raw and corrections in, issues out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from schemas.correction import Correction
from services.arrivals.numbering import advice
from services.arrivals.reading import Arrival, read_arrival
from services.ingest.correcting import read_correction
from services.ingest.known_pages import PAGES, from_state
from services.runtime.elasticsearch.state import StateStore, ensure_states
from services.runtime.elasticsearch.state_batch import StateBatch, reject_refused
from services.runtime.elasticsearch.store import connect
from services.runtime.elasticsearch.watermark import Watermarks
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Batch, Emission, Record
from services.runtime.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemas.issue import IgnoredPage
    from services.ingest.known_pages import KnownIssue
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

NAME = "ingest"
SOURCE = f"broadsheet/{NAME}"


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop, and return the exit code."""
    names, source = settings.names, settings.source_of(NAME)
    client = connect(settings)
    stage = Stage(NAME, settings, [names.raw, names.corrections], elasticsearch=client)
    store = StateStore(client, names.state_index, NAME, stage.delivery.pause, PAGES)
    watermarks = Watermarks(settings, client, NAME, stage.delivery.pause)
    stage.delivery.on_takeover(watermarks.check)
    stage.on_start(lambda: ensure_states(settings, client, stage.delivery.pause, (NAME,)))
    stage.on_stop(client.close)

    async def handle(batch: Batch) -> None:
        read: list[tuple[Record, Arrival | Correction]] = []
        readers: dict[str, Callable[[Record], Arrival | Correction]] = {
            names.raw: read_arrival,
            names.corrections: read_correction,
        }
        for record in batch.records:
            await stage.delivery.breathe()
            with batch.attempt(record):
                read.append((record, readers[record.topic](record)))
        states = await store.read(one.issue_id for _, one in read)

        def tell(ignored: IgnoredPage, issue_id: str) -> None:
            batch.ignored += 1
            log.warning("a page changed nothing", reason=advice(ignored), issue=issue_id)

        for record, one in batch.in_time(read):
            if not states.holds(one.issue_id):
                batch.leave(record)
                break
            await stage.delivery.breathe()
            with batch.attempt(record):
                batch.emissions.extend(take_in(record, one, states, names.issues, tell, source))
        refused = await store.write(states)
        reject_refused(batch, ((record, one.issue_id) for record, one in read), refused)
        await watermarks.write(batch.reached())

    return stage.run(handle)


def take_in(  # noqa: PLR0913, PLR0917  # an arrival, what it adds to, and where and as whose the result goes
    record: Record,
    one: Arrival | Correction,
    states: StateBatch,
    topic: str,
    tell: Callable[[IgnoredPage, str], None] = lambda *_: None,
    source: str = SOURCE,
) -> Iterator[Emission]:
    """Add an arrival or a correction to `states`, and yield the issue as it is known afterwards.

    An arrival or a correction that changes nothing yields the unchanged issue again, because its first output may have
    been lost. A correction that comes before any page yields nothing; it waits for the pages. The function calls `tell`
    with each page that it ignored and the issue's id.
    """
    known = _corrected(one, states) if isinstance(one, Correction) else _grown(record, one, states, tell)
    if known.is_published:
        issue = known.issue()
        event_id = f"{issue.issue_id}/{issue.version}"
        headers = event_headers(record, source=source, message=issue, event_id=event_id)
        yield Emission(topic, issue.issue_id.encode(), issue.encode(), headers, record.timestamp)


def _grown(
    record: Record, arrival: Arrival, states: StateBatch, tell: Callable[[IgnoredPage, str], None]
) -> KnownIssue:
    known = from_state(states.load(arrival.issue_id, record), arrival)
    grown = known.take_in(arrival)
    if grown is not known:
        states.save(arrival.issue_id, grown.to_state())
    for one in grown.ignored:
        if one not in known.ignored:
            tell(one, arrival.issue_id)
    return grown


def _corrected(correction: Correction, states: StateBatch) -> KnownIssue:
    def corrected(state: dict[str, Any] | None) -> dict[str, Any]:
        return from_state(state, correction).correct(correction).to_state()

    return from_state(states.amend(correction.issue_id, corrected), correction)
