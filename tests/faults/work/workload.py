"""What newsrooms publish in a run: the same seed gives the same messages, byte for byte and in the same order.

Each issue has its own script. It arrives complete, or page by page in any order. Then it is sent twice, corrected (a
story is changed, split, merged, dropped or moved), followed by older messages of its own, withdrawn, or accompanied by
messages that are not an issue at all. The scripts of all issues are interleaved.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tests.faults.judging.model import Meaning
from tests.faults.work import newsprint
from tests.faults.work.poison import JSON, Topic, poison_anywhere, poison_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from services.runtime.messages.records import Headers
    from tests.faults.judging.model import Place
    from tests.faults.work.newsprint import Story

FIRST_MS = 1_690_000_000_000
FIRST_DAY = dt.date(2023, 8, 1)
PAPERS = ("渔港日报", "南岭晚报", "古城周刊")
LATEST_START = 0.85
STEP_GAP = 0.05
FURTHER_STEPS = (0, 0, 0, 1, 1, 1, 2, 3)
PAGES = (*[1] * 16, *[2] * 3, 3)
"""Mostly one: a page of any length takes segment about 15 ms, and takes it again with each page that arrives."""
STORIES = (1, 1, 1, 2, 2, 3)
FIRST_STATES = 24
STRAY_POISON_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Message:
    """A record to publish.

    Attributes:
        topic: a field of `services.runtime.names.Names`.
        sort: its sort, in a word.
        means: what it says; None if it must end in quarantine.
    """

    topic: Topic
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int
    sort: str
    means: Meaning | None = None


def _first_state(chance: random.Random) -> dict[int, list[Story]]:
    count = chance.choice(PAGES)
    return {page: newsprint.stories(chance, chance.choice(STORIES)) for page in range(1, count + 1)}


_FIRST = tuple(_first_state(random.Random(f"issue {number}")) for number in range(FIRST_STATES))
"""Every issue begins in one of these states; see `newsprint` for why there are few."""


def workload(seed: int, issues: int) -> tuple[Message, ...]:
    """Return the messages about this many issues, in the order in which they are published."""
    chance = random.Random(f"workload {seed}")
    timed: list[tuple[float, int, Message]] = []
    for number in range(issues):
        moment = chance.uniform(0, LATEST_START)
        for message in script(chance, number):
            timed.append((moment, len(timed), message))
            moment += chance.expovariate(1 / STEP_GAP)
    for number in range(max(4, int(issues * STRAY_POISON_SHARE))):
        topic, key, value = poison_anywhere(chance, number)
        timed.append((chance.random(), len(timed), Message(topic, key, value, (), FIRST_MS, "poison")))
    timed.append((chance.random() / 2, len(timed), sample()))
    return tuple(message for _, _, message in sorted(timed, key=lambda each: each[:2]))


def meanings(messages: Iterable[Message]) -> dict[Place, Meaning]:
    """Return what each message means, except poison."""
    return {
        (each.key, each.value, each.headers, each.timestamp): each.means for each in messages if each.means is not None
    }


def sample() -> Message:
    """Return the sample issue, which has every part that an article can have."""
    folder = files("seeds") / "sample"
    about = json.loads((folder / "issue.json").read_text("utf-8"))
    text = (folder / "page-01.txt").read_text("utf-8")
    content = {"paper": about["paper"], "date": about["date"], "pages": [{"page": 1, "text": text}], "revision": 1}
    key = f"{about['paper']}/{about['date']}"
    value = json.dumps(content, ensure_ascii=False).encode()
    return Message("raw", key.encode(), value, JSON, FIRST_MS, "whole", Meaning(key, 1, ((1, text),)))


def script(chance: random.Random, number: int) -> Iterator[Message]:
    """Yield the messages about an issue."""
    desk = _Desk(chance, number)
    yield from desk.opening()
    events: tuple[Callable[[], Iterator[Message]], ...] = (
        desk.duplicate,
        desk.duplicate,
        desk.correction,
        desk.correction,
        desk.correction,
        desk.late,
        desk.late,
        desk.withdrawal,
        desk.contradiction,
        desk.poison,
    )
    for _ in range(chance.choice(FURTHER_STEPS)):
        yield from chance.choice(events)()


@dataclass(slots=True)
class _Desk:
    """The newsroom's desk for an issue: what it holds of the issue now, and everything that it sent."""

    chance: random.Random
    number: int
    paper: str = ""
    date: str = ""
    numbered: bool = True
    revision: int = 1
    pages: dict[int, list[Story]] = field(default_factory=dict)
    past: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.paper = PAPERS[self.number % len(PAPERS)]
        self.date = (FIRST_DAY + dt.timedelta(days=self.number // len(PAPERS))).isoformat()
        # A newsroom without its own revision numbers: the time of sending counts.
        self.numbered = self.chance.random() < 0.7
        self.revision = self.chance.randint(1, 40)
        self.pages = {page: list(stories) for page, stories in self.chance.choice(_FIRST).items()}

    @property
    def key(self) -> bytes:
        return f"{self.paper}/{self.date}".encode()

    def opening(self) -> Iterator[Message]:
        if len(self.pages) == 1 or self.chance.random() < 0.4:
            yield self._whole("whole", complete=self.chance.random() < 0.5)
            return
        numbers = list(self.pages)
        self.chance.shuffle(numbers)
        for page in numbers:
            yield self._page("page", page)
            if self.chance.random() < 0.2:
                self.revision += 1

    def duplicate(self) -> Iterator[Message]:
        yield replace(self.chance.choice(self.past), sort="duplicate")

    def correction(self) -> Iterator[Message]:
        self.revision += self.chance.randint(1, 3)
        page = self.chance.choice(list(self.pages))
        stories = self.pages[page]
        place = self.chance.randrange(len(stories))
        how = self.chance.choice(("change", "change", "split", "merge", "drop", "move", "add", "fewer pages"))
        if how == "change":
            stories[place] = newsprint.changed(self.chance, stories[place])
        elif how == "split":
            stories[place : place + 1] = newsprint.split(stories[place])
        elif how == "merge" and place + 1 < len(stories):
            stories[place : place + 2] = [newsprint.merged(stories[place], stories[place + 1])]
        elif how == "drop" and len(stories) > 1:
            del stories[place]
        elif how == "move" and len(self.pages) > 1 and len(stories) > 1:
            other = self.chance.choice([number for number in self.pages if number != page])
            self.pages[other].append(stories.pop(place))
            yield self._page("correction", other)
        elif how == "fewer pages" and len(self.pages) > 1:
            del self.pages[page]
            yield self._whole("correction", complete=True)
            return
        else:
            stories.append(newsprint.story(self.chance))
        yield self._page("correction", page)

    def late(self) -> Iterator[Message]:
        """Something older than the current state: an earlier message again, or a page that nobody has seen."""
        if len(self.past) > 1 and self.chance.random() < 0.6:
            yield replace(self.chance.choice(self.past[:-1]), sort="late")
            return
        older = max(0, self.revision - self.chance.randint(1, 5))
        page = self.chance.choice([*self.pages, 9])
        yield self._issue("late", {page: [newsprint.story(self.chance)]}, older)

    def withdrawal(self) -> Iterator[Message]:
        last = self.past[-1]
        overtaken = self.chance.random() < 0.3
        if overtaken:
            # The correction that follows the withdrawal is sent before it.
            before = self.revision + 1
            self.revision += 2
            yield self._whole("correction", complete=False)
            yield self._issue("withdrawal", {}, before, withdrawn=True)
            return
        self.revision += 1
        yield self._issue("withdrawal", {}, self.revision, withdrawn=True)
        if self.chance.random() < 0.5:
            yield replace(last, sort="late")
        if self.chance.random() < 0.4:
            self.revision += 1
            yield self._whole("correction", complete=False)

    def contradiction(self) -> Iterator[Message]:
        """The same page under the same revision with another text."""
        page = self.chance.choice(list(self.pages))
        yield self._issue("contradiction", {page: [newsprint.story(self.chance)]}, self.revision)

    def poison(self) -> Iterator[Message]:
        value, headers = poison_for(self.chance, self.paper, self.date)
        yield Message("raw", self.key, value, headers, self._timestamp(self.revision), "poison")

    def _page(self, sort: str, page: int) -> Message:
        return self._issue(sort, {page: self.pages[page]}, self.revision)

    def _whole(self, sort: str, *, complete: bool) -> Message:
        return self._issue(sort, self.pages, self.revision, complete=complete)

    def _issue(self, sort: str, pages: dict[int, list[Story]], revision: int, **marks: bool) -> Message:
        texts = {number: newsprint.page_text(stories) for number, stories in pages.items()}
        if texts and self.chance.random() < 0.4:
            value, headers = self._as_text(texts, revision, **marks)
        else:
            value, headers = self._as_json(texts, revision, **marks)
        counts = revision if self.numbered else self._timestamp(revision)
        means = Meaning(self.key.decode(), counts, tuple(sorted(texts.items())), **marks)
        message = Message("raw", self.key, value, headers, self._timestamp(revision), sort, means)
        self.past.append(message)
        return message

    def _timestamp(self, revision: int) -> int:
        return FIRST_MS + self.number * 60_000 + revision

    def _as_json(self, texts: dict[int, str], revision: int, **marks: bool) -> tuple[bytes, Headers]:
        content: dict[str, Any] = {"paper": self.paper, "date": self.date, **marks}
        content["pages"] = [{"page": number, "text": text} for number, text in texts.items()]
        if self.numbered:
            content["revision"] = revision
        return json.dumps(content, ensure_ascii=False).encode(), (("content-type", b"application/json"),)

    def _as_text(self, texts: dict[int, str], revision: int, **marks: bool) -> tuple[bytes, Headers]:
        fields = {"paper": self.paper, "date": self.date, **{name: "true" for name, on in marks.items() if on}}
        if len(texts) == 1:
            fields["page"] = str(next(iter(texts)))
        else:
            fields["pages"] = ",".join(map(str, texts))
        if self.numbered:
            fields["revision"] = str(revision)
        encoding = self.chance.choice(("utf-8", "gb18030"))
        headers = (("content-type", b"text/plain"), *((name, text.encode()) for name, text in fields.items()))
        return "\f".join(texts.values()).encode(encoding), headers
