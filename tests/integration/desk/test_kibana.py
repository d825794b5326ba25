"""Every panel of the dashboard and every saved search, run on a real Elasticsearch as Kibana would run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from elasticsearch import Elasticsearch

from services.search import fields
from tests.integration.desk.archive import store_operations
from tests.unit.seeds.test_kibana_objects import BY_ID, PANELS, SEARCHES, lens_of

if TYPE_CHECKING:
    from tests.servers import Servers

pytestmark = pytest.mark.servers


FUNCTIONS = {"average": "avg"}
"""What Elasticsearch calls some of Lens's functions."""


def kuery(text: str) -> dict[str, Any]:
    """Return the query for the little of Kibana's language that our objects use."""
    if not text:
        return {"match_all": {}}
    return {"bool": {"should": [_clause(clause) for clause in _alternatives(text)], "minimum_should_match": 1}}


def _alternatives(text: str) -> list[str]:
    head, bracket, rest = text.partition("(")
    parts = head.split(" or ")
    parts[-1] += bracket + rest
    return parts


def _clause(clause: str) -> dict[str, Any]:
    if " >= " in clause:
        name, _, least = clause.partition(" >= ")
        return {"range": {name: {"gte": least}}}
    name, _, value = clause.partition(" : ")
    if value == "*":
        return {"exists": {"field": name}}
    words = value.strip("()").split(" or ")
    return {"bool": {"should": [{"match": {name: word}} for word in words], "minimum_should_match": 1}}


def aggregations(layer: dict[str, Any]) -> dict[str, Any]:
    """Return the aggregations that Lens makes of a layer's columns, buckets from the outside in."""
    columns = layer["columns"]
    metrics: dict[str, Any] = {
        name: {FUNCTIONS.get(column["operationType"], column["operationType"]): {"field": column["sourceField"]}}
        for name, column in columns.items()
        if not column["isBucketed"] and column["operationType"] != "count"
    }
    made = metrics
    for name in reversed([name for name in layer["columnOrder"] if columns[name]["isBucketed"]]):
        column = columns[name]
        if column["operationType"] == "date_histogram":
            bucket: dict[str, Any] = {"date_histogram": {"field": column["sourceField"], "calendar_interval": "day"}}
        else:
            by = column["params"]["orderBy"]["columnId"]
            key = "_count" if columns[by]["operationType"] == "count" else by
            order = {key: column["params"]["orderDirection"]}
            bucket = {"terms": {"field": column["sourceField"], "size": column["params"]["size"], "order": order}}
            if by in metrics:
                made = {by: metrics[by], **made}
        made = {name: bucket | ({"aggs": made} if made else {})}
    return made


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: lens_of(panel)["title"])
def test_a_panel_shows_something(panel: dict[str, Any], servers: Servers, prefix: str) -> None:
    lens = lens_of(panel)
    (layer,) = lens["state"]["datasourceStates"]["formBased"]["layers"].values()
    index = prefix + BY_ID[lens["references"][0]["id"]]["attributes"]["title"]
    with Elasticsearch(servers.elasticsearch) as client:
        store_operations(client, prefix)
        answer = client.search(
            index=index, size=0, query=kuery(lens["state"]["query"]["query"]), aggs=aggregations(layer) or None
        )
    assert answer["hits"]["total"]["value"] > 0
    for found in answer.get("aggregations", {}).values():
        assert found.get("buckets", [found.get("value")]) not in ([], [None])


def shown(title: str, servers: Servers, prefix: str) -> dict[str, Any]:
    """Return the innermost figures of a panel by the outermost value: {stage: figures}."""
    (lens,) = (lens_of(panel) for panel in PANELS if title in lens_of(panel)["title"])
    (layer,) = lens["state"]["datasourceStates"]["formBased"]["layers"].values()
    index = prefix + BY_ID[lens["references"][0]["id"]]["attributes"]["title"]
    with Elasticsearch(servers.elasticsearch) as client:
        store_operations(client, prefix)
        query = kuery(lens["state"]["query"]["query"])
        answer = client.search(index=index, size=0, query=query, aggs=aggregations(layer))
    return {bucket["key"]: bucket for bucket in answer["aggregations"]["bucket0"]["buckets"]}


def test_the_quarantine_is_counted_by_stage_and_error(servers: Servers, prefix: str) -> None:
    found = shown("Quarantine by stage and error", servers, prefix)
    assert {
        stage: {bucket["key"]: bucket["doc_count"] for bucket in of_stage["bucket1"]["buckets"]}
        for stage, of_stage in found.items()
    } == {"ingest": {"no page": 2}, "index": {"refused": 1}}


def test_the_lag_of_a_stage_is_that_of_its_workers_who_are_there(servers: Servers, prefix: str) -> None:
    with Elasticsearch(servers.elasticsearch) as client:
        gone = {"stage": "tag", "worker": "gone", "time": 1_691_100_000_000, "lag": 99}
        client.index(index=f"{prefix}operations", document=gone, refresh=True, require_alias=True)
    found = shown("Lag by stage", servers, prefix)
    assert {stage: bucket["metric0"]["value"] for stage, bucket in found.items()} == {"segment": 1.0, "tag": 2.0}


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search["id"])
def test_a_saved_search_is_carried_out(search: dict[str, Any], servers: Servers, prefix: str) -> None:
    text = json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
    sort = [{name: order} for name, order in search["attributes"]["sort"]]
    with Elasticsearch(servers.elasticsearch) as client:
        answer = client.search(index=f"{prefix}articles", query=kuery(text), sort=sort)
    if search["id"].endswith(("-all", "-customs", "-to_check")):
        assert answer["hits"]["total"]["value"] > 0


def test_plain_typing_in_the_words_field_finds_words_and_not_characters(servers: Servers, prefix: str) -> None:
    with Elasticsearch(servers.elasticsearch) as client:

        def count(word: str) -> int:
            return int(client.count(index=f"{prefix}articles", query={"match": {fields.WORDS: word}})["count"])

        assert count("海关") > 0
        assert count("关") == 0
