"""What a page costs, in counts instead of seconds: a loss fails here, on a busy machine too.

An issue of three pages arrives page by page; its articles go all the way to the index. The figures are those of the
present code. Whoever makes the pipeline cheaper lowers them here.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.segment import segmentation
from services.segment.articles.rendering import render_article
from services.segment.edition.differences import PARTS
from services.segment.models.network import Network
from services.segment.models.trees import Forest
from services.segment.remembered import Remembered
from tests.counting import counted
from tests.faults.work.newsprint import page_text, stories
from tests.in_memory import Processors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.runtime.elasticsearch.state import StateStore
    from services.runtime.elasticsearch.state_batch import StateBatch

SAMPLE = Path(__file__).parents[2] / "seeds" / "sample" / "page-01.txt"
STORIES = 5
ISSUE = "渔港日报/2023-08-15"
NOISE = 0.03
"""Bytes may differ by this share: names and figures of other lengths are no loss."""

ARRIVALS = 3
EMITTED = (5, 6, 6)
"""Messages that each arrival sends: the articles of its page, and the record of the issue."""
KNOWN = (4, 9, 14)
"""Articles of the issue after each arrival."""
RENDERED = (3, 5, 5)
"""Articles made of rows at each arrival; the weather on the first page is made of its rows each time."""


@pytest.fixture(scope="module")
def found() -> list[Counter[str]]:
    """What each arrival cost."""
    with pytest.MonkeyPatch.context() as patch:
        return list(spent(fresh(patch), pages()))


def fresh(patch: pytest.MonkeyPatch) -> Processors:
    """Return processors that have not seen any page."""
    patch.setattr(segmentation, "_drafts", Remembered(segmentation.REMEMBERED_ROWS))
    patch.setattr(segmentation, "_rows_of", Remembered(segmentation.REMEMBERED_ROWS))
    return Processors(patch)


def pages() -> list[str]:
    """Return the sample's front page, and pages of other stories: none is printed on two of them."""
    printed = stories(random.Random(1), STORIES * (ARRIVALS - 1))
    others = [page_text(printed[start : start + STORIES]) for start in range(0, len(printed), STORIES)]
    return [SAMPLE.read_text("utf-8"), *others]


def spent(processors: Processors, texts: Sequence[str]) -> Iterator[Counter[str]]:
    """Publish page by page, and yield what each arrival cost."""
    paper, date = ISSUE.split("/")
    for number, text in enumerate(texts, 1):
        issue = {"paper": paper, "date": date, "revision": 1, "pages": [{"page": number, "text": text}]}
        value = json.dumps(issue).encode()
        processors.elasticsearch.counts.clear()
        processors.elasticsearch.refreshes = 0
        held = {topic: len(records) for topic, records in processors.topics.items()}
        functions = {Forest.raw: "forests", Network.logits: "networks", render_article: "renderings"}
        with counted(functions) as cost:
            processors.publish([value], ISSUE.encode())
        for topic, records in processors.topics.items():
            new = records[held.get(topic, 0) :]
            cost[f"messages on {topic}"] = len(new)
            cost[f"bytes on {topic}"] = sum(len(one.key or b"") + len(one.value or b"") for one in new)
        cost["refreshes"] = processors.elasticsearch.refreshes
        yield cost + processors.elasticsearch.counts


def test_each_arrival_sends_its_own_articles_and_what_it_changed(found: list[Counter[str]]) -> None:
    """Articles that did not change are not sent again: messages and bytes of each topic are those of the arrival."""
    assert [one["messages on issues"] for one in found] == [1] * ARRIVALS
    assert [one["messages on articles"] for one in found] == list(EMITTED)
    assert [one["messages on articles.tagged"] for one in found] == list(EMITTED)
    total: Counter[str] = sum(found, Counter())
    articles = sum(EMITTED) - ARRIVALS
    measured = {topic: total[f"bytes on {topic}"] / articles for topic in ("articles", "articles.tagged")}
    assert measured == pytest.approx({"articles": 2_333, "articles.tagged": 3_517}, rel=NOISE)
    assert total["bytes on issues"] / ARRIVALS == pytest.approx(13_406, rel=NOISE)


def test_elasticsearch_is_asked_and_written_once_for_each_state_and_article(found: list[Counter[str]]) -> None:
    """A batch gets a state once and writes it once, a watermark beside it, and each changed article once."""
    for one, emitted in zip(found, EMITTED, strict=True):
        assert (one["get requests"], one["gets"]) == (2, 2)
        assert one["items to stage-state"] == 4
        assert (one["items to articles-write"], one["items to issues-write"]) == (emitted - 1, 1)
        assert one["bulk requests"] == 5
        assert one["refreshes"] == 0, "pages published long ago are a backlog"


def test_documents_and_states_have_their_present_sizes(found: list[Counter[str]]) -> None:
    """Bytes sent to Elasticsearch: documents by article, and states by arrival."""
    total: Counter[str] = sum(found, Counter())
    articles = sum(EMITTED) - ARRIVALS
    assert total["bytes to articles-write"] / articles == pytest.approx(8_128, rel=NOISE)
    assert total["bytes to stage-state"] / ARRIVALS == pytest.approx(38_115, rel=NOISE)


def test_each_message_is_encoded_once_and_parsed_once_by_each_stage(found: list[Counter[str]]) -> None:
    """JSON is made and read once for each message at each stage; differences digest each part of each known article."""
    for known_pages, (one, emitted, known) in enumerate(zip(found, EMITTED, KNOWN, strict=True), 1):
        raw, issue, states, index = 1, 1, 2, emitted
        limits = 1 + known_pages  # ingest measures the new page, and every page of the issue
        tagged = emitted - 1  # the issue's record passes as it came
        kept = emitted - 1  # index keeps each version of an article
        assert one["JSON encodes"] == limits + issue + states + emitted + tagged + index + kept + known * len(PARTS)
        assert one["JSON parses"] == raw + issue + emitted + emitted


def test_models_read_the_page_that_arrived_and_no_other(found: list[Counter[str]]) -> None:
    """Each page is read once and each article rendered once, however often the issue comes."""
    assert [one["networks"] for one in found] == [1] * ARRIVALS
    assert [one["renderings"] for one in found] == list(RENDERED)
    assert all(one["forests"] <= most for one, most in zip(found, (18, 14, 14), strict=True))


def test_a_state_written_twice_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts see a loss: with a store that writes every state twice, they differ."""
    from services.runtime.elasticsearch.state import StateStore  # noqa: PLC0415  # the class that is changed

    write = StateStore.write

    async def twice(store: StateStore, batch: StateBatch) -> dict[str, str]:
        await write(store, batch)
        for key, document in (await store.read(batch.slots)).slots.items():
            batch.slots[key].place = document.place
        return await write(store, batch)

    monkeypatch.setattr(StateStore, "write", twice)
    first = next(spent(fresh(monkeypatch), [page_text(stories(random.Random(1), 1))]))
    assert first["items to stage-state"] == 6
    assert first["get requests"] == 4
