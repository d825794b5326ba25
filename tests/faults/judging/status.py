"""Check `broadsheet status` when it is known exactly how far every stage is behind."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

from tests.faults.work.newsroom import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.settings import Settings
    from tests.faults.work.workload import Message

BEHIND = 7


async def wrong_status(settings: Settings, messages: Sequence[Message]) -> list[str]:
    """Publish a few messages again, with all work done and no worker left; return what status reports wrongly."""
    again = [message for message in messages if message.topic == "raw"][:BEHIND]
    await publish(settings, again, 0, lambda *_: None)
    environment = {
        "BROADSHEET_KAFKA": settings.kafka_address,
        "BROADSHEET_ELASTICSEARCH": settings.elasticsearch_address,
        "BROADSHEET_PREFIX": settings.prefix,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from services.cli.main import main; main()", "status", "--json"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    said, _ = await process.communicate()
    lags = {one["stage"]: one["lag"] for one in json.loads(said)["stages"]}
    expected = {stage: BEHIND if stage == "ingest" else 0 for stage in lags}
    return [
        f"status says that {stage} is {lag} behind, not {expected[stage]}"
        for stage, lag in lags.items()
        if lag != expected[stage]
    ]
