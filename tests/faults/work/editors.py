"""Editors who correct articles of finished issues that a search shows them, whatever breaks.

The seed decides the issues and the sort of change. The machine's speed decides what an article contains at that moment.
So the expected result of the corrections is computed from their topic.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from elastic_transport import TransportError
from elasticsearch import ApiError

from schemas.correction import ANCHOR_CHARACTERS, Correction
from services.index.names import Names
from services.runtime.errors import Unavailable
from services.runtime.kafka.corrections import CorrectionSender
from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiokafka import TopicPartition

    from tests.faults.servers.installation import Installation
    from tests.faults.work.workload import Message

    Article = Mapping[str, Any]

SHARE = 0.15
"""The share of issues that editors look at."""

EDITORS = ("周敏", "何青", "罗远")
FIRST = dt.datetime(2023, 9, 1, 8, tzinfo=dt.UTC)
KINDS = ("story", "brief", "notice")
TOPICS = ((), ("customs",), ("industry", "united_front"), ("industry", "harbour"))
"""The topics to choose from; one of them is not in the taxonomy."""

PATIENCE_SECONDS = 20.0
"""How long an editor waits until an issue is found; some issues were withdrawn."""

LOOK_SECONDS = 1.0

TAKEN_IN_SECONDS = 300.0
"""How long an editor waits for ingest; if ingest is further behind, the trial shows why."""


class Editors:
    """The editors of a seed; each issue that they look at is a task.

    They begin with an issue after its newsroom's last message, and with every second issue after its first message.

    Attributes:
        early: the issues with which they began early.
        late: the last message of each early issue, to be published after its corrections: the next revision must not
            undo them.

    Args:
        to: the installation.
        seed: decides what they do.
        messages: what newsrooms publish.
        tasks: runs the editors.
    """

    def __init__(self, to: Installation, seed: int, messages: Sequence[Message], tasks: asyncio.TaskGroup) -> None:
        self._to = to
        self._seed = seed
        self._tasks = tasks
        spoken = [each for each in messages if each.topic == "raw" and each.key and b"/" in each.key]
        last = {each.key.decode(): each for each in spoken if each.key}
        first = {each.key.decode(): each for each in reversed(spoken) if each.key}
        chance = random.Random(f"editors {seed}")
        chosen = chance.sample(sorted(last), max(1, int(len(last) * SHARE)))
        early = [issue_id for issue_id in chosen[::2] if first[issue_id] is not last[issue_id]]
        self.early = frozenset(early)
        self.late = tuple(last[issue_id] for issue_id in early)
        self._at_work: list[asyncio.Task[None]] = []
        self._waiting = {id((first if issue_id in early else last)[issue_id]): issue_id for issue_id in chosen}

    def published(self, message: Message, part: TopicPartition, offset: int) -> None:
        """Record that a message is stored at its place; after an issue's last message, an editor begins."""
        issue_id = self._waiting.pop(id(message), None)
        if issue_id is not None:
            task = self._tasks.create_task(self._edit(issue_id, part, offset))
            if issue_id in self.early:
                self._at_work.append(task)

    async def early_done(self) -> None:
        """Return when the corrections of the early issues are sent, and ingest has most probably taken them in."""
        await asyncio.gather(*self._at_work)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._to.watch.caught_up("ingest")

    async def _edit(self, issue_id: str, part: TopicPartition, offset: int) -> None:
        try:
            async with asyncio.timeout(TAKEN_IN_SECONDS):
                await self._to.watch.passed("ingest", part, offset)
        except TimeoutError:
            return
        seen = await self._look(issue_id)
        if not seen:
            return
        sender = CorrectionSender(self._to.settings)
        try:
            for correction in corrections(random.Random(f"editor {self._seed} {issue_id}"), seen):
                await _send(sender, correction)
        finally:
            await sender.stop()

    async def _look(self, issue_id: str) -> list[Article]:
        index = Names(self._to.settings.prefix, "articles").read
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with suppress(ApiError, TransportError):
                answer = await self._to.client.search(index=index, query={"term": {"issue_id": issue_id}}, size=50)
                found = [hit["_source"][fields.ARTICLE] for hit in answer["hits"]["hits"]]
                if found:
                    return sorted(found, key=lambda article: article["article_id"])
            await asyncio.sleep(LOOK_SECONDS)
        return []


async def _send(sender: CorrectionSender, correction: Correction) -> None:
    while True:
        with suppress(Unavailable):
            await sender.send(correction)
            return
        await asyncio.sleep(LOOK_SECONDS)


def corrections(chance: random.Random, articles: Sequence[Article]) -> Iterator[Correction]:
    """Yield what an editor sends about articles of an issue: JSON with `article_id`, `headline` and `body`."""
    sent: list[Correction] = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        for change in _changes(chance, chance.choice(articles), articles):
            sent.append(_correction(chance, **change))
            yield sent[-1]
    if chance.random() < 0.3:
        yield chance.choice(sent)
    if chance.random() < 0.3:
        one = chance.choice(sent)
        yield _correction(chance, one.article_id, {"change": "take_back", "taken_back": one.correction_id})
    if chance.random() < 0.1:
        # The same id with other content is refused.
        yield chance.choice(sent).model_copy(update={"by": "同名编辑"})


def _changes(chance: random.Random, article: Article, articles: Sequence[Article]) -> Iterator[dict[str, Any]]:
    """Yield a change of an article, or two changes if the second builds on the first."""
    article_id, headline = article["article_id"], article["headline"] or "无题"
    others = [each for each in articles if each["article_id"] != article_id]
    match chance.choice(("headline", "headline", "kind", "topics", "merge", "split")):
        case "kind":
            change = {"change": "kind", "kind": chance.choice(KINDS)}
        case "topics":
            change = {"change": "topics", "topics": chance.choice(TOPICS)}
        case "merge" if others:
            other = chance.choice(others)
            yield {"article_id": article_id, "change": {"change": "merge", "other_id": other["article_id"]}}
            if chance.random() < 0.5 or not other["headline"]:
                return
            # The merged article begins with its headline, which is now a subhead, and is split off again there.
            change = {"change": "split", "begins": other["headline"][:ANCHOR_CHARACTERS]}
        case "split":
            block = chance.choice(article["body"])["text"] if article["body"] else headline
            change = {"change": "split", "begins": block[:ANCHOR_CHARACTERS], "headline": f"{headline[:20]}之二"}
        case _:
            change = {"change": "headline", "headline": f"{headline[:40]}（更正）"}
    yield {"article_id": article_id, "change": change}


def _correction(chance: random.Random, article_id: str, change: Mapping[str, Any]) -> Correction:
    fields_of = {
        "correction_id": chance.randbytes(16).hex(),
        "article_id": article_id,
        "by": chance.choice(EDITORS),
        # Clocks differ, so a later message may have an earlier date.
        "at": FIRST + dt.timedelta(seconds=chance.randint(0, 600)),
        "change": dict(change),
    }
    return Correction.model_validate(fields_of, strict=False)
