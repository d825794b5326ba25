"""`broadsheet quarantine`: list, show, replay and drop messages that could not be processed."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
import uuid
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from rich.text import Text

from services.cli.shared.console import out, print_json
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.kafka.scan import Scan
from services.runtime.messages.resolved import QuarantinedMessage, Selection, again, held, resolution
from services.runtime.names import MAX_MESSAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.messages.records import Emission
    from services.runtime.settings import Settings

MESSAGES_IN_A_TRANSACTION = 200
SHOWN_BYTES = 2000


def list_held(settings: Settings, wanted: Selection, *, as_json: bool) -> None:
    """Print the messages in quarantine, one on each line."""
    found = asyncio.run(read_held(settings, wanted))
    if as_json:
        for one in found:
            sys.stdout.write(json.dumps(_as_json(one), ensure_ascii=False) + "\n")
        return
    for one in found:
        facts = one.facts
        line = Text(one.reference, style="bold")
        line.append(f"  {_time(one.record.timestamp)}  {facts.stage}, try {facts.attempt}", style="not bold")
        line.append(f"  {facts.topic} {facts.partition}:{facts.offset}", style="not bold dim")
        line.append(f"  {(one.record.key or b'').decode('utf-8', 'replace')}", style="not bold cyan")
        out.print(line, soft_wrap=True)
        out.print(Text(f"    {facts.error}", style="red"), soft_wrap=True)
    out.print(f"{len(found)} message{'' if len(found) == 1 else 's'} in quarantine")


def show_held(settings: Settings, reference: str, *, as_json: bool = False) -> None:
    """Print a message: its headers, its error, and its bytes as far as they are text.

    Raises:
        BroadsheetError: the message is not in quarantine.
    """
    found = asyncio.run(read_held(settings, Selection(references=frozenset({reference}))))
    if not found:
        raise BroadsheetError(
            f"There is no message {reference} in quarantine.\n`broadsheet quarantine list` shows them."
        )
    one = found[0]
    if as_json:
        headers = {name: value.decode("utf-8", "replace") for name, value in one.record.headers}
        text = (one.record.value or b"").decode("utf-8", "backslashreplace")
        print_json(_as_json(one) | {"headers": headers, "value": text})
        return
    for name, value in one.record.headers:
        out.print(f"[bold]{name}[/bold]: ", end="")
        out.print(value.decode("utf-8", "replace"), markup=False, soft_wrap=True)
    value = one.record.value or b""
    out.print(
        f"\n[bold]value[/bold], {len(value):,} bytes"
        + (f", the first {SHOWN_BYTES:,}:" if len(value) > SHOWN_BYTES else ":")
    )
    out.print(value[:SHOWN_BYTES].decode("utf-8", "backslashreplace"), markup=False, soft_wrap=True)


def replay_held(settings: Settings, wanted: Selection, *, as_json: bool = False) -> None:
    """Replay the chosen messages to the topics they came from, in their original order.

    Raises:
        BroadsheetError: a message that was named is not in quarantine.
    """
    found = _named(asyncio.run(read_held(settings, wanted)), wanted)
    quarantine = settings.names.quarantine
    asyncio.run(_send(settings, [(again(one), resolution(one, "replayed", quarantine)) for one in found]))
    if as_json:
        print_json({"replayed": [one.reference for one in found]})
    else:
        out.print(f"{len(found)} replayed; a message that fails again comes back with its number of tries")


def drop_held(settings: Settings, wanted: Selection, *, as_json: bool = False) -> None:
    """Drop the chosen messages from quarantine; their bytes stay on the topic.

    Raises:
        BroadsheetError: a message that was named is not in quarantine.
    """
    found = _named(asyncio.run(read_held(settings, wanted)), wanted)
    quarantine = settings.names.quarantine
    asyncio.run(_send(settings, [(resolution(one, "dropped", quarantine),) for one in found]))
    if as_json:
        print_json({"dropped": [one.reference for one in found]})
    else:
        out.print(f"{len(found)} dropped")


def _named(found: list[QuarantinedMessage], wanted: Selection) -> list[QuarantinedMessage]:
    """Return the messages, if every message that was named is among them.

    Raises:
        BroadsheetError: a named message is not in quarantine; nothing is done.
    """
    missing = sorted(wanted.references - {one.reference for one in found})
    if missing:
        raise BroadsheetError(
            f"Not in quarantine, or not so chosen: {', '.join(missing)}; nothing was done.\n"
            "`broadsheet quarantine list` shows what is there."
        )
    return found


async def read_held(settings: Settings, wanted: Selection) -> list[QuarantinedMessage]:
    """Return the chosen messages in quarantine."""
    async with Scan(settings, [settings.names.quarantine]) as scan:
        records = [record async for some in scan.records() for record in some]
    return [one for one in held(records) if wanted.fits(one)]


async def _send(settings: Settings, groups: Sequence[Sequence[Emission]]) -> None:
    """Send each group completely or not at all; mark each replayed message."""
    if not groups:
        return
    producer = AIOKafkaProducer(
        **connection(settings),
        transactional_id=f"{settings.prefix}broadsheet-console-{uuid.uuid4().hex[:8]}",
        max_request_size=MAX_MESSAGE_BYTES,
    )
    try:
        await producer.start()
        for start in range(0, len(groups), MESSAGES_IN_A_TRANSACTION):
            async with producer.transaction():
                for group in groups[start : start + MESSAGES_IN_A_TRANSACTION]:
                    for one in group:
                        await producer.send(
                            one.topic,
                            key=one.key,
                            value=one.value,
                            headers=list(one.headers),
                            timestamp_ms=one.timestamp,
                        )
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await producer.stop()


def wanted_from(  # noqa: PLR0913  # the options of one command
    references: Sequence[str],
    stage: str | None,
    error: str | None,
    since: str | None,
    until: str | None,
    *,
    every: bool,
) -> Selection:
    """Return the selection that the options name.

    Raises:
        BroadsheetError: nothing is chosen and `every` is not set, or a time is invalid.
    """
    named = references or stage or error or since or until
    if not named and not every:
        raise BroadsheetError("Name the messages, or choose them by --stage, --error, --since, --until or --all.")
    return Selection(stage, error, _milliseconds(since), _milliseconds(until), frozenset(references))


def _milliseconds(time: str | None) -> int | None:
    if time is None:
        return None
    try:
        return int(dt.datetime.fromisoformat(time).timestamp() * 1000)
    except ValueError:
        raise BroadsheetError(f"{time!r} is not a time such as 2023-08-15 or 2023-08-15T09:30") from None


def _time(milliseconds: int) -> str:
    return dt.datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%m-%d %H:%M:%S")


def _as_json(one: QuarantinedMessage) -> dict[str, object]:
    facts = one.facts
    return {
        "message": one.reference,
        "timestamp": one.record.timestamp,
        "stage": facts.stage,
        "error": facts.error,
        "error_type": facts.error_type,
        "attempt": facts.attempt,
        "topic": facts.topic,
        "partition": facts.partition,
        "offset": facts.offset,
        "key": (one.record.key or b"").decode("utf-8", "replace"),
        "bytes": len(one.record.value or b""),
    }
