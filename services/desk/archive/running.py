"""What lists for editors and operators read from Elasticsearch, beside single articles and searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from elastic_transport import TransportError
from elasticsearch import ApiError

from services.desk.archive.operations import MOST_HELD
from services.desk.archive.refusals import in_words
from services.runtime.errors import NotAllowed
from services.runtime.health.operations import read_reports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.desk.archive.archive import Archive


@dataclass(frozen=True, slots=True)
class Running:
    """The archive, the states of the stages, the workers' reports and the quarantine, as lists need them."""

    archive: Archive

    async def corrected(self, body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
        """Return the documents that a search for corrected articles finds, and the editors with their articles."""
        async with in_words():
            answer = await self.archive.client.search(index=self.archive.articles, **body)
        editors = [(str(one["key"]), one["doc_count"]) for one in answer["aggregations"]["by"]["buckets"]]
        return [hit["_source"] for hit in answer["hits"]["hits"]], editors

    async def answers(self, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the answers of several searches of an index, asked at once."""
        if not bodies:
            return []
        searches = [part for body in bodies for part in ({"ignore_unavailable": True}, body)]
        async with in_words():
            answer = await self.archive.client.msearch(index=index, searches=searches)
        return [dict(one) for one in answer["responses"]]

    async def reports(self) -> list[dict[str, Any]]:
        """Return the latest reports of the workers."""
        async with in_words():
            return await read_reports(self.archive.client, self.archive.settings.names.operations)

    async def found(self, index: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the documents that a search finds; none if the index does not exist."""
        async with in_words():
            answer = await self.archive.client.search(index=index, ignore_unavailable=True, **body)
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    async def counted(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the aggregations of a search of articles."""
        async with in_words():
            answer = await self.archive.client.search(index=self.archive.articles, **body)
        counted: dict[str, Any] = answer.get("aggregations", {})
        return counted

    async def held(self) -> list[dict[str, Any]]:
        """Return the newest messages in quarantine, without their bytes."""
        index = self.archive.settings.names.aliases("quarantine").read
        return await self.found(index, {"size": MOST_HELD, "sort": [{"time": "desc"}]})

    async def disks(self) -> list[dict[str, Any]]:
        """Return the disk of each node of Elasticsearch; none if this desk's account may not ask."""
        try:
            rows: Any = await self.archive.client.cat.allocation(format="json", bytes="gb")
        except (ApiError, TransportError, NotAllowed):
            return []
        return [
            {"node": row["node"], "used": row["disk.used"], "total": row["disk.total"], "percent": row["disk.percent"]}
            for row in rows
            if row.get("disk.total")
        ]
