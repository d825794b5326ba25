"""`broadsheet tail`: follow a topic."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.cli.shared.console import out
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.admin import partitions_of
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from services.runtime.settings import Settings

SHOWN_CHARACTERS = 100


def tail_topic(settings: Settings, topic: str, *, from_start: bool, limit: int | None) -> None:
    """Print the records of `topic` as they arrive.

    Raises:
        BroadsheetError: the topic does not exist.
        Unavailable: Kafka does not answer.
    """
    name = topic if topic.startswith(settings.prefix) else settings.prefix + topic
    asyncio.run(_follow(settings, name, from_start=from_start, limit=limit))


async def _follow(settings: Settings, topic: str, *, from_start: bool, limit: int | None) -> None:
    consumer = AIOKafkaConsumer(
        **connection(settings),
        enable_auto_commit=False,
        isolation_level="read_committed",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        await consumer.start()
        parts = (await partitions_of(admin, [topic]))[topic]
        if not parts:
            known = ", ".join(spec.name for spec in settings.names.topics(1))
            raise BroadsheetError(f"There is no topic {topic}. The topics are: {known}.")
        consumer.assign(parts)
        await (consumer.seek_to_beginning(*parts) if from_start else consumer.seek_to_end(*parts))
        seen = 0
        async for record in consumer:
            _show(record)
            seen += 1
            if limit is not None and seen >= limit:
                return
    except BrokenPipeError:
        raise  # the reader has gone (… | head); Kafka is fine
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await consumer.stop()
        await admin.close()


def _show(record: Any) -> None:
    key = (record.key or b"").decode("utf-8", "replace")
    value = (record.value or b"").decode("utf-8", "replace")
    headers = {name: text.decode("utf-8", "replace") for name, text in record.headers}
    if sys.stdout.isatty():
        out.print(f"[dim]{record.partition}:{record.offset}[/dim] [cyan]{key}[/cyan] {headers.get('ce_type', '')}")
        out.print("  " + value[:SHOWN_CHARACTERS].replace("\n", "⏎"), markup=False)
        for name, text in headers.items():
            if name == "quarantine-error":
                out.print(f"  {text}", style="red", markup=False)
        return
    line = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": key,
        "headers": headers,
        "value": value,
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
