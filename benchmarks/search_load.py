"""How fast the desk answers over many articles: `python -m benchmarks.search_load [ARTICLES]` (100,000 if not said)."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sys
import time
from typing import TYPE_CHECKING, Any

from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_bulk

from benchmarks.search_servers import elasticsearch
from schemas.article import Block, Byline
from schemas.tagged import Place, TaggedArticle, Topic
from services.desk.asking import ask
from services.desk.search import Search
from services.index.document import document
from services.index.mapping import mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

INDEX = "bench-search-load"
ARTICLES = 100_000
ROUNDS = 20
WORDS = [
    "海关",
    "口岸",
    "通关",
    "走私",
    "关税",
    "进口",
    "出口",
    "工业",
    "钢铁",
    "机床",
    "产值",
    "增长",
    "台风",
    "暴雨",
    "寒潮",
    "降温",
    "渔港",
    "渔船",
    "政协",
    "侨联",
    "统战",
    "座谈会",
    "人民",
    "政府",
    "企业",
    "市场",
    "农民",
    "学校",
    "医院",
    "铁路",
    "公路",
    "建设",
    "改革",
    "发展",
    "科技",
    "教育",
    "文化",
    "体育",
    "记者",
    "昨日",
    "今年",
    "全国",
    "广东省",
    "上海市",
    "北京市",
    "重要",
    "工作",
    "会议",
    "群众",
    "生产",
    "项目",
    "服务",
    "管理",
    "安全",
    "质量",
    "环境",
    "保护",
    "能源",
    "电力",
    "粮食",
    "棉花",
    "价格",
    "投资",
    "贸易",
    "合作",
    "国际",
    "访问",
    "代表团",
]
TOPICS = (("industry", "工业"), ("customs", "海关"), ("united_front", "统战"), ("weather", "天气"))
QUERIES = (
    "海关",
    "走私 广东",
    "象牙走私案",
    "前三季度",
    '"零关税"',
    "雪",
    "GDP增长",
    "标题:台风",
    "钢铁 产值 增长",
    "台风 OR 暴雨",
)
FIRST_DAY = dt.date(2003, 1, 1)


def articles(count: int) -> Iterator[TaggedArticle]:
    """Yield made-up articles of a news story's length, always the same ones."""
    chance = random.Random(7)  # noqa: S311  # nothing secret

    def sentence(words: int) -> str:
        return "".join(chance.choices(WORDS, k=words))

    for number in range(count):
        day = FIRST_DAY + dt.timedelta(days=number % 7000)
        topic, label = chance.choice(TOPICS)
        paragraphs = [f"{'，'.join(sentence(6) for _ in range(4))}{chance.randint(1, 999)}项。" for _ in range(8)]
        yield TaggedArticle(
            article_id=f"bench/{number}",
            issue_id=f"示例日报/{day}",
            paper=f"示例日报{number % 5}",
            date=day,
            revision=0,
            version=0,
            pages=(number % 8 + 1,),
            kind="story",
            headline=sentence(7),
            bylines=(Byline(name=f"记者{number % 300}", role="记者"),),
            body=tuple(Block(kind="paragraph", text=text, spans=()) for text in paragraphs),
            spans=(),
            confidence=1.0,
            topics=(Topic(id=topic, label=label, label_en=topic, score=0.9, evidence=()),),
            places=(Place(name=f"地点{number % 400}", mentions=1),),
            taxonomy_version="bench",
        )


async def measure(address: str, count: int) -> None:
    """Index `count` articles, then time searches with all facets; print sizes and times."""
    async with AsyncElasticsearch(address, request_timeout=120) as client:
        await client.indices.delete(index=INDEX, ignore_unavailable=True)
        settings: dict[str, Any] = {"number_of_replicas": 0, "refresh_interval": "-1"}
        await client.indices.create(index=INDEX, mappings=mappings("articles"), settings=settings)
        try:
            started = time.perf_counter()
            actions = ({"_index": INDEX, "_id": one.article_id, "_source": document(one)} for one in articles(count))
            await async_bulk(client, actions, chunk_size=500)
            await client.indices.refresh(index=INDEX)
            seconds = time.perf_counter() - started
            stats = await client.indices.stats(index=INDEX, metric="store")
            size = stats["_all"]["total"]["store"]["size_in_bytes"]
            rate, megabytes = count / seconds, size / 1e6
            _print(f"{count:,} articles indexed in {seconds:.0f} s ({rate:,.0f} a second), index {megabytes:,.0f} MB")
            for query in QUERIES:
                times = sorted([await _seconds(client, query) for _ in range(ROUNDS)])
                median, p95 = times[len(times) // 2], times[int(len(times) * 0.95) - 1]
                _print(f"{query:<12} with all facets: median {median * 1000:6.1f} ms, p95 {p95 * 1000:6.1f} ms")
        finally:
            await client.indices.delete(index=INDEX, ignore_unavailable=True)


async def _seconds(client: AsyncElasticsearch, query: str) -> float:
    started = time.perf_counter()
    await ask(client, INDEX, Search(query))
    return time.perf_counter() - started


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with elasticsearch() as server:
        asyncio.run(measure(server, int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))
