"""The workers' reports about themselves: a small document that the worker overwrites, so that Kibana can show the lag.

Nothing depends on it. If Elasticsearch is down, slow or refusing, the worker just goes on with its work.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import structlog
from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError, NotFoundError, TransportError

from services.runtime.elasticsearch.store import connect, create_unless_there
from services.runtime.errors import NotAdmitted
from services.runtime.health.condition import is_ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

    from services.runtime.health.condition import Condition
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

INTERVAL_SECONDS: Final = 15.0
LONGEST_PAUSE_SECONDS: Final = 120.0
"""While Elasticsearch does not accept the document, the worker waits longer and longer, up to this time."""
REQUEST_SECONDS: Final = 5.0
LEAVING_SECONDS: Final = 1.0
"""How long a stopping worker may take to remove its document."""

KEPT: Final = "now-1d"
"""Older documents belong to killed workers; the next worker that starts removes them."""

SWEPT_AT_ONCE: Final = 1000
MAPPING_VERSION: Final = 1
KEYWORD: Final = {"type": "keyword"}
PROPERTIES: Final[dict[str, dict[str, Any]]] = {
    "stage": KEYWORD,
    "worker": KEYWORD,
    "time": {"type": "date", "format": "epoch_millis"},
    "ready": {"type": "boolean"},
    "state": KEYWORD,
    "lag": {"type": "long"},
    "oldest_seconds": {"type": "float"},
    "per_second": {"type": "float"},
    "delivered": {"type": "long"},
    "quarantined": {"type": "long"},
}
SETTINGS: Final = {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "5s"}}


async def ensure_operations(client: AsyncElasticsearch, alias: str) -> None:
    """Create the index of workers' documents with `alias`, or add this release's fields to the existing index.

    Raises:
        elasticsearch.ApiError: Elasticsearch refuses.
        elasticsearch.TransportError: Elasticsearch does not answer.
    """
    if not await create_operations(client, alias):
        await client.indices.put_mapping(index=f"{alias}-v{MAPPING_VERSION}", properties=PROPERTIES)


async def create_operations(client: AsyncElasticsearch, alias: str) -> bool:
    """Create the index of workers' documents with `alias`; return false if it exists already.

    Raises:
        elasticsearch.ApiError: Elasticsearch refuses.
        elasticsearch.TransportError: Elasticsearch does not answer.
    """
    index = f"{alias}-v{MAPPING_VERSION}"
    mappings = {"dynamic": "strict", "date_detection": False, "properties": PROPERTIES}
    return await create_unless_there(client, index, mappings=mappings, settings=SETTINGS, aliases={alias: {}})


def report(  # noqa: PLR0913, PLR0917  # what a worker knows of itself
    stage: str,
    worker: str,
    condition: Condition,
    registry: CollectorRegistry,
    now_ms: int,
    counted: tuple[float, int] | None = None,
) -> dict[str, Any]:
    """Return a worker's document: what it knows about itself, and what it has counted since it started.

    `counted` is the time in seconds and the number of delivered records at its last report; without it the rate is 0.
    """
    ready, state = is_ready(condition)

    def measured(name: str, **labels: str) -> float:
        return registry.get_sample_value(name, {"stage": stage, **labels}) or 0.0

    delivered = int(measured("broadsheet_records_total", outcome="emitted"))
    return {
        "stage": stage,
        "worker": worker,
        "time": now_ms,
        "ready": ready,
        "state": state,
        "lag": condition.lag,
        "oldest_seconds": round(measured("broadsheet_oldest_record_age_seconds"), 1),
        "per_second": rate(counted, (now_ms / 1000, delivered)),
        "delivered": delivered,
        "quarantined": int(measured("broadsheet_records_total", outcome="quarantined")),
    }


def rate(before: tuple[float, int] | None, now: tuple[float, int]) -> float:
    """Return how many records a second were delivered between two looks (time in seconds, records delivered)."""
    if before is None or now[0] <= before[0]:
        return 0.0
    return round(max(0, now[1] - before[1]) / (now[0] - before[0]), 2)


async def read_reports(client: AsyncElasticsearch, alias: str) -> list[dict[str, Any]]:
    """Return the latest reports of the workers, ordered by stage; an empty list if there is no report.

    Raises:
        elasticsearch.ApiError: Elasticsearch refuses.
        elasticsearch.TransportError: Elasticsearch does not answer.
    """
    found = await client.search(index=alias, ignore_unavailable=True, size=SWEPT_AT_ONCE)
    reports = [hit["_source"] for hit in found["hits"]["hits"]]
    return sorted(reports, key=lambda one: (one["stage"], one["worker"]))


class Operations:
    """Writes a worker's document at intervals until `close`, which removes the document.

    Args:
        settings: where Elasticsearch is.
        stage: the worker's stage.
        condition: returns the worker's present condition.
        registry: holds the worker's metrics (services.runtime.health.measures).
        interval: the seconds between two writes.
    """

    def __init__(
        self,
        settings: Settings,
        stage: str,
        condition: Callable[[], Condition],
        registry: CollectorRegistry,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        self._stage = stage
        self._condition = condition
        self._registry = registry
        self._interval = interval
        self._counted: tuple[float, int] | None = None
        self._worker = f"{os.uname().nodename}-{os.getpid()}"
        self._index = settings.names.operations
        self._client = connect(settings).options(request_timeout=REQUEST_SECONDS, max_retries=0)
        self._task = asyncio.create_task(self._write_again_and_again())

    async def close(self) -> None:
        """Stop writing, and remove the document if this is possible at once."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        with contextlib.suppress(ApiError, TransportError, NotAdmitted):
            await self._client.options(request_timeout=LEAVING_SECONDS).delete(index=self._index, id=self._id)
        await self._client.close()

    @property
    def _id(self) -> str:
        return f"{self._stage}/{self._worker}"

    async def _write_again_and_again(self) -> None:
        pause, swept = self._interval, False
        while True:
            try:
                await self._write()
                if not swept:
                    await self._sweep()
                    swept = True
            except Exception as error:  # noqa: BLE001  # whatever it is, the worker's work goes on
                if pause == self._interval:
                    log.warning("the worker's own document is not written; its work goes on", reason=str(error))
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                pause = self._interval
            await asyncio.sleep(pause)

    async def _write(self) -> None:
        now = time.time()
        document = report(self._stage, self._worker, self._condition(), self._registry, int(now * 1000), self._counted)
        self._counted = (now, document["delivered"])
        # Without the alias Elasticsearch would create an index with that name and its own mappings.
        write = partial(self._client.index, index=self._index, id=self._id, document=document, require_alias=True)
        try:
            await write()
        except BadRequestError:
            # `broadsheet setup` adds the field to the index of an earlier release; until then, do without it.
            document.pop("per_second")
            await write()
        except NotFoundError:
            await create_operations(self._client, self._index)
            await write()

    async def _sweep(self) -> None:
        old = {"bool": {"filter": [{"term": {"stage": self._stage}}, {"range": {"time": {"lt": KEPT}}}]}}
        found = await self._client.search(index=self._index, query=old, size=SWEPT_AT_ONCE, source=False)
        gone = [{"delete": {"_index": self._index, "_id": hit["_id"]}} for hit in found["hits"]["hits"]]
        if gone:
            await self._client.bulk(operations=gone)
