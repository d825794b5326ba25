"""Every account on every index and every action: the real Elasticsearch allows what is needed, and refuses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.secured.expected import ALIASES, CLUSTER_ACTIONS, CONSOLE, INDEX_ACTIONS, INDICES, elasticsearch_rights
from tests.secured.rendered import SUPERUSER, accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.secured.expected import Right
    from tests.secured.servers.secured import Secured

pytestmark = [pytest.mark.servers, pytest.mark.timeout(1800)]

NOTHING = {"if_seq_no": 1_000_000, "if_primary_term": 1}
"""A condition that no document meets, so that nothing is written."""

NO_SHARDS = {"settings": {"number_of_shards": 0}}
"""Elasticsearch refuses it once the account may create the index."""

NO_FILTER = {"no-such-query": {}}
"""Elasticsearch refuses it once the account may give the index the alias."""

Ask = tuple[str, str, Any]
ON_INDEX: dict[str, Callable[[str], Ask]] = {
    "search": lambda index: ("GET", f"{index}/_search", {"size": 0}),
    "get": lambda index: ("GET", f"{index}/_doc/none", None),
    "write": lambda index: ("POST", "_bulk", [{"index": {"_index": index, "_id": "none", **NOTHING}}, {}]),
    "delete-document": lambda index: ("POST", "_bulk", [{"delete": {"_index": index, "_id": "none", **NOTHING}}]),
    "create": lambda index: ("PUT", index, NO_SHARDS),
    "delete": lambda index: ("DELETE", index, None),
    "alias": lambda index: (
        "POST",
        "_aliases",
        {"actions": [{"add": {"index": index, "alias": alias_of(index), "filter": NO_FILTER}}]},
    ),
    "map": lambda index: ("PUT", f"{index}/_mapping", {"properties": {"probe": {"type": "keyword"}}}),
    "settings": lambda index: ("PUT", f"{index}/_settings", {"index": {"refresh_interval": "1s"}}),
    "block": lambda index: ("PUT", f"{index}/_block/write", None),
    "close": lambda index: ("POST", f"{index}/_close", None),
    "refresh": lambda index: ("POST", f"{index}/_refresh", None),
    "look": lambda index: ("GET", f"{index}/_mapping", None),
}
ON_CLUSTER: dict[str, Ask] = {
    "health": ("GET", "_cluster/health", None),
    "template": ("PUT", "_index_template/everything", {"index_patterns": ["*"], "template": {}}),
    "cluster-settings": ("PUT", "_cluster/settings", {"persistent": {"cluster.routing.allocation.enable": None}}),
    "users": ("GET", "_security/user", None),
    "snapshot": ("GET", "_snapshot", None),
    "license": ("GET", "_license", None),
    "pipeline": ("PUT", "_ingest/pipeline/everything", {"processors": []}),
}


def alias_of(index: str) -> str:
    """The alias that an index of ours gets; for an alias, itself."""
    return index.partition("-v")[0]


@pytest.fixture(scope="module")
def every(secured: Secured) -> Iterator[Secured]:
    """Every index and alias exists, so that a request for one fails only if it is refused or asks for nothing."""
    secured.remove_indices()
    for name in INDICES:
        index, its_aliases = (f"behind-{name}", {name: {}}) if name in ALIASES else (name, {})
        assert secured.ask(SUPERUSER, "PUT", index, {"aliases": its_aliases})[0] == 200
    yield secured
    secured.remove_indices()


def allowed(secured: Secured, account: str, ask: Ask) -> bool:
    """Tell whether the account may ask this; a request about nothing fails in another way once it may."""
    status, answer = secured.ask(account, *ask)
    if ask[1] == "_bulk" and status == 200:
        ((result,),) = (item.values() for item in answer["items"])
        status, answer = result["status"], result
    assert status != 401, (account, ask, answer)
    assert status < 500, (account, ask, answer)
    # A block answers with 403 too, and whoever meets one was let in.
    return status != 403 or answer["error"]["type"] != "security_exception"


def found_by_trying(secured: Secured, account: str) -> set[Right]:
    """Try every action on every index; return what was allowed."""
    return {
        (account, "index", index, action)
        for index in INDICES
        for action in INDEX_ACTIONS
        if allowed(secured, account, ON_INDEX[action](index))
    }


@pytest.mark.parametrize("account", sorted(accounts(), key=CONSOLE.__eq__))  # it may delete, so it comes last
def test_an_account_may_do_what_its_service_needs_and_nothing_else(every: Secured, account: str) -> None:
    """The matrix has no hole: index and action for index and action."""
    wanted = {right for right in elasticsearch_rights() if right[0] == account}
    found = found_by_trying(every, account)
    assert (sorted(wanted - found), sorted(found - wanted)) == ([], []), "first: missing; second: too much"


@pytest.mark.parametrize("account", accounts())
def test_no_account_may_do_anything_to_the_cluster(every: Secured, account: str) -> None:
    """In particular none may put a template for every index, which a role cannot limit to some names."""
    assert ON_CLUSTER.keys() == set(CLUSTER_ACTIONS)
    assert [name for name, ask in ON_CLUSTER.items() if allowed(every, account, ask)] == []


def test_the_matrix_would_show_a_right_too_many(every: Secured) -> None:
    """The superuser may do everything, and the same requests say so."""
    assert len(found_by_trying(every, SUPERUSER)) > len(INDICES) * len(INDEX_ACTIONS) * 0.9


def test_without_a_password_or_with_a_wrong_one_nobody_gets_in(every: Secured) -> None:
    for account in accounts():
        assert every.ask(account, "GET", "articles/_search", password="wrong")[0] == 401  # noqa: S106  # wrong indeed
