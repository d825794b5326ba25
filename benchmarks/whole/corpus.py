"""The issues that a run publishes, with what our pure functions make of each: articles, messages and documents."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json

from benchmarks.newsroom import page as made_up_page
from benchmarks.segmentation import bench_folder
from schemas.contract import decode
from schemas.issue import Issue
from schemas.raw import RawIssue, RawPage
from services.arrivals.reading import Arrival, read_arrival
from services.index.app import action
from services.ingest.app import take_in
from services.runtime.elasticsearch.bulk import Operation
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.messages.records import Emission, Record
from services.segment.app import segment
from services.segment.segmentation import segment_issue
from services.tag.app import tag
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from training.segmentation.corpus import issue_folders, page_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.runtime.names import Names

FIRST_DAY: Final = dt.date(2001, 1, 1)
PAPER: Final = "海湾日报"
STAGES: Final = ("ingest", "segment", "tag", "index")


@dataclass(frozen=True, slots=True)
class Item:
    """An issue of one page, as it is published."""

    issue_id: str
    value: bytes


@dataclass(slots=True)
class Made:
    """What the pure functions made of some issues.

    Attributes:
        seconds: stage -> CPU time.
        operations: the documents of the articles, ready for a bulk request.
        tagged: the messages of `articles.tagged`.
        articles: issue -> how many articles it has.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    operations: list[Operation] = field(default_factory=list)
    tagged: list[Emission] = field(default_factory=list)
    articles: dict[str, int] = field(default_factory=dict)


def texts() -> list[str]:
    """Return the texts of the bench's pages, if there is a bench, else made-up ones."""
    folders = issue_folders([bench_folder() / "segmentation" / "dev"])
    found = [text for folder in folders for text in page_texts(folder).values()]
    return found or [made_up_page(number) for number in range(100)]


def items(count: int, first: int = 0) -> list[Item]:
    """Return `count` issues from number `first` on; no two pages are the same, and each number's is always the same."""
    pages = texts()
    found = []
    for number in range(first, first + count):
        # A stage keeps what it made of a page that it has seen before, so each page needs a line of its own.
        text = f"{PAPER} 第{number}号\n{pages[number % len(pages)]}"
        day = FIRST_DAY + dt.timedelta(days=number)
        raw = RawIssue(paper=PAPER, date=day, revision=1, pages=(RawPage(page=1, text=text),))
        found.append(Item(f"{PAPER}/{day}", raw.model_dump_json(exclude_none=True).encode()))
    return found


def page_by_page(issues: int, pages: int, first: int = 0) -> tuple[list[Item], list[Item]]:
    """Return issues of several pages: one record for each page, in the order of arrival, and one for each whole issue.

    Args:
        issues: how many.
        pages: how many pages each has.
        first: the number of the first issue.
    """
    found = texts()
    single: list[Item] = []
    whole: list[Item] = []
    for number in range(first, first + issues):
        day = FIRST_DAY + dt.timedelta(days=number)
        printed = tuple(
            RawPage(page=page, text=f"{PAPER} 第{number}号第{page}版\n{found[(number * pages + page) % len(found)]}")
            for page in range(1, pages + 1)
        )
        for some in (*((page,) for page in printed), printed):
            raw = RawIssue(paper=PAPER, date=day, revision=1, pages=some)
            (whole if some is printed else single).append(
                Item(f"{PAPER}/{day}", raw.model_dump_json(exclude_none=True).encode())
            )
    return single, whole


class Makers:
    """Our pure functions, stage by stage, as the processors call them; without any server."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._tagger = Tagger(seed_taxonomy())
        # Models are read at the first page.
        segment_issue({1: made_up_page(0)})

    def make(self, published: Sequence[Item]) -> Made:
        """Take the issues all the way, and measure the CPU time of each stage."""
        made, names = Made(), self._names
        for item in published:
            clock = _Clock(made.seconds)
            states = StateBatch({item.issue_id: Slot(None, None, "", None)})
            raw = _record(names.raw, Emission(names.raw, item.issue_id.encode(), item.value, (), 1))
            arrival = read_arrival(raw)
            assert isinstance(arrival, Arrival)
            issues = list(take_in(raw, arrival, states, names.issues))
            to_json(states.slots[item.issue_id].after)
            clock.lap("ingest")
            states = StateBatch({item.issue_id: Slot(None, None, "", None)})
            articles = [
                one
                for each in issues
                for one in segment(_record(names.issues, each), decode(Issue, each.value), states, names.articles)
            ]
            to_json(states.slots[item.issue_id].after)
            clock.lap("segment")
            tagged = [tag(_record(names.articles, one), self._tagger, names.tagged) for one in articles]
            clock.lap("tag")
            actions = [one for each in tagged for one in action(_record(names.tagged, each), names)]
            made.operations += [Operation(one.operation, to_json(one.source)) for one in actions]
            clock.lap("index")
            made.tagged += tagged
            made.articles[item.issue_id] = len(articles) - 1
        return made


class _Clock:
    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
        self._at = time.process_time()

    def lap(self, stage: str) -> None:
        now = time.process_time()
        self._seconds[stage] += now - self._at
        self._at = now


def _record(topic: str, emission: Emission) -> Record:
    return Record(topic, 0, 0, emission.timestamp or 1, emission.key, emission.value, emission.headers)
