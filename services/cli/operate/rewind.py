"""`broadsheet rewind`: process everything again from the sources, for example after the index of states is lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, KafkaError

from services.cli.operate.standing import StandingArticles, read_standing
from services.cli.shared.console import err, out
from services.runtime.elasticsearch.bulk import MAX_BYTES
from services.runtime.elasticsearch.state import STATEFUL_STAGES, StateStore, create_states
from services.runtime.elasticsearch.state_batch import StateBatch
from services.runtime.elasticsearch.store import connect, is_passing
from services.runtime.elasticsearch.store import unreachable as elasticsearch_unreachable
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.admin import partitions_of
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import TopicPartition
    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings

BYTES_A_CHARACTER = 3
WITHOUT_MEMBERS = frozenset({"Empty", "Dead"})


def rewind(settings: Settings) -> None:
    """Rewind, and print how many records will be read again.

    Raises:
        BroadsheetError: an ingest or segment processor is still in its group, or a server does not answer.
    """
    with err.status("reading which articles stand …"):
        records, issues = asyncio.run(start_over(settings))
    out.print(f"The states are empty; segment knows the ids that stand of {issues:,} issues.")
    out.print(f"Ingest begins again with the first of {records:,} offsets of issues.raw and corrections.")
    out.print(
        "Articles keep their ids, and what is not made again is withdrawn; `broadsheet status` shows how far it is."
    )


async def start_over(settings: Settings) -> tuple[int, int]:
    """Empty the states, rewind ingest, and let segment skip what it has not read, which ingest will send again.

    Segment's new states hold the ids of the articles on the topics. They are first written to an index with another
    name. The index of states is created last, in a single step, and ingest and segment do not run without it. So
    this can be killed at any moment and run again.

    Returns:
        The number of offsets of issues.raw and corrections that will be read again, and the number of issues that
            have articles.
    """
    names = settings.names
    index = names.state_index
    filled = f"{index}-rewind"
    client = connect(settings)
    admin = AIOKafkaAdminClient(**connection(settings))
    reader = AIOKafkaConsumer(**connection(settings))
    try:
        await admin.start()
        await reader.start()
        for stage in STATEFUL_STAGES:
            await _check_stopped(admin, names.group(stage), stage)
        parts = await partitions_of(admin, (names.raw, names.corrections, names.issues))
        sources = [*parts[names.raw], *parts[names.corrections]]
        begins: dict[TopicPartition, int] = await reader.beginning_offsets(sources)
        ends: dict[TopicPartition, int] = await reader.end_offsets(sources)
        await client.indices.delete(index=filled, ignore_unavailable=True)
        await create_states(client, filled)
        with StandingArticles() as standing:
            await read_standing(settings, standing)
            issues = await _fill(client, filled, standing)
        await client.indices.add_block(index=filled, block="write")
        await client.indices.delete(index=index, ignore_unavailable=True)
        await _commit(settings, "ingest", begins)
        await _commit(settings, "segment", await reader.end_offsets(parts[names.issues]))
        await client.indices.clone(
            index=filled, target=index, settings={"index.blocks.write": None}, wait_for_active_shards="1"
        )
        await client.indices.delete(index=filled)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    except Exception as error:
        if is_passing(error):
            raise elasticsearch_unreachable(settings, error) from error
        raise
    finally:
        await reader.stop()
        await admin.close()
        await client.close()
    return sum(ends.values()) - sum(begins.values()), issues


async def _fill(client: AsyncElasticsearch, index: str, standing: StandingArticles) -> int:
    """Write the states that segment begins with; return how many."""
    store = StateStore(client, index, "segment", asyncio.sleep)
    states, size, count = StateBatch(), 0, 0
    for issue, state in standing.states():
        states.begin(issue, state)
        size += sum(len(one["text"]) for one in state["articles"])
        count += 1
        if size > MAX_BYTES // BYTES_A_CHARACTER:
            _refuse_none(await store.write(states))
            states, size = StateBatch(), 0
    _refuse_none(await store.write(states))
    return count


def _refuse_none(refused: dict[str, str]) -> None:
    for issue, reason in refused.items():
        raise BroadsheetError(f"Elasticsearch refused what stands of {issue}: {reason}")


async def _check_stopped(admin: AIOKafkaAdminClient, group: str, stage: str) -> None:
    for answer in await admin.describe_consumer_groups([group]):
        for _, _, state, *_ in answer.groups:
            if state not in WITHOUT_MEMBERS:
                raise _runs(stage)


async def _commit(settings: Settings, stage: str, offsets: Mapping[TopicPartition, int]) -> None:
    consumer = AIOKafkaConsumer(**connection(settings), group_id=settings.names.group(stage), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(offsets))
        await consumer.commit(dict(offsets))
    except CommitFailedError as error:
        raise _runs(stage) from error
    finally:
        await consumer.stop()


def _runs(stage: str) -> BroadsheetError:
    return BroadsheetError(
        f"A processor of {stage} is in its group.\nStop ingest and segment, wait a session's length, and try again."
    )
