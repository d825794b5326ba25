"""Users, rules, accounts and roles as the prod overlay would make them on a cluster."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tests.unit.deploy.cluster import of_kind

OVERLAY = "prod"
SUPERUSER = "broadsheet-superuser"
"""What the operators sign in as; no process of ours does."""

RESOURCES = {"topic": 2, "group": 3, "cluster": 4, "transactionalId": 5}
PATTERNS = {"literal": 3, "prefix": 4}
OPERATIONS = {
    "All": 2,
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Delete": 6,
    "Alter": 7,
    "Describe": 8,
    "ClusterAction": 9,
    "DescribeConfigs": 10,
    "AlterConfigs": 11,
    "IdempotentWrite": 12,
}
"""Kafka's codes (org.apache.kafka.common.resource.ResourceType, PatternType, acl.AclOperation)."""


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One operation that a Kafka user may do on a resource."""

    user: str
    resource: str
    name: str
    pattern: str
    operation: str

    def covers(self, resource: str, name: str) -> bool:
        """Tell whether the rule is about this resource."""
        same = name == self.name if self.pattern == "literal" else name.startswith(self.name)
        return resource == self.resource and same

    def __str__(self) -> str:
        return f"{self.user} may {self.operation} {self.resource} {self.name}{'*' * (self.pattern == 'prefix')}"


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(user, acl["resource"]["type"], acl["resource"]["name"], acl["resource"]["patternType"], operation)
        for user, manifest in of_kind(OVERLAY, "KafkaUser").items()
        for acl in manifest["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    )


@cache
def users() -> tuple[str, ...]:
    return tuple(of_kind(OVERLAY, "KafkaUser"))


@cache
def roles_file() -> str:
    data = of_kind(OVERLAY, "Secret")["broadsheet-elasticsearch-roles"]["data"]
    return base64.b64decode(data["roles.yml"]).decode("utf-8")


@cache
def roles() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(roles_file())
    return found


@cache
def accounts() -> tuple[str, ...]:
    """The accounts of the file realm: their Secrets are called after them, and their role has their name."""
    (elasticsearch,) = of_kind(OVERLAY, "Elasticsearch").values()
    realm = elasticsearch["spec"]["auth"]["fileRealm"]
    return tuple(one["secretName"].removesuffix("-elasticsearch") for one in realm)
