"""Who may do what, said from what the code does: `names.py`, what each stage reads and writes, and each command.

Nothing here is read from the manifests; the tests compare what the servers allow with this.
"""

from __future__ import annotations

from typing import Final

from services.runtime.names import STAGES
from tests.unit.deploy.cluster import NAMES, READS, WRITES

Right = tuple[str, str, str, str]
"""User or account, kind of resource, name, operation."""

TOPICS: Final = tuple(spec.name for spec in NAMES.topics(1))
FOREIGN: Final = "someone-elses"
STAGE_USERS: Final = {stage: NAMES.group(stage) for stage in STAGES}
"""A stage's user on both servers has the name of its group."""

CONSOLE, DESK, SCALER = "broadsheet-console", "broadsheet-desk", "broadsheet-scaler"
DELIVER, PUBLISHING, BACKUP = "broadsheet-deliver", "broadsheet-publishing", "broadsheet-backup"
SUBSCRIPTION: Final = "receiver"
OUT: Final = NAMES.group(f"out-{SUBSCRIPTION}")
NEWSROOM, PROGRAM = "newsroom-example", "program-example"
DASHBOARDS, EDITORS = "broadsheet-dashboards", "broadsheet-editors"

GROUPS: Final = (*STAGE_USERS.values(), OUT, f"{PROGRAM}-reader", FOREIGN)
TRANSACTIONS: Final = tuple(f"{user}-probe" for user in (*STAGE_USERS.values(), CONSOLE, PROGRAM, "someone"))

TOPIC_OPERATIONS: Final = (
    "Read",
    "Write",
    "Create",
    "Delete",
    "Alter",
    "Describe",
    "DescribeConfigs",
    "AlterConfigs",
)
GROUP_OPERATIONS: Final = ("Read", "Delete", "Describe")
TRANSACTION_OPERATIONS: Final = ("Write", "Describe")
IMPLIES_DESCRIBE: Final = frozenset({"Read", "Write", "Delete", "Alter"})
"""Kafka lets whoever may do one of these describe the resource too (AclEntry, KIP-11)."""


def kafka_rights() -> frozenset[Right]:
    """Return every right on Kafka that some user needs; whoever has another has one too many."""
    found: set[Right] = set()

    def add(user: str, resource: str, names: tuple[str, ...], *operations: str) -> None:
        for name in names:
            for operation in operations:
                found.add((user, resource, name, operation))
                if operation in IMPLIES_DESCRIBE:
                    found.add((user, resource, name, "Describe"))

    for stage, user in STAGE_USERS.items():
        add(user, "topic", READS[stage], "Read")
        add(user, "topic", WRITES[stage], "Write")
        # At its start a stage looks whether every topic is there, with the right settings.
        add(user, "topic", TOPICS, "Describe", "DescribeConfigs")
        add(user, "group", (user,), "Read")
        add(user, "transactionalId", (f"{user}-probe",), "Write")
    # It publishes, replays to any topic, tells how topics are set, and moves the offsets of stages that are stopped.
    add(CONSOLE, "topic", TOPICS, "Read", "Write", "DescribeConfigs")
    add(CONSOLE, "group", (*STAGE_USERS.values(), OUT), "Read")
    add(CONSOLE, "transactionalId", (f"{CONSOLE}-probe",), "Write")
    add(DESK, "topic", (NAMES.corrections,), "Write")
    add(DESK, "topic", (NAMES.taxonomy,), "Read")
    add(PUBLISHING, "topic", (NAMES.raw,), "Write")
    add(BACKUP, "topic", (NAMES.raw, NAMES.corrections), "Read")
    add(DELIVER, "topic", (NAMES.tagged,), "Read")
    add(DELIVER, "group", (OUT,), "Read")
    # KEDA reads the lag of each group on the first topic of its stage.
    add(SCALER, "topic", tuple(READS[stage][0] for stage in STAGES), "Describe")
    add(SCALER, "group", tuple(STAGE_USERS.values()), "Describe")
    add(NEWSROOM, "topic", (NAMES.raw,), "Write")
    add(PROGRAM, "topic", (NAMES.tagged,), "Read")
    add(PROGRAM, "group", (f"{PROGRAM}-reader",), "Read")
    return frozenset(found)


KINDS: Final = ("articles", "issues", "quarantine")
HISTORY: Final = ("history", "history-write", "history-v1-000777")
STATES: Final = NAMES.state_index
OPERATIONS: Final = NAMES.operations
ALIASES: Final = (*(name for kind in KINDS for name in (kind, f"{kind}-write")), *HISTORY[:2], OPERATIONS)
SCRATCH: Final = "search-eval-0123456789abcdef"
INDICES: Final = (
    *(name for kind in KINDS for name in (kind, f"{kind}-write", f"{kind}-v1-000777")),
    *HISTORY,
    NAMES.watches,
    STATES,
    f"{STATES}-rewind",
    OPERATIONS,
    f"{OPERATIONS}-v1",
    NAMES.receipts,
    NAMES.deliveries,
    SCRATCH,
    "articles-of-someone-else",
    FOREIGN,
    ".kibana_1",
)
INDEX_ACTIONS: Final = (
    "search",
    "get",
    "write",
    "delete-document",
    "create",
    "alias",
    "map",
    "settings",
    "refresh",
    "look",
    "block",
    "close",
    "delete",
)
"""In this order; the last three take the index away from those before them."""
MANAGE: Final = ("create", "delete", "alias", "map", "settings", "block", "close", "refresh", "look")
CLUSTER_ACTIONS: Final = ("health", "template", "cluster-settings", "users", "snapshot", "license", "pipeline")

READ: Final = ("search", "get")
WRITE: Final = ("write", "delete-document", "map")
"""Elasticsearch lets whoever may write add a field to the mapping, too."""


def elasticsearch_rights() -> frozenset[Right]:
    """Return every right on Elasticsearch that some account needs."""
    found: set[Right] = set()

    def add(account: str, names: tuple[str, ...], *actions: str) -> None:
        found.update((account, "index", name, action) for name in names for action in actions)

    for user in STAGE_USERS.values():
        # Its report about itself.
        add(user, (OPERATIONS,), *READ, *WRITE, "alias")
        add(user, (f"{OPERATIONS}-v1",), "create")
    for stage in ("ingest", "segment"):
        add(STAGE_USERS[stage], (STATES,), *READ, *WRITE, "create", "look")
    writing, reading = tuple(f"{kind}-write" for kind in KINDS), KINDS
    behind = tuple(f"{kind}-v1-000777" for kind in KINDS)
    add(STAGE_USERS["index"], writing, *READ, *WRITE, "alias", "look")
    add(STAGE_USERS["index"], reading, "alias")
    add(STAGE_USERS["index"], behind, "create", "alias")
    add(DELIVER, ("articles-write",), *READ)
    add(DELIVER, (NAMES.deliveries,), *READ, "write", "map", "create")
    add(PUBLISHING, ("articles", "issues"), *READ)
    add(PUBLISHING, (NAMES.receipts,), *READ, "write", "map", "create", "look")
    add(STAGE_USERS["index"], HISTORY[1:2], *WRITE, "alias", "look")
    add(STAGE_USERS["index"], HISTORY[:1], "alias")
    add(STAGE_USERS["index"], HISTORY[2:], "create", "alias")
    add(DESK, ("articles", "articles-write", "issues", STATES, "quarantine", "operations", "history"), *READ)
    add(DESK, (NAMES.watches,), *READ, "write", "map", "create", "look")
    # Setup creates, a rebuild fills and deletes, a rewind fills an index and clones it; documents are read by aliases.
    add(CONSOLE, (*reading, *writing, OPERATIONS), *MANAGE, *READ)
    add(CONSOLE, (*behind, SCRATCH), *MANAGE, *READ, *WRITE)
    # A rebuild adds to the history what the topic still has, through its alias, and never fills a new one.
    add(CONSOLE, HISTORY, *MANAGE)
    add(CONSOLE, HISTORY[1:2], *WRITE)
    add(CONSOLE, (f"{STATES}-rewind",), *MANAGE, *WRITE)
    add(CONSOLE, (STATES,), *MANAGE)
    # Elasticsearch gives no index an alias that allows more than the index: the console reads `operations` alone.
    add(CONSOLE, (f"{OPERATIONS}-v1",), *(action for action in MANAGE if action != "alias"))
    add(EDITORS, ("articles", "issues", "quarantine", OPERATIONS), *READ, "look")
    return frozenset(found)


UNTRIED: Final = {
    DASHBOARDS: "its rights are Kibana's, and no Kibana can be had without its image",
    EDITORS: "people use it in Kibana, not a process of ours",
}
"""The accounts whose rights no process of ours uses."""
