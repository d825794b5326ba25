"""What a worker counts about its own work, for Prometheus."""

from __future__ import annotations

import platform
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BATCH_SIZES = (1, 5, 20, 50, 100, 200, 500, 1000, 5000)
BATCH_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)
LATENCY_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400)


class Measures:
    """The metrics of one worker, in a registry of their own.

    Args:
        stage: the value of the label `stage` on every metric.
    """

    def __init__(self, stage: str) -> None:
        self.registry = CollectorRegistry()
        label: dict[str, Any] = {"labelnames": ("stage",), "registry": self.registry}
        self._outcomes = Counter(
            "broadsheet_records",
            "Records by what became of them: emitted, quarantined, or abandoned (they come again).",
            ("stage", "outcome"),
            registry=self.registry,
        )
        self._damage = Counter(
            "broadsheet_damaged_lines",
            "Lines with damaged text by its kind, counted each time their issue is segmented.",
            ("stage", "kind"),
            registry=self.registry,
        )
        self._unread = Counter(
            "broadsheet_unreadable_characters",
            "Characters that could not be read, counted each time their issue is segmented.",
            **label,
        ).labels(stage)
        self._stage = stage
        for outcome in ("emitted", "quarantined", "abandoned"):
            self._outcomes.labels(stage, outcome)
        self._sizes = Histogram("broadsheet_batch_records", "Records in a batch.", buckets=BATCH_SIZES, **label).labels(
            stage
        )
        self._seconds = Histogram(
            "broadsheet_batch_seconds", "From taking a batch to its commit.", buckets=BATCH_SECONDS, **label
        ).labels(stage)
        self._ignored = Counter(
            "broadsheet_ignored_pages",
            "Pages that changed nothing, since they were published last with too small a revision.",
            **label,
        ).labels(stage)
        self._latency = Histogram(
            "broadsheet_searchable_seconds",
            "From publishing a page to its new article being stored for search, which sees it within a second more.",
            buckets=LATENCY_SECONDS,
            **label,
        ).labels(stage)
        self._lag = Gauge(
            "broadsheet_lag_records",
            "Records of a partition that are not yet delivered.",
            ("stage", "topic", "partition"),
            registry=self.registry,
        )
        self._lost = Gauge(
            "broadsheet_input_lost_offsets",
            "Offsets of a partition that the stage has yet to read and Kafka no longer has.",
            ("stage", "topic", "partition"),
            registry=self.registry,
        )
        show_release(self.registry, stage)
        self._ready = Gauge("broadsheet_ready", "1 while the worker does its work, 0 while it cannot.", **label).labels(
            stage
        )
        age = Gauge(
            "broadsheet_oldest_record_age_seconds",
            "Age of the oldest record not yet delivered: exact for one in hand, else since it was seen to wait.",
            **label,
        ).labels(stage)
        age.set_function(self._age)
        self._waiting = Gauge(
            "broadsheet_waiting_seconds",
            "How long a transaction left open, or a server, has kept the worker from its partitions or from records.",
            **label,
        ).labels(stage)
        self._oldest_ms: float | None = None
        self._shown: frozenset[tuple[str, int]] = frozenset()

    def readiness(self, is_ready: Callable[[], bool]) -> None:
        """Show what `is_ready` returns whenever the metrics are read; any thread may call it."""
        self._ready.set_function(lambda: float(is_ready()))

    def waiting(self, seconds: Callable[[], float]) -> None:
        """Show what `seconds` returns whenever the metrics are read; any thread may call it."""
        self._waiting.set_function(seconds)

    def taken(self, oldest_ms: int) -> None:
        """Record that the worker has taken a batch, and the timestamp of the batch's oldest record."""
        self._oldest_ms = oldest_ms

    def delivered(self, records: int, rejected: int, seconds: float) -> None:
        """Count a committed batch."""
        self._oldest_ms = None
        self._outcomes.labels(self._stage, "emitted").inc(records - rejected)
        self._outcomes.labels(self._stage, "quarantined").inc(rejected)
        self._sizes.observe(records)
        self._seconds.observe(seconds)

    def damaged(self, unread: int, kinds: Iterable[tuple[str, int]]) -> None:
        """Count the damage in an issue's text: unreadable characters, and damaged lines of each kind."""
        self._unread.inc(unread)
        for kind, lines in kinds:
            self._damage.labels(self._stage, kind).inc(lines)

    def noted(self, ignored: int, searchable_after: Iterable[float]) -> None:
        """Count a batch's pages that changed nothing, and its new articles by the seconds since their publication."""
        self._ignored.inc(ignored)
        for seconds in searchable_after:
            self._latency.observe(seconds)

    def abandoned(self, records: int) -> None:
        """Count a batch that was abandoned without a commit."""
        self._oldest_ms = None
        self._outcomes.labels(self._stage, "abandoned").inc(records)

    def lag(self, lags: dict[tuple[str, int], int]) -> None:
        """Show the lag of every partition, by topic and number; a partition not in `lags` is no longer ours."""
        for (topic, partition), records in lags.items():
            self._lag.labels(self._stage, topic, str(partition)).set(records)
        for topic, partition in self._shown - lags.keys():
            self._lag.remove(self._stage, topic, str(partition))
        self._shown = frozenset(lags)
        if not any(lags.values()):
            self._oldest_ms = None
        elif self._oldest_ms is None:
            self._oldest_ms = time.time() * 1000

    def lost(self, topic: str, partition: int, offsets: int) -> None:
        """Show how many offsets are lost that the stage still had to read."""
        self._lost.labels(self._stage, topic, str(partition)).set(offsets)

    def _age(self) -> float:
        oldest = self._oldest_ms
        return 0.0 if oldest is None else max(0.0, time.time() - oldest / 1000)


def show_release(registry: CollectorRegistry, stage: str) -> None:
    """Show in `registry` which release and which Python a process of `stage` runs."""
    build = Gauge(
        "broadsheet_build_info",
        "1; its labels say which release this process runs.",
        ("stage", "version", "python"),
        registry=registry,
    )
    build.labels(stage, version("broadsheet"), platform.python_version()).set(1)
