"""What stands between workers and servers: untroubled it changes nothing, and each trouble does as its name says."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from tests.faults.servers.elasticsearch_proxy import ElasticsearchProxy, bulk_items
from tests.faults.servers.kafka_link import HOST, KafkaLink

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LINES = b'{"index":{"_index":"a","_id":"%d"}}\n{"text":"\xe6\xb8\xaf"}\n'
BULK = b"".join(LINES % number for number in range(40))
CLOSED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


@asynccontextmanager
async def behind_proxy() -> AsyncIterator[tuple[ElasticsearchProxy, list[bytes], aiohttp.ClientSession]]:
    """Give a proxy, the bodies that come through to what stands for Elasticsearch, and a session."""
    came: list[bytes] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        came.append(body)
        ids = [json.loads(item[0])["index"]["_id"] for item in bulk_items(body)]
        items = [{"index": {"_id": one, "status": 201}} for one in ids]
        return web.json_response({"took": 1, "errors": False, "items": items})

    application = web.Application()
    application.router.add_post("/_bulk", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    host, port = runner.addresses[0]
    try:
        async with ElasticsearchProxy(f"http://{host}:{port}", 1) as proxy, aiohttp.ClientSession() as session:
            yield proxy, came, session
    finally:
        await runner.cleanup()


async def ask(proxy: ElasticsearchProxy, session: aiohttp.ClientSession) -> tuple[int, dict[str, Any]]:
    async with session.post(f"{proxy.url}/_bulk", data=BULK) as answer:
        return answer.status, await answer.json()


def test_without_trouble_all_comes_through_and_back() -> None:
    async def run() -> None:
        async with behind_proxy() as (proxy, came, session):
            status, content = await ask(proxy, session)
            assert (status, came) == (200, [BULK])
            assert [item["index"]["_id"] for item in content["items"]] == [str(number) for number in range(40)]

    asyncio.run(run())


def test_parts_of_a_bulk_request_are_refused_in_their_places_and_not_sent_on() -> None:
    async def run() -> None:
        async with behind_proxy() as (proxy, came, session):
            with proxy.trouble("refuses parts"):
                _, content = await ask(proxy, session)
        items = [item["index"] for item in content["items"]]
        assert [item["_id"] for item in items] == [str(number) for number in range(40)]
        done = [item["_id"] for item in items if item["status"] == 201]
        assert {item["status"] for item in items} == {201, 429, 503}
        assert content["errors"]
        assert [json.loads(item[0])["index"]["_id"] for item in bulk_items(came[0])] == done
        assert proxy.struck["refuses parts"] == 40 - len(done)

    asyncio.run(run())


def test_an_item_that_deletes_has_no_document() -> None:
    action, gone = b'{"index":{"_id":"1"}}', b'{"delete":{"_id":"2"}}'
    assert bulk_items(b"\n".join([action, b"{}", gone, action, b"{}", b""])) == [
        (action, b"{}"),
        (gone,),
        (action, b"{}"),
    ]


def test_refused_requests_are_not_sent_on_and_answers_are_lost_after_the_request_was_done() -> None:
    async def run() -> None:
        async with behind_proxy() as (proxy, came, session):
            with proxy.trouble("refuses"):
                answers = [(await ask(proxy, session))[0] for _ in range(12)]
            assert set(answers) == {200, 429}
            assert len(came) == answers.count(200)
            came.clear()
            lost = 0
            with proxy.trouble("answers lost"):
                for _ in range(12):
                    try:
                        await ask(proxy, session)
                    except CLOSED:
                        lost += 1
            assert lost == proxy.struck["answers lost"]
            assert 0 < lost < 12
            assert len(came) == 12

    asyncio.run(run())


def test_cut_off_every_request_ends_without_an_answer() -> None:
    async def run() -> None:
        async with behind_proxy() as (proxy, came, session):
            with proxy.trouble("cut off"), pytest.raises(CLOSED):
                await ask(proxy, session)
            assert came == []
            assert (await ask(proxy, session))[0] == 200

    asyncio.run(run())


@asynccontextmanager
async def linked_echo() -> AsyncIterator[KafkaLink]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, HOST, 0)
    async with server, KafkaLink(server.sockets[0].getsockname()[1]) as link:
        yield link


def test_a_link_that_is_cut_ends_its_connections_and_lets_new_ones_in_afterwards() -> None:
    async def run() -> None:
        async with linked_echo() as link, asyncio.timeout(20):
            assert await echoed(link.port) == b"one"
            reader, writer = await asyncio.open_connection(HOST, link.port)
            writer.write(b"one")
            assert await reader.readexactly(3) == b"one"
            with link.cut():
                assert await ended(reader)
                assert await echoed(link.port) == b""
            writer.close()
            assert link.struck == 1
            assert await echoed(link.port) == b"one"

    asyncio.run(run())


async def echoed(port: int) -> bytes:
    """Send three bytes on a new connection, and return what comes back before it is closed."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(b"one")
        return await reader.readexactly(3)
    except (OSError, asyncio.IncompleteReadError):
        return b""
    finally:
        writer.close()


async def ended(reader: asyncio.StreamReader) -> bool:
    """Wait until a connection ends, in good order or not."""
    try:
        return await reader.read(1) == b""
    except OSError:
        return True


def test_a_silent_link_hands_on_later_what_was_sent_meanwhile() -> None:
    async def run() -> None:
        async with linked_echo() as link, asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(HOST, link.port)
            with link.silent():
                writer.write(b"one")
                asked = asyncio.create_task(reader.readexactly(3))
                for _ in range(100):
                    await asyncio.sleep(0)
                assert not asked.done()
            assert await asked == b"one"
            writer.close()

    asyncio.run(run())
