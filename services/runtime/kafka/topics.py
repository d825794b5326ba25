"""Create the topics, and check that the settings of existing topics cannot lose messages."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.runtime.errors import Unavailable
from services.runtime.kafka.connection import connection, unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from services.runtime.names import TopicSpec
    from services.runtime.settings import Settings

PARTITIONS: Final = "partitions"
REPLICAS: Final = "replicas"
MORE_IS_FINE: Final = frozenset({PARTITIONS, REPLICAS, "max.message.bytes", "min.compaction.lag.ms"})
MEND: Final = "Run `broadsheet setup --mend`: it sets them right. Where an operator manages topics, change them there."
BY_HAND: Final = "Copies of a topic are made with Kafka's own kafka-reassign-partitions."
SET_ON_THE_TOPIC: Final = 1
"""Kafka's code for a setting made on the topic, not on the broker (`ConfigSource.DYNAMIC_TOPIC_CONFIG`)."""

SHOWN_SECONDS: Final = 30.0
"""How long a change of a topic may take until Kafka shows it."""

LOOK_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """A setting of a topic that differs from what `services.runtime.names` requires."""

    topic: str
    setting: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.setting} is {self.found}, must be {self.wanted}"


@dataclass(frozen=True, slots=True)
class Found:
    """An existing topic: `own` holds the settings made on the topic itself, `config` all settings in force."""

    partitions: int
    replicas: int
    config: Mapping[str, str]
    own: Mapping[str, str]


class TopicsDiffer(Unavailable):
    """Existing topics have settings that would lose messages, refuse them or change their order.

    Attributes:
        differences: the settings that differ.

    Args:
        found: the settings that differ.
        mends: nobody has run `broadsheet setup --mend` yet.
    """

    def __init__(self, found: Sequence[Difference], *, mends: bool = True) -> None:
        self.differences = tuple(found)
        what_to_do = MEND if mends else BY_HAND
        super().__init__("\n".join([*(str(one) for one in self.differences), what_to_do]))


def differences(spec: TopicSpec, replicas: int, found: Found) -> list[Difference]:
    """Return the settings of a topic that differ; more partitions, copies or bytes than required are fine."""
    wanted = {PARTITIONS: str(spec.partitions), REPLICAS: str(replicas), **spec.config}
    there = {PARTITIONS: str(found.partitions), REPLICAS: str(found.replicas), **found.config}
    return [
        Difference(spec.name, setting, value, there.get(setting, "unknown"))
        for setting, value in wanted.items()
        if not _fits(setting, value, there.get(setting))
    ]


def _fits(setting: str, wanted: str, found: str | None) -> bool:
    if found is not None and setting in MORE_IS_FINE:
        return int(found) >= int(wanted)
    return found == wanted


async def ensure_topics(settings: Settings) -> None:
    """Create the topics that do not exist; leave existing topics as they are.

    Raises:
        Unavailable: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        await _create(admin, settings)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await admin.close()


async def check_topics(settings: Settings) -> None:
    """Create the topics that do not exist, and compare existing topics with the required settings.

    Raises:
        TopicsDiffer: a topic differs; the text names every difference and what to run.
        Unavailable: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        await _create(admin, settings)
        _, found = await _compare(admin, settings)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await admin.close()
    if found:
        raise TopicsDiffer(found)


async def topic_differences(settings: Settings) -> list[Difference]:
    """Return the settings of existing topics that differ from the required ones; create nothing.

    Raises:
        Unavailable: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        _, found = await _compare(admin, settings)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await admin.close()
    return found


async def mend_topics(settings: Settings) -> tuple[list[Difference], list[Difference]]:
    """Correct the settings that differ, and return what was mended and what still differs.

    This never changes the number of a topic's copies: the operator chooses the brokers that hold them
    (`kafka-reassign-partitions`).

    Raises:
        Unavailable: Kafka does not answer, or refuses; the text says why.
    """
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        await _create(admin, settings)
        topics, before = await _compare(admin, settings)
        for spec in settings.names.topics(settings.partitions):
            mine = {one.setting for one in before if one.topic == spec.name}
            if mine & spec.config.keys():
                await _alter(admin, spec, topics[spec.name])
            if PARTITIONS in mine:
                await admin.create_partitions({spec.name: NewPartitions(spec.partitions)})
        after = await _compare_once_shown(admin, settings)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await admin.close()
    return [one for one in before if one not in after], after


async def _create(admin: AIOKafkaAdminClient, settings: Settings) -> None:
    missing = {spec.name: spec for spec in settings.names.topics(settings.partitions)}
    for name in await admin.list_topics():
        missing.pop(name, None)
    if not missing:
        return
    new = [
        NewTopic(spec.name, spec.partitions, settings.replication, topic_configs=spec.config)
        for spec in missing.values()
    ]
    response = await admin.create_topics(new)
    for name, code, *rest in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise Unavailable(f"Kafka refused to create topic {name}: {error.__name__} {rest[0] or ''}".strip())


async def _compare(admin: AIOKafkaAdminClient, settings: Settings) -> tuple[dict[str, Found], list[Difference]]:
    # Kafka may create a topic when a client asks it to describe the topic.
    known = set(await admin.list_topics())
    specs = [spec for spec in settings.names.topics(settings.partitions) if spec.name in known]
    topics = await _describe(admin, [spec.name for spec in specs])
    there = [(spec, topics[spec.name]) for spec in specs if spec.name in topics]
    return topics, [one for spec, found in there for one in differences(spec, settings.replication, found)]


async def _compare_once_shown(admin: AIOKafkaAdminClient, settings: Settings) -> list[Difference]:
    """Return what differs; a broker shows a change only after a moment, longer while it is busy."""
    deadline = time.monotonic() + SHOWN_SECONDS
    while True:
        _, found = await _compare(admin, settings)
        if all(one.setting == REPLICAS for one in found) or time.monotonic() > deadline:
            return found
        await asyncio.sleep(LOOK_SECONDS)


async def _describe(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, Found]:
    topics = {each["topic"]: each for each in await admin.describe_topics(list(names)) if each["partitions"]}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    found = {}
    for answer in await admin.describe_configs(asked) if asked else []:
        for code, message, _, name, entries in answer.resources:
            if code:
                raise Unavailable(
                    f"Kafka does not show the settings of {name}: {for_code(code).__name__} {message or ''}\n"
                    "Allow this user the operation DescribeConfigs on the topic."
                )
            parts = topics[name]["partitions"]
            found[name] = Found(
                len(parts),
                min(len(part["replicas"]) for part in parts),
                {key: value for key, value, *_ in entries if value is not None},
                {key: value for key, value, _, source, *_ in entries if source == SET_ON_THE_TOPIC},
            )
    return found


async def _alter(admin: AIOKafkaAdminClient, spec: TopicSpec, found: Found) -> None:
    # The request replaces every setting of the topic, so it must also include the settings that others made.
    config: dict[str, Any] = {**found.own, **spec.config}
    for answer in await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, spec.name, config)]):
        for code, message, *_ in answer.resources:
            if code:
                why = f"{for_code(code).__name__} {message or ''}".strip()
                raise Unavailable(f"Kafka refused to alter topic {spec.name}: {why}")
