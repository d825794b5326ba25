"""Every user on every topic, group and transactional id: the real Kafka allows what is needed, and refuses the rest."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.secured.conftest import WHOLE
from tests.secured.expected import (
    FOREIGN,
    GROUP_OPERATIONS,
    GROUPS,
    IMPLIES_DESCRIBE,
    TOPIC_OPERATIONS,
    TOPICS,
    TRANSACTION_OPERATIONS,
    TRANSACTIONS,
    kafka_rights,
)
from tests.secured.kafka.groups import (
    DeleteGroups,
    DescribeGroups,
    FindCoordinator,
    Heartbeat,
    InitProducerId,
)
from tests.secured.kafka.operator import User
from tests.secured.kafka.topics import (
    AlterConfigs,
    CreatePartitions,
    CreateTopics,
    DeleteRecords,
    DescribeConfigs,
    Fetch,
    ListOffsets,
    Metadata,
    Produce,
)
from tests.secured.kafka.wire import NOWHERE
from tests.secured.rendered import OPERATIONS, Rule, rules, users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.secured.expected import Right
    from tests.secured.servers.secured import Secured

pytestmark = [pytest.mark.servers, pytest.mark.timeout(1800)]

REFUSED = {29, 30, 31, 53}
"""TOPIC_, GROUP_, CLUSTER_ and TRANSACTIONAL_ID_AUTHORIZATION_FAILED."""
LOADING = {14, 15, 16, 51}
"""A coordinator that is not ready yet, or is busy with the same id."""
TOPIC, LATEST, TRANSACTION, SET = 2, -1, 1, 0
PATIENCE_SECONDS = 60.0

Probe = tuple[Any, "Callable[[Any], int]"]


def on_topic(name: str) -> dict[str, Probe]:
    """The request that asks for each operation on a topic, and where its answer has the error code."""

    def first(answer: Any) -> int:
        return int(answer.topics[0][1][0][1])

    set_nothing = ("retention.ms", SET, "-1")
    return {
        "Read": (Fetch(-1, 0, 0, 1, 0, [(name, [(NOWHERE, 0, 1)])]), first),
        "Write": (Produce(None, 1, 1000, [(name, [(NOWHERE, b"")])]), first),
        "Create": (CreateTopics([(name, 1, 1, [], [])], 1000, True), lambda answer: answer.topics[0][1]),
        "Delete": (DeleteRecords([(name, [(NOWHERE, 0)])], 1000), lambda answer: answer.topics[0][1][0][2]),
        "Alter": (CreatePartitions([(name, 10_000, None)], 1000, True), lambda answer: answer.results[0][1]),
        "Describe": (ListOffsets(-1, [(name, [(NOWHERE, LATEST)])]), first),
        "DescribeConfigs": (DescribeConfigs([(TOPIC, name, None)], False), lambda answer: answer.results[0][0]),
        "AlterConfigs": (AlterConfigs([(TOPIC, name, [set_nothing])], True), lambda answer: answer.results[0][0]),
    }


def on_group(name: str) -> dict[str, Probe]:
    return {
        "Read": (Heartbeat(name, -1, "nobody"), lambda answer: answer.error_code),
        "Describe": (DescribeGroups([name]), lambda answer: answer.groups[0][0]),
        "Delete": (DeleteGroups([name]), lambda answer: answer.results[0][1]),
    }


def on_transaction(name: str) -> dict[str, Probe]:
    return {
        "Write": (InitProducerId(name, 1000), lambda answer: answer.error_code),
        "Describe": (FindCoordinator(name, TRANSACTION), lambda answer: answer.error_code),
    }


RESOURCES = {
    "topic": (on_topic, (*TOPICS, FOREIGN), TOPIC_OPERATIONS),
    "group": (on_group, GROUPS, GROUP_OPERATIONS),
    "transactionalId": (on_transaction, TRANSACTIONS, TRANSACTION_OPERATIONS),
}


async def may(user: User, resource: str, name: str, operation: str) -> bool:
    """Ask Kafka for one operation; a request about nothing fails in another way once it is allowed."""
    request, code_of = RESOURCES[resource][0](name)[operation]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        code = code_of(await user.send(request))
        if code not in LOADING or time.monotonic() > deadline:
            return code not in REFUSED
        await asyncio.sleep(0.1)


async def found_by_trying(secured: Secured, name: str) -> set[Right]:
    async with User(secured.settings(name)) as user:
        return {
            (name, resource, about, operation)
            for resource, (_, names, operations) in RESOURCES.items()
            for about in names
            for operation in operations
            if await may(user, resource, about, operation)
        }


@pytest.mark.parametrize("user", users())
def test_a_user_may_do_what_its_work_needs_and_nothing_else(secured: Secured, user: str) -> None:
    """The matrix has no hole: resource and operation for resource and operation."""
    wanted = {right for right in kafka_rights() if right[0] == user}
    found = asyncio.run(found_by_trying(secured, user))
    assert (sorted(wanted - found), sorted(found - wanted)) == ([], []), "first: missing; second: too much"


@pytest.mark.parametrize("user", users())
def test_no_user_may_do_anything_to_the_cluster(secured: Secured, user: str) -> None:
    """Kafka itself tells what a user may do: no bit is set, so no rule, quota or broker can be changed or seen."""

    async def operations() -> int:
        async with User(secured.settings(user)) as asking:
            return int((await asking.send(Metadata([], False, True, False))).operations)

    assert asyncio.run(operations()) == 0


def test_the_matrix_would_show_a_right_too_many(secured: Secured) -> None:
    """The superuser may do everything, and the same requests say so."""

    async def everything() -> tuple[set[Right], int]:
        name = secured.superuser().kafka_user
        assert name is not None
        async with User(secured.superuser()) as asking:
            cluster = int((await asking.send(Metadata([], False, True, False))).operations)
        return await found_by_trying(secured, name), cluster

    found, cluster = asyncio.run(everything())
    assert len(found) == sum(len(names) * len(operations) for _, names, operations in RESOURCES.values())
    assert cluster & (1 << OPERATIONS["ClusterAction"])


def answered_by(rule: Rule) -> Iterable[tuple[str, str]]:
    """The names and operations of the matrix that only this rule allows."""
    names = RESOURCES[rule.resource][1]
    others = [one for one in rules() if one != rule and (one.user, one.resource) == (rule.user, rule.resource)]
    for name in names:
        if rule.covers(rule.resource, name) and not any(
            one.operation == rule.operation and one.covers(one.resource, name) for one in others
        ):
            implied = rule.operation == "Describe" and any(
                one.operation in IMPLIES_DESCRIBE and one.covers(one.resource, name) for one in others
            )
            if not implied:
                yield name, rule.operation


@pytest.mark.parametrize("rule", rules(), ids=str)
def test_no_rule_repeats_another(rule: Rule) -> None:
    """A rule that others cover already could never be missed."""
    assert list(answered_by(rule))


@WHOLE
@pytest.mark.parametrize("user", users())
def test_without_a_rule_what_it_allows_is_refused(secured: Secured, user: str) -> None:
    """Each rule is taken away from the running Kafka, tried, and given back."""

    async def settled(asking: User, rule: Rule, name: str, *, wanted: bool) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while await may(asking, rule.resource, name, rule.operation) is not wanted:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.02)
        return True

    async def failures() -> list[str]:
        found = []
        async with User(secured.superuser()) as operator, User(secured.settings(user)) as asking:
            for rule in (one for one in rules() if one.user == user):
                name, _ = next(iter(answered_by(rule)))
                await operator.forbid(rule)
                if not await settled(asking, rule, name, wanted=False):
                    found.append(f"still allowed without it: {rule}")
                await operator.allow([rule])
                if not await settled(asking, rule, name, wanted=True):
                    found.append(f"still refused with it: {rule}")
        return found

    assert asyncio.run(failures()) == []
