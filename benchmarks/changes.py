"""How many messages a change of an article costs: `python -m benchmarks.changes`.

Publishes the bench's issues page by page, as pages arrive from a newsroom, then pushes a taxonomy with one more topic
and retags. It calls what the processors call for each record, without servers, and counts the messages of
articles.tagged by what they say that they are. For comparison it counts what would be sent if every version repeated
all its articles.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.segmentation import bench_folder
from schemas.issue import Issue, Page, issue_id, version_of
from schemas.taxonomy import Terms, TopicDefinition
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.messages.records import Record
from services.segment.app import segment
from services.tag.app import tag
from services.tag.retag import Ledger, tagged_again
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from training.segmentation.corpus import issue_folders, page_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EDUCATION = TopicDefinition(
    threshold=0.05,
    id="education",
    label="教育",
    label_en="Education",
    terms=(Terms(weight=3, words=("教育局", "中小学", "教师", "招生")),),
)
DAY = dt.date(2023, 8, 15)


def versions(paper: str, pages: Mapping[int, str]) -> Iterator[Issue]:
    """Yield the versions of an issue whose pages arrive one after the other."""
    for arrived in range(1, len(pages) + 1):
        known = sorted(pages.items())[:arrived]
        yield Issue(
            issue_id=issue_id(paper, DAY),
            paper=paper,
            date=DAY,
            revision=1,
            version=version_of(1, arrived - 1),
            pages=tuple(Page(page=number, revision=1, text=text) for number, text in known),
        )


def said(record: Record) -> str:
    """Return what a message says that it is; the issue's record says nothing."""
    return record.header("ce_difference") or "record"


def main() -> int:
    """Print the table and return 0, even without a bench."""
    bench = bench_folder() / "segmentation" / "dev"
    if not bench.is_dir():
        print(f"No segmentation bench at {bench.parent}: set BROADSHEET_BENCH to the folder that holds it.")
        return 0
    tagger = Tagger(seed_taxonomy())
    log: list[Record] = []
    repeated = arrivals = 0
    for folder in issue_folders([bench]):
        states = StateBatch({f"{folder.name}/{DAY}": Slot(None, None, "", None)})
        for issue in versions(folder.name, page_texts(folder)):
            arrivals += 1
            states.slots[issue.issue_id].seen = False
            arrival = Record("issues", 0, arrivals, arrivals, issue.issue_id.encode(), b"")
            for emission in segment(arrival, issue, states, "articles"):
                one = Record("articles", 0, len(log), 1, emission.key, emission.value, emission.headers)
                made = tag(one, tagger, "articles.tagged")
                log.append(Record("articles.tagged", 0, len(log), 1, made.key, made.value, made.headers))
            after = states.slots[issue.issue_id].after
            repeated += len(after["sent"]) + 1 if after else 0
    ledger = Ledger()
    for record in log:
        ledger.note(record)
    seeds = seed_taxonomy()
    more = Tagger(seeds.model_copy(update={"version": "more-0", "topics": (*seeds.topics, EDUCATION)}))
    due = ledger.due(more.version)
    again = [(log[offset], tagged_again(log[offset], more, "articles.tagged")) for offset in sorted(due)]
    news = [emission for record, emission in again if not ledger.spared(record, emission)]
    counted = Counter(said(record) for record in log)
    counted["retagged"] = len(news)
    changes = counted.total() - counted["record"]
    print(f"{arrivals} pages arrived; articles: {len(due)}; of {len(due)} retagged, {len(news)} have other tags")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(counted.items())))
    print(f"sent: {counted.total()} messages, {counted.total() / changes:.2f} an article change")
    print(
        f"if each version repeated its articles and retag sent all: {repeated + len(due)} messages, "
        f"{(repeated + len(due)) / changes:.2f} an article change"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
