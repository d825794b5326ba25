"""A server whose certificate has expired: one line that says so, for Kafka and for Elasticsearch."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from typing import TYPE_CHECKING

import pytest
from aiokafka.errors import KafkaError

from services.runtime.elasticsearch.store import connect
from services.runtime.errors import NotAdmitted
from services.runtime.kafka.connection import unreachable
from services.runtime.settings import load_settings
from tests.secured.servers.certificates import new_certificates, renew

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from services.runtime.settings import Settings

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs `openssl` to make a certificate")


def said_by(folder: Path, ask: Callable[[Settings], Awaitable[object]], *dates: str) -> str:
    """Ask a TLS server whose certificate has these dates; return what the error says."""
    certificates = new_certificates(folder, "authority")
    renew(certificates, *dates)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def run() -> str:
        async with await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            settings = load_settings(
                kafka=f"127.0.0.1:{port}",
                kafka_ca=certificates.authority,
                elasticsearch=f"https://127.0.0.1:{port}",
                elasticsearch_ca=certificates.authority,
            )
            try:
                await ask(settings)
            except NotAdmitted as error:
                return str(error).replace(str(port), "PORT")
            return "admitted"

    return asyncio.run(run())


async def ask_kafka(settings: Settings) -> None:
    error = await unreachable(settings, KafkaError())
    if isinstance(error, NotAdmitted):
        raise error


async def ask_elasticsearch(settings: Settings) -> None:
    client = connect(settings).options(max_retries=0)
    try:
        await client.info()
    finally:
        await client.close()


EXPIRED = {
    ask_kafka: "Kafka's certificate at 127.0.0.1:PORT has expired: renew it at the server.",
    ask_elasticsearch: "Elasticsearch's certificate at https://127.0.0.1:PORT has expired: renew it at the server.",
}


@pytest.mark.parametrize("ask", EXPIRED)
def test_an_expired_certificate_is_called_that_and_no_setting_is_blamed(
    ask: Callable[[Settings], Awaitable[object]], tmp_path: Path
) -> None:
    """The authority is the right one; nothing that a client could set would help."""
    assert said_by(tmp_path, ask, "-days", "-1") == EXPIRED[ask]


def test_a_certificate_that_is_valid_is_trusted(tmp_path: Path) -> None:
    """The same server with another date, so that the test above shows what the date does."""
    assert said_by(tmp_path, ask_kafka) == "admitted"
