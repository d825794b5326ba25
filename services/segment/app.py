"""The segment processor: issues in, articles out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from schemas.article import Article, IssueRecord, Withdrawal
from schemas.contract import decode
from schemas.issue import Issue
from services.runtime.elasticsearch.state import StateBatch, StateStore, ensure_states
from services.runtime.elasticsearch.store import connect
from services.runtime.elasticsearch.watermark import Watermarks
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Batch, Emission, Record
from services.runtime.stage import Stage
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids, from_state, to_state
from services.segment.edition.messages import messages
from services.segment.segmentation import segment_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.runtime.settings import Settings

NAME = "segment"


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names = settings.names
    client = connect(settings)
    stage = Stage(NAME, settings, [names.issues], elasticsearch=client)
    store = StateStore(client, names.state_index, NAME, stage.delivery.pause)
    watermarks = Watermarks(settings, client, NAME, stage.delivery.pause)
    stage.delivery.on_takeover(watermarks.check)
    stage.on_start(lambda: ensure_states(settings, client, stage.delivery.pause, (NAME,)))
    stage.on_stop(client.close)

    async def handle(batch: Batch) -> None:
        issues: list[tuple[Record, Issue]] = []
        for record in batch.records:
            with batch.attempt(record):
                issues.append((record, decode(Issue, record.value)))
        states = await store.read(issue.issue_id for _, issue in issues)
        await asyncio.to_thread(decide, batch, issues, states)
        await store.write(states)
        await watermarks.write(batch.reached())

    def decide(batch: Batch, issues: list[tuple[Record, Issue]], states: StateBatch) -> None:
        for record, issue in batch.in_time(issues):
            with batch.attempt(record):
                batch.emissions.extend(segment(record, issue, states, names.articles))

    return stage.run(handle)


def segment(record: Record, issue: Issue, states: StateBatch, topic: str) -> Iterator[Emission]:
    """Yield the messages of this version of an issue, whose ids are put into `states`.

    The ids are those of the articles as segmented; corrections are applied on top of them.
    A version older than the one known gives nothing: the newer one's messages stand already, or come after it.
    """
    state = states.load(issue.issue_id, record)
    if state is not None and state["version"] > issue.version:
        return
    known = from_state(state["articles"]) if state is not None else ()
    pages = {page.page: page.text for page in issue.pages}
    segmented = segment_issue(pages)
    now = assign_ids(issue.issue_id, segmented.articles, known)
    if state is None or now != known or state["version"] != issue.version:
        states.save(issue.issue_id, {"version": issue.version, "articles": to_state(now)})
    for message in messages(issue, correct(segmented, now, issue.corrections, pages)):
        key = message_key(message)
        headers = event_headers(record, source=NAME, kind=message.type, event_id=f"{key}/{message.version}")
        yield Emission(topic, key.encode(), message.encode(), headers, record.timestamp)


def message_key(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the record key: the article's id, and the issue's for its record."""
    return message.issue_id if isinstance(message, IssueRecord) else message.article_id
