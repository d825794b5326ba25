"""Follow `articles.tagged` for each subscription by itself, so that a receiver that is away delays nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from schemas.article import IssueRecord
from schemas.contract import ContractError, decode
from schemas.tagged import TAGGED_MESSAGE
from services.outlets.backoff import pause_after
from services.outlets.changes import change_of, order_of
from services.outlets.channels import Channel
from services.outlets.ledger import Ledger
from services.runtime.elasticsearch.store import connect, patiently
from services.runtime.errors import NotAdmitted
from services.runtime.kafka.admin import Admin, partitions_of
from services.runtime.kafka.connection import connection, unreachable
from services.runtime.names import MAX_MESSAGE_BYTES
from services.search.asking import newest_found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import TopicPartition

    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle
    from services.outlets.changes import Change, State
    from services.outlets.subscriptions import Subscription, Subscriptions
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

POLL_MS: Final = 1000
INDEX_SECONDS: Final = 0.5
AGAIN_SECONDS: Final = 5.0


async def deliver(settings: Settings, file: Subscriptions, environment: Mapping[str, str] = os.environ) -> None:
    """Deliver to every subscription until cancelled.

    Raises:
        NotAdmitted: a server does not let us in, or does not allow what this needs.
    """
    client = connect(settings)
    ledger = Ledger(client, settings.names.deliveries, asyncio.sleep)
    try:
        await ledger.ensure()
        async with asyncio.TaskGroup() as group:
            for one in file.subscriptions:
                group.create_task(Following(settings, one, Channel(one, file, environment), ledger).run())
    except ExceptionGroup as failed:
        # Each subscription fails for the same reason; a person needs it once.
        raise next((one for one in failed.exceptions if isinstance(one, NotAdmitted)), failed.exceptions[0]) from None
    finally:
        await client.close()


class Following:
    """The work for one subscription; it has a consumer group of its own, which no other program may join."""

    def __init__(
        self,
        settings: Settings,
        subscription: Subscription,
        channel: Channel,
        ledger: Ledger,
    ) -> None:
        self._settings = settings
        self._subscription = subscription
        self._channel = channel
        self._ledger = ledger
        self._search = subscription.search()
        self._log = log.bind(subscription=subscription.name)

    async def run(self) -> None:
        """Deliver what changes; after an error of Kafka, connect again.

        Raises:
            NotAdmitted: a server does not let us in, or does not allow what this needs.
        """
        while True:
            try:
                await self._follow()
            except (KafkaError, OSError) as error:
                refused = await unreachable(self._settings, error)
                if isinstance(refused, NotAdmitted):
                    raise refused from None
                self._log.warning("Kafka does not answer; trying again", reason=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _follow(self) -> None:
        group = self._settings.names.group(f"out-{self._subscription.name}")
        consumer = AIOKafkaConsumer(
            **connection(self._settings),
            group_id=group,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        )
        admin = Admin(**connection(self._settings))
        try:
            await admin.start()
            await consumer.start()
            parts = (await partitions_of(admin, [self._settings.names.tagged]))[self._settings.names.tagged]
            if not parts:
                raise KafkaError(f"no topic {self._settings.names.tagged}")
            await self._seek(consumer, admin, group, parts)
            while True:
                for part, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                    for record in records:
                        await self._take(record)
                        await consumer.commit({part: OffsetAndMetadata(record.offset + 1, "")})
        finally:
            # An error here would take the place of a cancellation, and `run` would begin anew.
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()
            with contextlib.suppress(KafkaError, OSError):
                await admin.close()

    async def _seek(self, consumer: AIOKafkaConsumer, admin: Admin, group: str, parts: list[TopicPartition]) -> None:
        """Go to where the group was; at its first start, to the present or to the beginning, and keep that."""
        consumer.assign(parts)
        known = await admin.committed(group, parts)
        ends = await consumer.end_offsets(parts)
        begins = await consumer.beginning_offsets(parts)
        first = ends if self._subscription.begin == "now" else begins
        new = {part: OffsetAndMetadata(first[part], "") for part in parts if part not in known}
        if new:
            await consumer.commit(new)
        for part in parts:
            consumer.seek(part, max(known[part].offset, begins[part]) if part in known else first[part])

    async def _take(self, record: Any) -> None:
        try:
            message = decode(TAGGED_MESSAGE, record.value)
        except ContractError as error:
            self._log.warning("not a message", reason=str(error), offset=record.offset)
            return
        if isinstance(message, IssueRecord):
            return
        known = await self._ledger.known(self._subscription.name, message.article_id)
        change = change_of(message, known)
        if change is None or not await self._is_wanted(message):
            return
        await self._tell(
            change, was_claimed=known is not None and known.state == "claimed" and known.digest == change.digest
        )

    async def _is_wanted(self, message: TaggedArticle | Withdrawal) -> bool:
        """Return whether the search finds the article; wait until the index has this version.

        If the index has a newer version already, its message follows, and this one is passed over.
        """
        if self._search is None or message.type == "withdrawal":
            return True
        alias = self._settings.names.aliases("articles").write
        order = order_of(message)
        ask = partial(newest_found, self._ledger.client, alias, self._search, message.article_id)
        while True:
            there, found = await patiently(ask, asyncio.sleep)
            if there >= order:
                return there == order and found
            await asyncio.sleep(INDEX_SECONDS)

    async def _tell(self, change: Change, *, was_claimed: bool) -> None:
        """Send a change until the receiver has it or refuses it, and keep that.

        A mail that was on its way when the process died may have arrived. It is not sent again: a person must not get
        an alert twice. A program drops a repetition by its id.
        """
        name = self._subscription.name
        if was_claimed and self._subscription.sent_as == "mail":
            self._log.warning(
                "whether a mail was sent is not known; it is not repeated", article=change.message.article_id
            )
            await self._ledger.write(name, change, "uncertain")
            return
        tries = 0
        while True:
            await self._ledger.write(name, change, "claimed")
            answer = await self._channel.send(change)
            tries += 1
            if answer.verdict != "again":
                state: State = "sent" if answer.verdict == "accepted" else answer.verdict
                await self._ledger.write(name, change, state, answer.said)
                if state != "sent":
                    self._log.error(state, article=change.message.article_id, reason=answer.said)
                return
            seconds = pause_after(tries, answer.retry_after)
            await self._ledger.write(name, change, "waiting", answer.said)
            self._log.warning("not delivered; trying again", reason=answer.said, seconds=seconds, tries=tries)
            await asyncio.sleep(seconds)
