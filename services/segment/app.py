"""The segment processor reads issues and emits articles."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from schemas.article import Article, IssueRecord, Withdrawal
from schemas.contract import decode
from schemas.issue import Issue
from services.runtime.delivery.membership import LETTING_GO
from services.runtime.elasticsearch.state import StateStore, ensure_states
from services.runtime.elasticsearch.state_batch import StateBatch, reject_refused
from services.runtime.elasticsearch.store import connect
from services.runtime.elasticsearch.watermark import Watermarks
from services.runtime.errors import Abandoned, Rejected
from services.runtime.messages.headers import event_headers
from services.runtime.messages.records import Batch, Emission, Record, size_together
from services.runtime.stage import Stage
from services.segment.edition import differences
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids, from_state, to_state
from services.segment.edition.messages import messages
from services.segment.segmentation import segment_issue
from services.text.cleaning import clean_page, damage_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.runtime.settings import Settings

NAME = "segment"
SOURCE = f"broadsheet/{NAME}"


def run(settings: Settings) -> int:
    """Run the processor until it is told to stop; return the exit code."""
    names, source = settings.names, settings.source_of(NAME)
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
        refused = await store.write(states)
        reject_refused(batch, ((record, issue.issue_id) for record, issue in issues), refused)
        await watermarks.write(batch.reached())

    def decide(batch: Batch, issues: list[tuple[Record, Issue]], states: StateBatch) -> None:
        for record, issue in batch.in_time(issues):
            if not states.holds(issue.issue_id):
                batch.leave(record)
                return
            between = partial(watch, stage, time.thread_time() + settings.issue_seconds)
            with batch.attempt(record):
                damage = damage_of(line for page in issue.pages for line in clean_page(page.text))
                batch.emissions.extend(segment(record, issue, states, names.articles, between, source))
                stage.delivery.measures.damaged(damage.unread, damage.kinds)

    return stage.run(handle)


def watch(stage: Stage, deadline: float) -> None:
    """Check in the middle of an issue whether to continue with it.

    Args:
        stage: the stage that works on the issue.
        deadline: the limit of this thread's processor time. It is the last resort. Ingest limits an issue by its size,
            which is the same each time.

    Raises:
        Rejected: the issue takes too long.
        Abandoned: the worker stops, or a rebalance wants its partitions.
    """
    condition = stage.delivery.condition
    if not (condition.running and condition.settled):
        raise Abandoned(LETTING_GO)
    if time.thread_time() > deadline:
        most = stage.settings.issue_seconds
        raise Rejected(
            f"to segment the issue takes more than {most:g} s of processor time; publish its pages as several issues, "
            "or raise BROADSHEET_ISSUE_SECONDS and replay it"
        )


def segment(  # noqa: PLR0913, PLR0917  # a version, what it builds on, and where and as whose the result goes
    record: Record,
    issue: Issue,
    states: StateBatch,
    topic: str,
    between: Callable[[], None] = lambda: None,
    source: str = SOURCE,
) -> list[Emission]:
    """Return what this version of an issue changes, and save its ids and what was sent in `states`.

    The ids belong to the articles as segmented; corrections are applied after that. A version older than the known
    version gives no messages: the newer version's messages exist already, or come later. If an error occurs, nothing is
    saved, so that the state never claims what was not sent.

    Args:
        record: the record that the issue was read from.
        issue: the version.
        states: the states of the batch.
        topic: where the messages go.
        between: called between portions of the work; an exception from it ends the work.
        source: the stage of this installation.

    Raises:
        Rejected: a message is larger than Kafka accepts.
    """
    state = states.load(issue.issue_id, record)
    if state is not None and state["version"] > issue.version:
        return []
    known = from_state(state["articles"]) if state is not None else ()
    generation = state.get("generation", 0) if state is not None else 0
    pages = {page.page: page.text for page in issue.pages}
    geometries = {page.page: page.geometry for page in issue.pages if page.geometry is not None}
    segmented = segment_issue(pages, between, geometries)
    now = assign_ids(issue.issue_id, segmented.articles, known, issue.version)
    every = messages(issue, correct(segmented, now, issue.corrections, pages), generation)
    due, sent = differences.due(every, differences.history_from(state))
    emissions = [emission(record, message, topic, source) for message in due]
    size_together(emissions)
    after = {
        "version": issue.version,
        "generation": generation,
        "articles": to_state(now),
        "sent": differences.to_state(sent),
        "floor": state.get("floor", -1) if state is not None else -1,
    }
    if after != state:
        states.save(issue.issue_id, after)
    return emissions


def emission(record: Record, message: Article | Withdrawal | IssueRecord, topic: str, source: str) -> Emission:
    """Return a message that `source` made from `record`, as it goes to `topic`."""
    key = message_key(message)
    headers = event_headers(record, source=source, message=message, event_id=event_id(key, message))
    return Emission(topic, key.encode(), message.encode(), headers, record.timestamp)


def event_id(key: str, message: Article | Withdrawal | IssueRecord) -> str:
    """Return the event id of a message: the same id when the message is made again, another id after a rewind."""
    generation = f"/{message.generation}" if message.generation else ""
    return f"{key}/{message.version}{generation}"


def message_key(message: Article | Withdrawal | IssueRecord) -> str:
    """Return the record key: the article's id, or the issue's id for the issue's record."""
    return message.issue_id if isinstance(message, IssueRecord) else message.article_id
