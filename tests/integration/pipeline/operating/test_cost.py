"""What an issue costs the real servers: records on each topic, and what Elasticsearch counts of gets and writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from services.index.names import KINDS, Names
from services.runtime.names import STAGES
from tests.integration.pipeline.conftest import message
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

ISSUES = 6
PAGES = {1: FISHING, 2: BRIDGE, 3: SCHOOLS, 4: CUSTOMS}
"""A story on each page: an issue is four articles and its record."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What Elasticsearch has counted so far.

    Attributes:
        written: documents written to the articles, their versions, the issues and the quarantine together.
        states: documents written to the index of states, watermarks included.
        gets: documents of the index of states asked for by id.
        bulks: bulk requests, of every shard that they reached.
    """

    written: int
    states: int
    gets: int
    bulks: int

    def since(self, before: Counts) -> Counts:
        """Return what was counted after `before`."""
        return Counts(
            self.written - before.written,
            self.states - before.states,
            self.gets - before.gets,
            self.bulks - before.bulks,
        )


def counts(pipeline: Pipeline) -> Counts:
    """Return what Elasticsearch has counted so far."""
    documents = [Names(pipeline.settings.prefix, kind).every_version for kind in KINDS]
    state = pipeline.settings.names.state_index
    stats = pipeline.client.indices.stats(index=[*documents, state], metric=["indexing", "get", "bulk"])["indices"]
    of_state = stats[state]["primaries"]
    others = [one["primaries"] for name, one in stats.items() if name != state]
    return Counts(
        sum(one["indexing"]["index_total"] for one in others),
        of_state["indexing"]["index_total"],
        of_state["get"]["total"],
        sum(one["bulk"]["total_operations"] for one in (*others, of_state)),
    )


def test_an_issue_is_written_once_with_one_state_at_each_stage(pipeline: Pipeline, paper: str) -> None:
    """Issues that wait together cost two documents an article, a state a stage, two gets a state, and few requests.

    An article's second document is its version in the history.
    """
    pipeline.publish(paper, PAGES)
    before = counts(pipeline)
    topics = {topic: len(pipeline.records(topic)) for topic in topics_of(pipeline)}
    papers = [f"{paper}{number}" for number in range(ISSUES)]
    with pipeline.stopped(*STAGES):
        pipeline.send_only(*(message(one, PAGES) for one in papers))
    pipeline.settle()
    spent = counts(pipeline).since(before)
    grown = [len(pipeline.records(topic)) - length for topic, length in topics.items()]
    messages = ISSUES * (len(PAGES) + 1)
    assert grown == [ISSUES, ISSUES, messages, messages]
    written = messages + ISSUES * len(PAGES)
    assert spent.written == written
    # Beside a state for each issue and stage, each batch writes a watermark for each partition that it read.
    batches = spent.states - 2 * ISSUES
    assert 2 <= batches <= 2 * ISSUES
    # Before the states, their sizes are asked for, unless the batch holds a single issue. A worker that starts asks for
    # the watermark of each of its partitions.
    assert 2 * ISSUES <= spent.gets <= 4 * ISSUES + 2 * pipeline.settings.partitions
    assert spent.bulks <= batches * 2 + 2 * written


def topics_of(pipeline: Pipeline) -> list[str]:
    """Return the topics from the raw one to the tagged one."""
    names = pipeline.settings.names
    return [names.raw, names.issues, names.articles, names.tagged]
