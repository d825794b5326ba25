"""How far the pipeline is: the workers' reports and the pages of a day, as Elasticsearch has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.search import fields

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

MOST_ISSUES: Final = 200
MOST_PAGES: Final = 200
MOST_HELD: Final = 100
ORDER: Final = ("ingest", "segment", "tag", "index")
SILENT_MS: Final = 45_000
"""A worker that has written nothing for three of its intervals is gone, or cannot reach Elasticsearch."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's last report; `seconds` ago. `silent` says that it should have written again by now."""

    name: str
    state: str
    ready: bool
    lag: int
    per_second: float
    oldest_seconds: float
    delivered: int
    quarantined: int
    seconds: int
    silent: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its workers.

    `lag` is the number of records that it has not delivered; None if none of its workers is heard, because then nobody
    knows. `per_second` is how many it delivers, `oldest_seconds` how long the oldest record in hand has waited, and
    `seconds_left` how long the rest takes at that rate; None if it does not move, or is not heard.
    """

    name: str
    lag: int | None
    per_second: float
    oldest_seconds: float
    seconds_left: float | None
    workers: tuple[Worker, ...]


@dataclass(frozen=True, slots=True)
class PageProgress:
    """A page of an issue: whether its newest text was segmented and is searchable, and what was made of it.

    `surest` and `least` are the greatest and the least confidence of its articles.
    """

    page: str
    segmented: bool
    searchable: bool
    articles: int
    mean: float | None
    least: float | None


@dataclass(frozen=True, slots=True)
class IssueProgress:
    """An issue with its pages in order; `searchable` counts those that can be found as they arrived last."""

    issue_id: str
    pages: tuple[PageProgress, ...]

    @property
    def searchable(self) -> int:
        """How many pages can be found in their newest text."""
        return sum(page.searchable for page in self.pages)


def stages_of(reports: Iterable[Mapping[str, Any]], now_ms: int) -> tuple[Stage, ...]:
    """Return the stages with the workers that reported, in the order in which a page passes them.

    A worker of another release may not report every field: what it does not say counts as 0, unknown and not ready.
    """
    workers: dict[str, list[Worker]] = {name: [] for name in ORDER}
    for one in reports:
        age = max(0, now_ms - int(one["time"]))
        worker = Worker(
            str(one.get("worker", "")),
            str(one.get("state", "")),
            bool(one.get("ready")),
            int(one.get("lag") or 0),
            float(one.get("per_second") or 0.0),
            float(one.get("oldest_seconds") or 0.0),
            int(one.get("delivered") or 0),
            int(one.get("quarantined") or 0),
            age // 1000,
            silent=age > SILENT_MS,
        )
        workers.setdefault(one["stage"], []).append(worker)
    return tuple(_stage(name, found) for name, found in workers.items())


def _stage(name: str, workers: list[Worker]) -> Stage:
    alive = [one for one in workers if not one.silent]
    lag, rate = sum(one.lag for one in alive) if alive else None, sum(one.per_second for one in alive)
    left = None if lag is None else 0.0 if lag == 0 else lag / rate if rate > 0 else None
    oldest = max((one.oldest_seconds for one in alive), default=0.0)
    return Stage(name, lag, round(rate, 1), oldest, left, tuple(sorted(workers, key=lambda one: one.name)))


def states_request(day: dt.date) -> dict[str, Any]:
    """Return the request for what ingest and segment remember of the issues of a day, without the text."""
    return {
        "query": {
            "bool": {
                "filter": [
                    {"terms": {"stage": ["ingest", "segment"]}},
                    {"wildcard": {"key": {"value": f"*/{day.isoformat()}"}}},
                ]
            }
        },
        "size": 2 * MOST_ISSUES,
        "_source": ["stage", "key", "after.version", "after.pages.page", "after.revision", "after.step"],
    }


def searchable_request(day: dt.date) -> dict[str, Any]:
    """Return the request for how many articles of each page of a day can be found, and how sure they are."""
    confidence = {"mean": {"avg": {"field": fields.CONFIDENCE}}, "least": {"min": {"field": fields.CONFIDENCE}}}
    return {
        "query": {"term": {fields.DATE: day.isoformat()}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {
            "issues": {
                "terms": {"field": "issue_id", "size": MOST_ISSUES},
                "aggs": {"pages": {"terms": {"field": "page", "size": MOST_PAGES}, "aggs": confidence}},
            }
        },
    }


def progress_of(
    states: Iterable[Mapping[str, Any]], records: Iterable[Mapping[str, Any]], counted: Mapping[str, Any]
) -> tuple[IssueProgress, ...]:
    """Return the issues of a day, page by page.

    Args:
        states: the documents of `states_request`.
        records: the issues' documents in the index.
        counted: the aggregations of `searchable_request`.
    """
    arrived: dict[str, Mapping[str, Any]] = {}
    segmented: dict[str, int] = {}
    for one in states:
        after = one.get("after") or {}
        if one["stage"] == "ingest":
            arrived[one["key"]] = after
        else:
            segmented[one["key"]] = int(after.get("version", -1))
    shown = {one["issue_id"]: int(one["version"]) for one in records}
    found = []
    for issue_id in sorted({*arrived, *shown}):
        after = arrived.get(issue_id, {})
        version = int(after.get("version") or 0)
        buckets = _buckets(counted, issue_id)
        names = [str(page["page"]) for page in after.get("pages", ())] or sorted(buckets)
        pages = tuple(
            PageProgress(
                page,
                segmented.get(issue_id, -1) >= version,
                shown.get(issue_id, -1) >= version,
                buckets.get(page, {}).get("doc_count", 0),
                buckets.get(page, {}).get("mean", {}).get("value"),
                buckets.get(page, {}).get("least", {}).get("value"),
            )
            for page in names
        )
        found.append(IssueProgress(issue_id, pages))
    return tuple(found)


def _buckets(counted: Mapping[str, Any], issue_id: str) -> dict[str, Mapping[str, Any]]:
    for issue in counted.get("issues", {}).get("buckets", ()):
        if issue["key"] == issue_id:
            return {str(page["key"]): page for page in issue["pages"]["buckets"]}
    return {}
