"""A newsroom for benchmarks: publishes pages at a steady rate, each an issue of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer

from schemas.raw import RawIssue, RawPage
from services.runtime.kafka.connection import connection

if TYPE_CHECKING:
    from services.runtime.settings import Settings

PAPER = "渔港日报"
FIRST_DAY = dt.date(2000, 1, 1)
STORIES = 4
"""Stories on a page of 40 lines: few, so that a busy machine keeps up with the rate."""

STORY = """{place}第{number}渔港今晨开渔
■记者 陈小海
　　本报讯 今晨六时，随着一声汽笛，{number}
艘渔船依次驶出{place}渔港，为期三个半
月的休渔期结束。渔民陈大海说，今年的
鱼比往年多，头一网就有两千斤。
　　港务局说，今年出海的船比去年多了三
十艘，码头上的冰厂日夜开工，{place}的
水产市场从清晨开到深夜，运鱼的货车排
到了三公里以外。
"""
"""A fishing season opens; place and number make each story different."""

CORRECTED_AFTER = 10
"""A page is corrected when so many more are published."""

PLACES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东西"


def page(number: int) -> str:
    """Return the text of page `number` of a run."""
    return "\n".join(
        STORY.format(place=f"{PLACES[story]}县", number=number * STORIES + story) for story in range(STORIES)
    )


@dataclass(slots=True)
class Newsroom:
    """Publishes until it is closed.

    Attributes:
        settings: where Kafka is.
        pages_a_second: the rate.
        published: how many issues Kafka has stored.
    """

    settings: Settings
    pages_a_second: float
    published: int = 0
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def publish(self) -> None:
        """Publish one issue after another at the rate, without falling behind it."""
        began = time.monotonic()
        async with AIOKafkaProducer(**connection(self.settings)) as producer:
            while not self._closed.is_set():
                issue_id, value = issue(self.published)
                await producer.send_and_wait(self.settings.names.raw, value, key=issue_id.encode())
                self.published += 1
                wait = began + self.published / self.pages_a_second - time.monotonic()
                await asyncio.sleep(max(0.0, wait))

    def close(self) -> None:
        """Publish no more."""
        self._closed.set()


def day(number: int) -> dt.date:
    """Return the date of the issue with this number; each has a date of its own."""
    return FIRST_DAY + dt.timedelta(days=number)


def issue(number: int) -> tuple[str, bytes]:
    """Return id and message of the issue with this number: one page."""
    raw = RawIssue(paper=PAPER, date=day(number), revision=1, pages=(RawPage(page=1, text=page(number)),))
    return f"{PAPER}/{day(number)}", raw.model_dump_json(exclude_none=True).encode()


@dataclass(slots=True)
class CorrectingNewsroom:
    """Publishes a page at intervals, and corrects each page once: a story changes, and the last one is gone.

    Attributes:
        settings: where Kafka is.
        seconds: between two pages.
        published: when Kafka stored the first version of each issue (monotonic).
        corrected: how many of them are corrected.
    """

    settings: Settings
    seconds: float
    published: list[float] = field(default_factory=list)
    corrected: int = 0
    closed: bool = False

    async def publish(self) -> None:
        """Publish until closed; then correct what is not corrected yet."""
        async with AIOKafkaProducer(**connection(self.settings)) as producer:
            while not self.closed:
                began = time.monotonic()
                await self._send(producer, len(self.published), 1)
                self.published.append(time.monotonic())
                if len(self.published) > CORRECTED_AFTER:
                    await self._correct(producer)
                await asyncio.sleep(max(0.0, began + self.seconds - time.monotonic()))
            while self.corrected < len(self.published):
                await self._correct(producer)

    async def _correct(self, producer: AIOKafkaProducer) -> None:
        await self._send(producer, self.corrected, 2)
        self.corrected += 1

    async def _send(self, producer: AIOKafkaProducer, number: int, revision: int) -> None:
        text = page(number) if revision == 1 else corrected_page(number)
        raw = RawIssue(paper=PAPER, date=day(number), revision=revision, pages=(RawPage(page=1, text=text),))
        value = raw.model_dump_json(exclude_none=True).encode()
        await producer.send_and_wait(self.settings.names.raw, value, key=f"{PAPER}/{day(number)}".encode())


def corrected_page(number: int) -> str:
    """Return a page without its last story, and with another catch in its first."""
    first, *others = page(number).split("\n\n")
    return "\n\n".join([first.replace("两千斤", "三千斤"), *others[:-1]])
