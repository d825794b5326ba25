"""The ingest processor: issues.raw in, issues out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.ingest.known_pages import from_state
from services.ingest.reading import Arrival, read_arrival
from services.runtime.headers import event_headers
from services.runtime.records import Batch, Emission, Record
from services.runtime.stage import Stage
from services.runtime.state import StateBatch, StateStore, ensure_states
from services.runtime.store import connect

if TYPE_CHECKING:
    from services.runtime.settings import Settings

NAME = "ingest"


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names = settings.names
    stage = Stage(NAME, settings, [names.raw])
    client = connect(settings)
    store = StateStore(client, names.state_index, NAME, stage.delivery.pause)
    stage.on_start(lambda: ensure_states(settings, client, stage.delivery.pause, (NAME,)))
    stage.on_stop(client.close)

    async def handle(batch: Batch) -> None:
        arrivals: list[tuple[Record, Arrival]] = []
        for record in batch.records:
            await stage.delivery.breathe()
            with batch.attempt(record):
                arrivals.append((record, read_arrival(record)))
        states = await store.read(arrival.issue_id for _, arrival in arrivals)
        for record, arrival in arrivals:
            await stage.delivery.breathe()
            with batch.attempt(record):
                batch.emissions.append(take_in(record, arrival, states, names.issues))
        await store.write(states)

    return stage.run(handle)


def take_in(record: Record, arrival: Arrival, states: StateBatch, topic: str) -> Emission:
    """Return the issue as known after `arrival`, which is put into `states`.

    An arrival that changes nothing gives the issue as it stands, once more: its first output may have been lost.
    """
    key = arrival.issue_id
    known = from_state(states.load(key, record), arrival)
    grown = known.take_in(arrival)
    if grown is not known:
        states.save(key, grown.to_state())
    issue = grown.issue()
    headers = event_headers(record, source=NAME, kind="issue", event_id=f"{key}/{issue.version}")
    return Emission(topic, key.encode(), issue.encode(), headers, record.timestamp)
