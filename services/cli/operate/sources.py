"""`broadsheet dump` and `broadsheet load`: keep a copy of the sources, from which everything else can be made again.

The file has a JSON object a line, one for each record of `issues.raw` and `corrections`: `topic` (without the prefix),
`partition`, `timestamp` in ms, and `key`, `value` and `headers` in base64.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.cli.shared.console import err, out
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.scan import Scan
from services.runtime.kafka.topics import check_topics
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings

SENT_AT_ONCE = 200


def dump_sources(settings: Settings, file: Path) -> None:
    """Write every record of both sources to `file`, which gets its name when it is complete; print how many.

    Raises:
        Unavailable: Kafka does not answer.
        OSError: the file cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.part")
    with err.status("reading issues.raw and corrections …"):
        counts = asyncio.run(_dump(settings, unfinished))
    unfinished.replace(file)
    _say("written", counts)


def load_sources(settings: Settings, file: Path) -> None:
    """Write the records of a dump to the empty sources of a new installation; print how many.

    Each record goes to its partition, in its order and with its timestamp, so the stages make the same issues of it.

    Raises:
        BroadsheetError: a source is not empty, has fewer partitions than the dump, or the file is not a dump.
        Unavailable: Kafka does not answer.
        OSError: the file cannot be read.
    """
    with err.status("writing issues.raw and corrections …"):
        counts = asyncio.run(_load(settings, file))
    _say("loaded", counts)


def _say(done: str, counts: Counter[str]) -> None:
    out.print(f"{done}: " + ", ".join(f"{counts[topic]:,} records of {topic}" for topic in sorted(counts)))


def _sources(settings: Settings) -> dict[str, str]:
    """Return the names of both sources, without the prefix and as they are here."""
    names = settings.names
    return {topic.removeprefix(settings.prefix): topic for topic in (names.raw, names.corrections)}


async def _dump(settings: Settings, file: Path) -> Counter[str]:
    counts = Counter(dict.fromkeys(_sources(settings), 0))
    with await asyncio.to_thread(file.open, "w", encoding="utf-8") as lines:
        async with Scan(settings, _sources(settings).values()) as scan:
            async for records in scan.records():
                for record in records:
                    topic = record.topic.removeprefix(settings.prefix)
                    lines.write(line_of(record, topic))
                    counts[topic] += 1
    return counts


def line_of(record: Record, topic: str) -> str:
    """Return a record as a line of a dump; `topic` is its topic without the prefix."""
    fields = {
        "topic": topic,
        "partition": record.partition,
        "timestamp": record.timestamp,
        "key": _text(record.key),
        "value": _text(record.value),
        "headers": [[name, _text(value)] for name, value in record.headers],
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def message_of(line: str) -> dict[str, Any]:
    """Return the arguments for a producer's `send` from a line of a dump; the topic is without the prefix.

    Raises:
        ValueError, KeyError, TypeError: it is not a line of a dump.
    """
    fields = json.loads(line)
    return {
        "topic": fields["topic"],
        "partition": fields["partition"],
        "timestamp_ms": fields["timestamp"],
        "key": _bytes(fields["key"]),
        "value": _bytes(fields["value"]),
        "headers": [(name, _bytes(value)) for name, value in fields["headers"]],
    }


async def _load(settings: Settings, file: Path) -> Counter[str]:
    await check_topics(settings)
    sources = _sources(settings)
    async with Scan(settings, sources.values()) as scan:
        ends = await scan.ends()
    for part, end in ends.items():
        if end:
            raise BroadsheetError(
                f"{part.topic} has records already; a dump is loaded into new topics only.\n"
                "To publish pages again, use `broadsheet publish`."
            )
    there = {(part.topic, part.partition) for part in ends}
    counts: Counter[str] = Counter()
    text = await asyncio.to_thread(file.read_text, "utf-8")
    try:
        async with AIOKafkaProducer(
            **connection(settings), enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES
        ) as producer:
            lines = enumerate(text.splitlines(), 1)
            while some := list(islice(lines, SENT_AT_ONCE)):
                sent = []
                for number, line in some:
                    message = _checked(line, f"{file}:{number}", sources, there)
                    counts[message["topic"].removeprefix(settings.prefix)] += 1
                    sent.append(await producer.send(**message))
                await asyncio.gather(*sent)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    return counts


def _checked(line: str, place: str, sources: dict[str, str], there: set[tuple[str, int]]) -> dict[str, Any]:
    try:
        message = message_of(line)
        message["topic"] = sources[message["topic"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BroadsheetError(
            f"{place}: not a line of a dump ({error}); `broadsheet dump` writes such files."
        ) from None
    if (message["topic"], message["partition"]) not in there:
        raise BroadsheetError(
            f"{place}: {message['topic']} has no partition {message['partition']} here; set BROADSHEET_PARTITIONS to "
            "the number that it had, and create the topics again."
        )
    return message


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
