"""How clients reach Kafka, and how the topics come to be."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
    TopicAlreadyExistsError,
    for_code,
)
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.structs import OffsetAndMetadata

from services.runtime.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.settings import Settings

COORDINATOR_SECONDS = 10.0
COORDINATOR_PAUSE_SECONDS = 0.25
NO_COORDINATOR_YET = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)


class Admin(AIOKafkaAdminClient):  # type: ignore[misc]  # aiokafka publishes no types
    """aiokafka's, which also tells a group that committed nothing from one whose offsets Kafka cannot name yet.

    Since KIP-88 an answer with offsets has an error of its own, and names no partitions then. aiokafka 0.14 does not
    look at it, neither here nor in its consumer, and takes a group that a restarted Kafka still loads for one that
    never was.
    """

    async def committed(self, group: str) -> dict[TopicPartition, OffsetAndMetadata]:
        """Return what a group has committed: nothing for a partition of which it has not.

        Raises:
            KafkaError: Kafka cannot say; one of `NO_COORDINATOR_YET` for a while after it was started.
        """
        answer = await self._client.send(await self.find_coordinator(group), OffsetFetchRequest(group, None))
        found = {}
        for code in (answer.error_code, *(part[-1] for _, parts in answer.topics for part in parts)):
            if code:
                raise for_code(code)(f"Kafka does not name the offsets of {group}")
        for topic, parts in answer.topics:
            for number, offset, metadata, _ in parts:
                if offset >= 0:
                    found[TopicPartition(topic, number)] = OffsetAndMetadata(offset, metadata)
        return found


def connection(settings: Settings) -> dict[str, Any]:
    """Return the keyword arguments that every aiokafka client takes: address, TLS and SCRAM where they are set."""
    arguments: dict[str, Any] = {"bootstrap_servers": settings.kafka_address}
    if settings.kafka_ca is not None:
        arguments["ssl_context"] = ssl.create_default_context(cafile=str(settings.kafka_ca))
    if settings.kafka_user is not None:
        password = settings.kafka_password
        arguments |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.kafka_user,
            "sasl_plain_password": password.get_secret_value() if password else "",
        }
    tls, sasl = settings.kafka_ca is not None, settings.kafka_user is not None
    arguments["security_protocol"] = {
        (False, False): "PLAINTEXT",
        (True, False): "SSL",
        (False, True): "SASL_PLAINTEXT",
        (True, True): "SASL_SSL",
    }[tls, sasl]
    return arguments


def unreachable(settings: Settings, error: BaseException) -> Unavailable:
    """Return the error for a person when Kafka does not answer."""
    return Unavailable(
        f"Kafka does not answer at {settings.kafka_address} ({type(error).__name__}).\n"
        "Start it with `broadsheet run`, or set BROADSHEET_KAFKA to where it is."
    )


async def ensure_topics(settings: Settings) -> None:
    """Create the topics that are not there; those that are stay as they are.

    Raises:
        Unavailable: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        wanted = {spec.name: spec for spec in settings.names.topics(settings.partitions)}
        for name in await admin.list_topics():
            wanted.pop(name, None)
        if wanted:
            response = await admin.create_topics(
                [
                    NewTopic(spec.name, spec.partitions, settings.replication, topic_configs=spec.config)
                    for spec in wanted.values()
                ]
            )
            for name, code, *rest in response.topic_errors:
                error = for_code(code)
                if code and error is not TopicAlreadyExistsError:
                    raise Unavailable(f"Kafka refused to create topic {name}: {error.__name__} {rest[0] or ''}".strip())
    except (KafkaError, OSError) as error:
        raise unreachable(settings, error) from error
    finally:
        await admin.close()


async def partitions_of(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> dict[str, list[TopicPartition]]:
    """Return the partitions of each of `topics`; none for a topic that is not there."""
    known = set(await admin.list_topics())
    wanted = [topic for topic in topics if topic in known]
    found: dict[str, list[TopicPartition]] = {topic: [] for topic in topics}
    for described in await admin.describe_topics(wanted) if wanted else []:
        topic = described["topic"]
        found[topic] = sorted(TopicPartition(topic, part["partition"]) for part in described["partitions"])
    return found


async def group_offsets(admin: Admin, group: str) -> dict[TopicPartition, int]:
    """Return the offsets a group has committed; a Kafka started just now is waited for.

    Raises:
        KafkaError: Kafka cannot say, and did not come to within 10 s.
    """
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            return {part: each.offset for part, each in (await admin.committed(group)).items()}
        except NO_COORDINATOR_YET:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(COORDINATOR_PAUSE_SECONDS)
