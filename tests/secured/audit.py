"""What both servers' logs say about who asked for what, and whether it was allowed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.secured.rendered import Rule, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

KAFKA = re.compile(
    r"Principal = User:(?P<user>\S+) is (?P<outcome>Allowed|Denied) operation = (?P<operation>\S+) .*? "
    r"on resource = (?P<kind>\w+):LITERAL:(?P<name>\S+) for request = (?P<request>\S+)"
    r".*?based on rule (?P<rule>.*)"
)
MATCHING = re.compile(
    r"resourceType=(?P<resource>\w+), resourceName=(?P<name>[^,]+), patternType=(?P<pattern>\w+), "
    r"principal=User:(?P<user>[^,]+), host=\*, operation=(?P<operation>\w+)"
)
ELASTICSEARCH = re.compile(r"AUDIT (?P<outcome>\w+) (?P<account>\S+) (?P<action>\S+) ?(?P<indices>\[.*\])?")
GRANTS = {
    "read": ("indices:data/read/*",),
    "write": ("indices:data/write/*",),
    "index": ("indices:data/write/index*", "indices:data/write/bulk*", "indices:data/write/update*"),
    "create_index": ("indices:admin/create",),
    "view_index_metadata": ("indices:admin/*get*", "indices:admin/exists*"),
    "manage": ("indices:admin/*", "indices:monitor/*"),
}
"""Which actions a privilege of Elasticsearch grants, as far as we use them."""

RESOURCES = {"TOPIC": "topic", "GROUP": "group", "TRANSACTIONAL_ID": "transactionalId"}
PATTERNS = {"LITERAL": "literal", "PREFIXED": "prefix"}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One privilege of a role on one name."""

    account: str
    name: str
    privilege: str

    def allows(self, action: str, index: str) -> bool:
        """Tell whether it allows an action on an index or alias."""
        patterns = GRANTS.get(self.privilege, (self.privilege,))
        return fnmatchcase(index, self.name) and any(fnmatchcase(action, pattern) for pattern in patterns)


def grants() -> Iterator[Grant]:
    """Yield every privilege on every name of every role."""
    for account, role in roles().items():
        for group in role["indices"]:
            for name in group["names"]:
                for privilege in group["privileges"]:
                    yield Grant(account, name, privilege)


def kafka_denials(log: str) -> list[str]:
    """Return what Kafka refused."""
    return [
        f"{found['user']}: {found['operation']} {found['kind']} {found['name']} ({found['request']})"
        for found in KAFKA.finditer(log)
        if found["outcome"] == "Denied"
    ]


def used_rules(log: str) -> set[Rule]:
    """Return the rules that Kafka allowed something by."""
    used = set()
    for found in KAFKA.finditer(log):
        matching = MATCHING.search(found["rule"])
        # A rule to write lets its user describe, too, which does not show that it must write.
        same = matching is not None and matching["operation"] == found["operation"]
        if found["outcome"] == "Allowed" and matching is not None and same and matching["resource"] in RESOURCES:
            operation = "".join(part.capitalize() for part in matching["operation"].split("_"))
            resource, pattern = RESOURCES[matching["resource"]], PATTERNS[matching["pattern"]]
            used.add(Rule(matching["user"], resource, matching["name"], pattern, operation))
    return used


def elasticsearch_denials(log: str) -> list[str]:
    """Return what Elasticsearch refused."""
    return [
        f"{found['account']}: {found['action']} {found['indices']}"
        for found in ELASTICSEARCH.finditer(log)
        if found["outcome"] == "access_denied"
    ]


def used_grants(log: str) -> set[Grant]:
    """Return the privileges that allowed something."""
    asked = {
        (found["account"], found["action"], index)
        for found in ELASTICSEARCH.finditer(log)
        if found["outcome"] == "access_granted"
        for index in json.loads(found["indices"] or "[]")
    }
    # The log names the index that gets aliases; without a right on each alias the request is refused all the same.
    for account, action, index in tuple(asked):
        if action == "indices:admin/aliases":
            kind = index.partition("-v")[0]
            asked |= {(account, action, kind), (account, action, f"{kind}-write")}
    return {
        grant
        for grant in grants()
        if any(account == grant.account and grant.allows(action, index) for account, action, index in asked)
    }
