"""What an operator does on Kafka with the superuser's rights: rules and passwords. aiokafka has no such requests."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from typing import TYPE_CHECKING, Any, Self

from aiokafka.admin import AIOKafkaAdminClient

from services.runtime.kafka.connection import connection
from tests.secured.kafka.groups import FindCoordinator
from tests.secured.kafka.rules import AlterScram, CreateAcls, DeleteAcls
from tests.secured.rendered import OPERATIONS, PATTERNS, RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.settings import Settings
    from tests.secured.kafka.wire import Raw
    from tests.secured.rendered import Rule

SHA_512 = 2
ITERATIONS = 4096
ALLOW = 3
GROUP, TRANSACTION = 0, 1
ANSWER_SECONDS = 120.0
PAUSE_SECONDS = 0.1


class User:
    """One connection to Kafka as one user; use it as an asynchronous context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __aenter__(self) -> Self:
        self._admin = AIOKafkaAdminClient(**connection(self._settings))
        await self._admin.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()

    async def send(self, request: Raw) -> Any:
        """Send one request and return Kafka's answer."""
        client = self._admin._client
        async with asyncio.timeout(ANSWER_SECONDS):
            return await client.send(client.get_random_node(), request)

    async def allow(self, rules: Iterable[Rule]) -> None:
        """Create rules."""
        answer = await self.send(CreateAcls([_fields(rule) for rule in rules]))
        assert all(code == 0 for code, _ in answer.results), answer

    async def make_coordinators(self) -> None:
        """Let Kafka make the topics that groups and transactions need; it does so when somebody first asks for them.

        Raises:
            TimeoutError: they are not there in time.
        """
        async with asyncio.timeout(ANSWER_SECONDS):
            for kind in (GROUP, TRANSACTION):
                while True:
                    if not (await self.send(FindCoordinator("anybody", kind))).error_code:
                        break
                    await asyncio.sleep(PAUSE_SECONDS)

    async def forbid(self, rule: Rule) -> None:
        """Take a rule away."""
        answer = await self.send(DeleteAcls([_fields(rule)]))
        ((code, _, matching),) = answer.results
        assert (code, len(matching)) == (0, 1), answer

    async def set_password(self, user: str, password: str) -> None:
        """Give a user another password (SCRAM-SHA-512), as an operator does when it renews a Secret."""
        salt = secrets.token_bytes(24)
        salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
        answer = await self.send(AlterScram([], [(user, SHA_512, ITERATIONS, salt, salted, {})], {}))
        assert all(code == 0 for _, code, *_ in answer.results), answer


def _fields(rule: Rule) -> tuple[int, str, int, str, str, int, int]:
    kind, pattern = RESOURCES[rule.resource], PATTERNS[rule.pattern]
    return kind, rule.name, pattern, f"User:{rule.user}", "*", OPERATIONS[rule.operation], ALLOW
