"""What pages cost that arrive alone, against the same pages at once: `python -m benchmarks.arrivals [PAGES]`.

CPU time of what the stages ingest and segment do for an issue, with their states as JSON, in this process and without
servers. An issue whose pages come one by one is segmented at each arrival; a page that was read before must not cost
its reading again.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json

from benchmarks.changes import DAY
from benchmarks.whole.corpus import texts
from schemas.contract import decode
from schemas.issue import Issue
from schemas.raw import RawIssue, RawPage
from services.arrivals.reading import Arrival, read_arrival
from services.ingest.app import take_in
from services.ingest.known_pages import PAGES as SHARED_PAGES
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.elasticsearch.state_document import slot_of, source_of
from services.runtime.messages.records import Record
from services.segment.app import segment
from services.segment.segmentation import segment_issue

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES: Final = 200
ROUNDS: Final = 3
SHARED: Final = {"ingest": SHARED_PAGES, "segment": None}
"""The list of a state that the processors do not write twice."""


class Stages:
    """Ingest and segment, with what they remember of one issue."""

    def __init__(self, paper: str) -> None:
        self._paper = paper
        self._states: dict[str, bytes] = {}
        self.seconds: dict[str, float] = {"ingest": 0.0, "segment": 0.0}
        self.sent = 0

    def publish(self, pages: dict[int, str]) -> None:
        """Take pages in, and segment the issue as it is then known."""
        raw = RawIssue(
            paper=self._paper,
            date=DAY,
            revision=1,
            pages=tuple(RawPage(page=number, text=text) for number, text in pages.items()),
        )
        self.sent += 1
        record = Record("issues.raw", 0, self.sent, 1, None, raw.model_dump_json(exclude_none=True).encode())
        began = time.process_time()
        arrival = read_arrival(record)
        assert isinstance(arrival, Arrival)
        states = self._read("ingest", arrival.issue_id)
        (issue,) = take_in(record, arrival, states, "issues")
        self._write("ingest", states, arrival.issue_id)
        between = time.process_time()
        known = decode(Issue, issue.value)
        states = self._read("segment", arrival.issue_id)
        segment(Record("issues", 0, self.sent, 1, None, issue.value), known, states, "articles")
        self._write("segment", states, arrival.issue_id)
        self.seconds["ingest"] += between - began
        self.seconds["segment"] += time.process_time() - between

    def _read(self, stage: str, issue_id: str) -> StateBatch:
        held = self._states.get(stage)
        slot = Slot(None, None, "", None) if held is None else slot_of(from_json(held), (0, 1), SHARED[stage])
        return StateBatch({issue_id: slot})

    def _write(self, stage: str, states: StateBatch, issue_id: str) -> None:
        self._states[stage] = source_of(stage, issue_id, states.slots[issue_id], SHARED[stage])


def spent(pages: Sequence[str], paper: str, at_once: int) -> dict[str, float]:
    """Return stage -> seconds for pages of which so many arrive together.

    Each page begins with the paper's name, so that no page was read for another paper before.
    """
    stages = Stages(paper)
    numbered = list(enumerate((f"{paper}\n{number}版\n{text}" for number, text in enumerate(pages, 1)), 1))
    for start in range(0, len(numbered), at_once):
        stages.publish(dict(numbered[start : start + at_once]))
    return stages.seconds


def main() -> int:
    """Print the seconds and the ratio; return 0."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    found = texts()
    pages = [found[number % len(found)] for number in range(count)]
    segment_issue({1: pages[0]})
    ratios = []
    for number in range(ROUNDS):
        once = spent(pages, f"一次日报{number}", count)
        alone = spent(pages, f"逐页日报{number}", 1)
        ratios.append(sum(alone.values()) / sum(once.values()))
        print(
            f"{count} pages: at once "
            + ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in once.items())
            + "; one by one "
            + ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in alone.items())
            + f"; {ratios[-1]:.2f} times",
            flush=True,
        )
    print(f"median {sorted(ratios)[len(ratios) // 2]:.2f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
