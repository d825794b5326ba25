"""`broadsheet resume`: let a stage continue after Kafka lost records that it had not read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError

from services.cli.shared.console import out
from services.runtime.delivery.inputs import Gap, gaps
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.admin import Admin, group_offsets, has_members
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def resume(settings: Settings, stage: str) -> None:
    """Move `stage` past each gap in its input, and print the gaps.

    Raises:
        BroadsheetError: the stage does not exist, a processor is still in its group, or Kafka does not answer.
    """
    if stage not in STAGES:
        raise BroadsheetError(f"There is no stage {stage}.\nName one of {', '.join(STAGES)}.")
    passed = asyncio.run(pass_over(settings, stage))
    for gap in passed:
        out.print(f"passed over: {gap}", markup=False, soft_wrap=True)
    out.print(f"{stage} continues when you start it." if passed else f"{stage} has lost no input.")


async def pass_over(settings: Settings, stage: str) -> list[Gap]:
    """Move the group of `stage` past each gap, and return the gaps.

    The stage reads a truncated partition again from its first record. Any of its records may be unread, and
    handling a record twice changes nothing.

    Raises:
        BroadsheetError: a processor is still in its group, or Kafka does not answer.
    """
    group = settings.names.group(stage)
    admin = Admin(**connection(settings))
    consumer = AIOKafkaConsumer(**connection(settings), group_id=group, enable_auto_commit=False)
    try:
        await admin.start()
        await consumer.start()
        if await has_members(admin, group):
            raise _runs(stage)
        topics = set(settings.names.read_by(stage))
        committed = {part: at for part, at in (await group_offsets(admin, group)).items() if part.topic in topics}
        begins = await consumer.beginning_offsets(committed) if committed else {}
        ends = await consumer.end_offsets(committed) if committed else {}
        found = gaps(committed, begins, ends)
        parts = {TopicPartition(gap.topic, gap.partition): gap for gap in found}
        if parts:
            consumer.assign(list(parts))
            await consumer.commit({part: begins[part] for part in parts})
    except CommitFailedError as error:
        raise _runs(stage) from error
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await consumer.stop()
        await admin.close()
    return found


def _runs(stage: str) -> BroadsheetError:
    return BroadsheetError(f"A processor of {stage} is in its group.\nStop it, wait a session's length, and try again.")
