"""Stand-ins for servers, for tests of decisions: they hold what the real ones would, as far as we use them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elastic_transport import ConnectionError as NoConnection
from elasticsearch import ApiError, BadRequestError

META = ApiResponseMeta(200, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))


class Answer(dict[str, Any]):
    """An answer of Elasticsearch: its body, and its metadata."""

    meta = META


def api_error(status: int, kind: str = "") -> ApiError:
    """Return the error that the client raises for an HTTP status."""
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, META.node)
    return ApiError(kind or str(status), meta, {"error": {"type": kind}})


@dataclass
class FakeElasticsearch:
    """Documents by id with sequence numbers, as mget and bulk (create, index) see them.

    `failures` are raised, one for each request, before the requests are answered; `refusals` are the statuses given to
    the next items of a bulk request, and `missing_shards` the types of the errors given to the next documents got.
    """

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    missing_shards: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    requests: int = 0
    refreshes: int = 0
    _places: dict[str, int] = field(default_factory=dict)
    _next: int = 0

    @property
    def indices(self) -> FakeElasticsearch:
        return self

    async def create(self, *, index: str, mappings: dict[str, Any], settings: dict[str, Any]) -> None:
        assert mappings["dynamic"] == "strict"
        assert settings
        self._begin()
        if index in self.created:
            error = {"error": {"type": "resource_already_exists_exception"}}
            raise BadRequestError("resource_already_exists_exception", META, error)
        self.created.append(index)

    async def mget(self, *, index: str, ids: list[str], source_includes: list[str] | None = None) -> Answer:
        self._begin()
        found = []
        for name in ids:
            if self.missing_shards:
                found.append({"_index": index, "_id": name, "error": {"type": self.missing_shards.pop(0)}})
            elif name in self.documents:
                place = {"_seq_no": self._places[name], "_primary_term": 1}
                source = json.loads(json.dumps(self.documents[name]))
                if source_includes is not None:
                    source = {field: value for field, value in source.items() if field in source_includes}
                found.append({"_index": index, "_id": name, "found": True, "_source": source} | place)
            else:
                found.append({"_index": index, "_id": name, "found": False})
        return Answer(docs=found)

    async def bulk(self, *, operations: list[Any], refresh: bool = False) -> Answer:
        self._begin()
        self.refreshes += refresh
        items: list[dict[str, Any]] = []
        if "delete" in operations[0]:
            return Answer(errors=bool(self.refusals), items=items)
        for action, source in zip(operations[::2], operations[1::2], strict=True):
            ((verb, target),) = action.items()
            status = self.refusals.pop(0) if self.refusals else self._write(verb, target, source)
            item: dict[str, Any] = {"_id": target["_id"], "status": status}
            if status >= 300:
                item["error"] = {"type": "refused"}
            items.append({verb: item})
        return Answer(items=items)

    def _write(self, verb: str, target: dict[str, Any], source: bytes) -> int:
        name = target["_id"]
        place = self._places.get(name)
        expected = None if verb == "create" else target["if_seq_no"]
        if place != expected:
            return 409
        self.documents[name] = json.loads(source)
        self._places[name] = self._next
        self._next += 1
        return 201 if place is None else 200

    def _begin(self) -> None:
        self.requests += 1
        if self.failures:
            raise self.failures.pop(0)


def no_connection() -> NoConnection:
    """Return the error that the client raises when nothing listens at the address."""
    return NoConnection("refused")
