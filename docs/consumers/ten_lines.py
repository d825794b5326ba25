"""Prints every article, withdrawal and record as it comes: python ten_lines.py KAFKA TOPIC."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer


async def main(kafka: str, topic: str) -> None:
    """Follow the topic until the program is stopped."""
    settings = {"isolation_level": "read_committed", "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka, **settings) as consumer:
        async for record in consumer:
            message = json.loads(record.value)
            print(message["type"], message["version"], message.get("headline", ""), flush=True)  # noqa: T201


asyncio.run(main(*sys.argv[1:]))
