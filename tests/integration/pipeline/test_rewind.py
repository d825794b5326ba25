"""A rewind keeps the ids that stand, whatever comes first this time, and withdraws what is not made again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE, TaggedArticle
from services.runtime.kafka.connection import connection
from tests.integration.pipeline.conftest import message
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

ISSUES = 14
PARTITIONS = 8
RENAMED = FISHING.replace("渔港三百艘渔船今晨开渔", "开渔首日渔港万船齐发").replace("今晨六时", "清晨六时")


def rewind(pipeline: Pipeline) -> None:
    with pipeline.stopped("ingest", "segment"):
        rewound = pipeline.run("rewind")
        assert rewound.exit_code == 0, rewound.output
    pipeline.settle()


def found(pipeline: Pipeline, papers: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Return paper -> id, headline and version of what a search finds."""
    return {
        paper: sorted(
            (document["article_id"], document.get("headline"), document["version"])
            for document in pipeline.stored(paper)
            if not document["withdrawn"]
        )
        for paper in papers
    }


def add_partitions(pipeline: Pipeline) -> None:
    """Give the topics that newsrooms and editors write to more partitions: keys go to others from now on."""

    async def add() -> None:
        names = pipeline.settings.names
        admin = AIOKafkaAdminClient(**connection(pipeline.settings))
        await admin.start()
        try:
            await admin.create_partitions(
                {topic: NewPartitions(PARTITIONS) for topic in (names.raw, names.corrections)}
            )
        finally:
            await admin.close()

    pipeline.loop.run(add())


def send_anew(pipeline: Pipeline, messages: list[tuple[bytes | None, bytes, dict[str, str]]]) -> None:
    """Send with a producer that knows of every partition."""

    async def send() -> None:
        async with AIOKafkaProducer(**connection(pipeline.settings)) as producer:
            await asyncio.gather(
                *[
                    await producer.send(pipeline.settings.names.raw, value, key, headers=[])
                    for key, value, _ in messages
                ]
            )

    pipeline.loop.run(send())


def test_after_partitions_were_added_a_rewind_leaves_each_article_once_under_its_id(
    pipeline: Pipeline, paper: str
) -> None:
    """The second revision may be read before the first: fourteen articles became twenty-one, and all looked well."""
    keyed = [f"{paper}{number:02d}" for number in range(ISSUES)]
    keyless = [f"{paper}无{number:02d}" for number in range(4)]
    pages = {1: FISHING, 2: BRIDGE}
    pipeline.send_only(*(message(one, pages, revision=1) for one in keyed))
    pipeline.send(*((None, message(one, pages, revision=1)[1], {}) for one in keyless))
    with pipeline.stopped("ingest"):
        add_partitions(pipeline)
    renamed = [message(one, {1: RENAMED}, revision=2) for one in keyed]
    send_anew(pipeline, [*renamed, *((None, message(one, {1: RENAMED}, revision=2)[1], {}) for one in keyless)])
    pipeline.settle()
    before = found(pipeline, keyed + keyless)
    assert {len(articles) for articles in before.values()} == {2}
    for _ in range(2):
        rewind(pipeline)
        after = found(pipeline, keyed + keyless)
        assert {one: [a[:2] for a in articles] for one, articles in after.items()} == {
            one: [a[:2] for a in articles] for one, articles in before.items()
        }


def test_what_another_release_made_and_this_one_does_not_is_withdrawn(pipeline: Pipeline, paper: str) -> None:
    """It stood on beside what was made in its place, and nothing ever withdrew it."""
    pipeline.publish(paper, {1: SCHOOLS, 2: CUSTOMS}, revision=1)
    before = found(pipeline, [paper])
    names = pipeline.settings.names
    made = [decode(TAGGED_MESSAGE, one.value) for one in pipeline.records(names.tagged) if one.value is not None]
    mine = next(one for one in made if isinstance(one, TaggedArticle) and one.paper == paper)
    other = mine.model_copy(update={"article_id": f"{mine.issue_id}/ffffffffffff", "headline": "", "body": ()})
    pipeline.send_to(names.tagged, other.article_id.encode(), other.encode())
    pipeline.settle()
    assert len(found(pipeline, [paper])[paper]) == 3
    rewind(pipeline)
    assert found(pipeline, [paper]) == before


def test_tags_given_again_stay_and_a_rewind_can_be_followed_by_more(pipeline: Pipeline, paper: str) -> None:
    """Generations order what has one version: a retag, then a rewind, then another retag."""
    pipeline.publish(paper, {1: FISHING}, revision=1)
    before = found(pipeline, [paper])
    assert pipeline.run("retag", "--all").exit_code == 0
    rewind(pipeline)
    assert pipeline.run("retag", "--all").exit_code == 0
    pipeline.settle()
    assert found(pipeline, [paper]) == before
    key = before[paper][0][0].encode()
    standing = [one for one in pipeline.records(pipeline.settings.names.tagged) if one.key == key]
    generations = [decode(TAGGED_MESSAGE, one.value).generation for one in standing]
    assert generations == [0, 1, 2, 3]
