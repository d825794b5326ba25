"""The official client of the Model Context Protocol lists the tools and calls each, over a real archive."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from elasticsearch import Elasticsearch
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from services.runtime.messages.records import Record
from tests.integration.desk.archive import create_indices, store, store_pages, whole_issue
from tests.kafka import new_installation, publish
from tests.unit.desk.edition import ISSUE, PAGE, article
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"query": "月饼", "size": 3}),
    ("article", {"article_id": article().article_id}),
    ("issue", {"issue_id": ISSUE}),
    ("trace", {"subject": ISSUE}),
    ("article", {"article_id": f"{ISSUE}/ffffffffffff"}),
)


@pytest.fixture(scope="module")
def settings(servers: Servers) -> Settings:
    made = new_installation(servers)
    asyncio.run(create_indices(servers.elasticsearch, made.prefix))
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, made.prefix, whole_issue())
        store_pages(client, made.prefix)
    paper, _, day = ISSUE.partition("/")
    raw = json.dumps({"paper": paper, "date": day, "pages": [{"page": 1, "text": PAGE}], "revision": 3})
    publish(made, made.names.raw, [Record("", 0, 0, 1_691_100_000_000, ISSUE.encode(), raw.encode())])
    return made


async def asked(environment: Mapping[str, str]) -> tuple[Any, list[Any]]:
    program = "from services.cli.main import main; main()"
    server = StdioServerParameters(
        command=sys.executable, args=["-c", program, "mcp"], env=dict(environment), cwd=str(ROOT)
    )
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = await session.list_tools()
        return tools, [await session.call_tool(name, arguments) for name, arguments in CALLS]


def test_the_official_client_lists_and_calls_every_tool(settings: Settings) -> None:
    """Every answer cites paper, day, page and lines; what is not there is an error, not an empty answer."""
    given = {
        f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
        for name in ("kafka", "elasticsearch", "prefix", "partitions")
    }
    tools, answers = asyncio.run(asked({**os.environ, **given}))
    assert {tool.name for tool in tools.tools} == {"search", "article", "issue", "trace"}
    assert all(tool.annotations.readOnlyHint and tool.description for tool in tools.tools)
    *good, missing = answers
    assert missing.isError
    assert "no article of this id" in missing.content[0].text
    search, found, issue, trace = [answer.structuredContent or json.loads(answer.content[0].text) for answer in good]
    assert search["articles"][0]["article_id"] == article().article_id
    assert search["articles"][0]["cite"].startswith("示例日报 2023-08-04 第1版 第2-4")
    assert [line["text"] for line in found["blocks"][0]["lines"]] == PAGE.split("\n")[1:4]
    assert found["article"]["headline"] == article().headline
    assert len(issue["articles"]) == 3
    assert all("第1版" in one["cite"] for one in issue["articles"])
    assert trace["pages"][0]["revision"] == "3"
