"""The four processors in this process: their own code, with stand-ins for Kafka, Elasticsearch and the taxonomy."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from services.index import app as index
from services.ingest import app as ingest
from services.runtime.messages.records import Batch, Emission, Record
from services.runtime.settings import load_settings
from services.segment import app as segment
from services.tag import app as tag
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from tests.fakes import Answer, FakeElasticsearch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    import pytest

MOMENT = 1_700_000_000_000


@dataclass
class CountingElasticsearch(FakeElasticsearch):
    """Also keeps external versions, and counts requests, gets, and the items and bytes of bulk requests by index."""

    counts: Counter[str] = field(default_factory=Counter)
    _versions: dict[str, int] = field(default_factory=dict)

    async def mget(self, *, index: str, ids: list[str], source_includes: list[str] | None = None) -> Answer:
        self.counts["get requests"] += 1
        self.counts["gets"] += len(ids)
        return await super().mget(index=index, ids=ids, source_includes=source_includes)

    async def bulk(self, *, operations: list[Any], index: str = "", refresh: bool = False) -> Answer:
        self.counts["bulk requests"] += 1
        for action, source in zip(operations[::2], operations[1::2], strict=True):
            ((_, target),) = action.items()
            place = target.get("_index", index)
            self.counts[f"items to {place}"] += 1
            self.counts[f"bytes to {place}"] += len(source if isinstance(source, bytes) else json.dumps(source))
        return await super().bulk(operations=operations, refresh=refresh)

    def _write(self, verb: str, target: dict[str, Any], source: Any) -> int:
        if "version" not in target:
            return super()._write(verb, target, source)
        if self._versions.get(target["_id"], -1) > target["version"]:
            return 409
        self._versions[target["_id"]] = target["version"]
        return 201


class _Delivery:
    condition = SimpleNamespace(running=True, settled=True)
    measures = SimpleNamespace(damaged=lambda *_: None)

    async def pause(self, seconds: float) -> None:
        raise AssertionError(f"a wait of {seconds} s")

    async def breathe(self) -> None: ...

    def on_takeover(self, check: Any) -> None: ...


@dataclass
class _Stage:
    """Keeps what handles a batch, instead of running it."""

    settings: Any
    handlers: list[Callable[[Batch], Awaitable[None]]]
    delivery: _Delivery = field(default_factory=_Delivery)

    def on_start(self, action: Any) -> None: ...

    def on_stop(self, action: Any) -> None: ...

    def run(self, handle: Callable[[Batch], Awaitable[None]]) -> int:
        self.handlers.append(handle)
        return 0


class Processors:
    """Takes records of `issues.raw` through the processors' own code, and keeps what each topic holds afterwards."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.settings = load_settings(prefix="")
        self.elasticsearch = CountingElasticsearch()
        self.topics: dict[str, list[Record]] = {}
        tagger = Tagger(seed_taxonomy())

        async def ready() -> Tagger:  # as the real one
            return tagger

        feed = SimpleNamespace(tagger=ready, start=None, stop=None)
        patch.setattr(tag, "TaxonomyFeed", lambda _: feed)
        handlers: list[Callable[[Batch], Awaitable[None]]] = []
        self.elasticsearch.close = None  # type: ignore[attr-defined]
        for app in (ingest, segment, tag, index):
            patch.setattr(app, "Stage", lambda *_, **__: _Stage(self.settings, handlers))
            if app is not tag:
                patch.setattr(app, "connect", lambda _: self.elasticsearch)
            app.run(self.settings)
        self._ingest, self._segment, self._tag, self._index = handlers

    def publish(self, values: Sequence[bytes], key: bytes) -> None:
        """Take these records all the way, in one batch at each stage."""
        names = self.settings.names
        emitted = [Emission(names.raw, key, value, (), MOMENT + number) for number, value in enumerate(values)]
        for handle in (self._ingest, self._segment, self._tag, self._index):
            emitted = asyncio.run(self._handled(handle, self._stored(emitted)))
        assert not emitted

    def _stored(self, emitted: Iterable[Emission]) -> list[Record]:
        stored = []
        for one in emitted:
            topic = self.topics.setdefault(one.topic, [])
            record = Record(one.topic, 0, len(topic), one.timestamp or MOMENT, one.key, one.value, one.headers)
            topic.append(record)
            stored.append(record)
        return stored

    @staticmethod
    async def _handled(handle: Callable[[Batch], Awaitable[None]], records: Sequence[Record]) -> list[Emission]:
        batch = Batch(records)
        while batch.records:
            await handle(batch)
            assert not batch.rejections, batch.rejections
            if not batch.left:
                break
            batch = replace(batch, records=sorted(batch.left, key=lambda one: one.offset), left=frozenset())
        return batch.emissions
