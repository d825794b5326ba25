"""The relay on a Kafka that forgets the first transaction: `python -m tests.integration.runtime.forgetful`.

The coordinator never hears of that transaction, and the worker takes it for committed. So its records and offsets stay
undecided, as after a shutdown of Kafka 4.4 in the middle of a commit. The broker must not check transactions.
"""

from __future__ import annotations

from unittest.mock import patch

from aiokafka import TopicPartition

from services.runtime.delivery import clients
from services.runtime.entry import run_stage
from services.runtime.kafka.member import MemberProducer
from tests.integration.runtime import relay
from tests.kafka import PARTITIONS


class Forgotten(MemberProducer):
    """A producer whose first transaction the coordinator does not know."""

    due = True

    async def begin_transaction(self) -> None:
        await super().begin_transaction()
        if self.due:
            prefix, found, _ = self._txn_manager.transactional_id.partition(f"broadsheet-{relay.NAME}")
            known = {TopicPartition(f"{prefix}issues", number) for number in range(PARTITIONS)}
            self._txn_manager._txn_partitions.update(known)
            self._txn_manager._txn_consumer_group = f"{prefix}{found}"

    async def commit_transaction(self) -> None:
        if self.due:
            self.due = False
            self._txn_manager._txn_partitions.clear()
            self._txn_manager._txn_consumer_group = None
        await super().commit_transaction()


if __name__ == "__main__":
    with patch.object(clients, "MemberProducer", Forgotten):
        run_stage(relay.run)
