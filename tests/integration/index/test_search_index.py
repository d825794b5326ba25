"""On the real Elasticsearch: indices are made once however many make them, and searches find what they should."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
from elasticsearch import AsyncElasticsearch

from schemas.article import Block, Withdrawal
from schemas.tagged import TaggedArticle
from services.index.admin import MappingConflict, aliases, counts, ensure_indices, switch
from services.index.document import document, document_id
from services.index.names import Names
from services.search.asking import ask
from services.search.query.query import Query
from services.search.request.body import Search
from services.search.rewriting.understanding import understand
from services.search.unknown import Unknown

if TYPE_CHECKING:
    from tests.servers import Servers

pytest_plugins = ["tests.servers"]
pytestmark = pytest.mark.servers

STORIES = {
    "typhoon": ("颱風明晨登陸", "渔港三百零五艘渔船已回港，学习精神振奋。"),
    "theology": ("神学院开学", "河南，海运公司派人到贺。"),
    "economy": ("前三季度国内生产总值公布", "增长百分之五点二，高温预警解除。"),
}
FINDS = [
    ("台风", {"typhoon"}),
    ("颱風", {"typhoon"}),
    ("305艘", {"typhoon"}),
    ("神学", {"theology"}),
    ("南海", set()),
    ("GDP", {"economy"}),
    ("1-9月", {"economy"}),
    ("5.2%", {"economy"}),
    ('"三百零五艘渔船"', {"typhoon"}),
    ("标题:渔船", set()),
    ("渔船 OR 神学", {"typhoon", "theology"}),
    ("NOT 渔船", {"theology", "economy"}),
    ("日期:2023-08", {"typhoon", "theology", "economy"}),
    ("渔船神学", set()),
]


def story(name: str) -> TaggedArticle:
    headline, text = STORIES[name]
    return TaggedArticle(
        article_id=name,
        issue_id="示例日报/2023-08-04",
        paper="示例日报",
        date=dt.date(2023, 8, 4),
        revision=1,
        version=1,
        pages=(1,),
        kind="story",
        headline=headline,
        body=(Block(kind="paragraph", text=text, spans=()),),
        spans=(),
        confidence=1.0,
        taxonomy_version="1",
    )


def test_editors_find_what_they_mean_and_nothing_where_nothing_is_right(servers: Servers) -> None:
    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            await ensure_indices(client, prefix)
            for name in STORIES:
                await client.index(index=names.write, id=name, document=document(story(name)))
            await client.indices.refresh(index=names.write)
            for typed, expected in FINDS:
                answer = await ask(client, names.read, Search(Query.parse(typed)))
                assert {hit.article.article_id for hit in answer.hits} == expected, typed

    asyncio.run(check())


ASKED = [
    ("渔会会长什么时候学习", {"guild"}, ["question", "part"]),
    ("渔船在哪里回港", {"typhoon"}, ["question"]),
    ("章荣英 渔会", {"guild"}, ["slip"]),
    ("渔会选出骗子首相", set(), []),
    ("人物：渔会选出新会长", {"guild"}, ["text"]),
    ("海运 渔会", set(), []),
    ("昨天 渔会", {"guild"}, ["date"]),
    ("浙江 石料", {"quarry"}, []),
    ("日期:昨天 石料", {"quarry"}, []),
    ("前天 石料", set(), []),
]
"""What is typed, what is found, and how it was read."""


def test_what_was_not_typed_as_printed_is_found_and_says_how(servers: Servers) -> None:
    """Questions, misspelt names, pasted headlines, days from today, regions; and nothing where nothing is right."""
    stories = {
        "guild": story("typhoon").model_copy(
            update={
                "article_id": "guild",
                "headline": "人物：渔会选出新会长",
                "body": (Block(kind="paragraph", text="章蓉英获得选举消息传来，渔会会长表示感谢。", spans=()),),
            }
        ),
        "quarry": story("typhoon").model_copy(
            update={
                "article_id": "quarry",
                "headline": "石料出港",
                "body": (Block(kind="paragraph", text="舟山码头石料前天装船。", spans=()),),
            }
        ),
        **{name: story(name) for name in STORIES},
    }

    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            await ensure_indices(client, prefix)
            for name, found in stories.items():
                await client.index(index=names.write, id=name, document=document(found))
            await client.indices.refresh(index=names.write)
            for typed, expected, kinds in ASKED:
                understanding = understand(typed, today=dt.date(2023, 8, 5))
                answer = await ask(client, names.read, Search(understanding.meant, understanding=understanding))
                assert {hit.article.article_id for hit in answer.hits} == expected, typed
                if expected:
                    assert [change.kind for change in answer.changes] == kinds, typed

    asyncio.run(check())


def test_an_unknown_value_is_named_where_nothing_is_found(servers: Servers) -> None:
    """With the values that are like it."""

    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            await ensure_indices(client, prefix)
            await client.index(index=names.write, id="typhoon", document=document(story("typhoon")), refresh=True)
            understanding = understand("台风 报纸:示列日报")
            answer = await ask(client, names.read, Search(understanding.meant, understanding=understanding))
            assert answer.unknown == (Unknown("paper", "示列日报", ("示例日报",)),)
            chosen = Search(understand("台风").meant, {"kind": ("storry",)}, understanding=understand("台风"))
            assert (await ask(client, names.read, chosen)).unknown == (Unknown("kind", "storry", ("story",)),)

    asyncio.run(check())


def test_processes_that_race_make_one_index_and_a_switch_leaves_no_gap(servers: Servers) -> None:
    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            await asyncio.gather(*(ensure_indices(client, prefix) for _ in range(5)))
            assert list(await client.indices.get_alias(name=names.write)) == [names.index()]
            other = names.index("000002")
            await client.indices.create(index=other)
            for alias in (names.write, names.read):
                await switch(client, names, alias, other)
                assert list(await client.indices.get_alias(name=alias)) == [other]

    asyncio.run(check())


def test_an_index_of_another_version_of_the_mapping_is_not_written_to(servers: Servers) -> None:
    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            old = {"_meta": {"mapping_version": 0}}
            await client.indices.create(index=f"{prefix}articles-v0-000001", mappings=old, aliases=aliases(names))
            with pytest.raises(MappingConflict, match="broadsheet rebuild"):
                await ensure_indices(client, prefix)

    asyncio.run(check())


def test_a_withdrawn_article_is_kept_but_not_found(servers: Servers) -> None:
    async def check() -> None:
        prefix = f"test-{uuid.uuid4().hex[:8]}-"
        names = Names(prefix, "articles")
        gone = Withdrawal(
            article_id="typhoon",
            issue_id="示例日报/2023-08-04",
            paper="示例日报",
            date=dt.date(2023, 8, 4),
            revision=2,
            version=2,
        )
        async with AsyncElasticsearch(servers.elasticsearch) as client:
            await ensure_indices(client, prefix)
            await client.index(index=names.write, id=document_id(gone), document=document(gone))
            assert (await counts(client, prefix))["articles"] == 0
            assert (await client.get(index=names.write, id="typhoon"))["_source"]["withdrawn"] is True

    asyncio.run(check())
