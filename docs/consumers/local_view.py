"""Keeps the articles of `articles.tagged` in a file: python local_view.py KAFKA TOPIC GROUP FILE.

The models come with `pip install broadsheet[schemas]`, the client with `pip install aiokafka`. The file is written
before the group's offsets are committed. So a message may come twice, and never gets lost; a repeat changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer

from schemas.article import IssueRecord, Withdrawal
from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE

View = dict[str, dict[str, Any]]


def apply(view: View, value: bytes) -> None:
    """Put a message into the view, unless the view has a newer one of the same article."""
    # Later releases may add types; an issue's record is no article.
    if json.loads(value)["type"] not in {"tagged_article", "withdrawal"}:
        return
    message = decode(TAGGED_MESSAGE, value)
    assert not isinstance(message, IssueRecord)
    order = [message.version, message.generation]
    if message.article_id in view and view[message.article_id]["order"] > order:
        return
    if isinstance(message, Withdrawal):
        # Kept, so that an older message that comes later does not bring the article back.
        view[message.article_id] = {"order": order, "withdrawn": True}
        return
    topics = [topic.id for topic in message.topics]
    view[message.article_id] = {
        "order": order,
        "withdrawn": False,
        "version": message.version,
        "headline": message.headline,
        "topics": topics,
    }


def save(view: View, file: Path) -> None:
    """Replace the file in one step."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, file)  # noqa: PTH105  # in one step


async def follow(kafka: str, topic: str, group: str, view: View, file: Path) -> None:
    """Follow the topic until the program is stopped."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=group,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        while True:
            batch = await consumer.getmany(timeout_ms=1000)
            for records in batch.values():
                for record in records:
                    apply(view, record.value)
            if batch:
                save(view, file)
                await consumer.commit()


if __name__ == "__main__":
    path = Path(sys.argv[4])
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    asyncio.run(follow(*sys.argv[1:4], kept, path))
