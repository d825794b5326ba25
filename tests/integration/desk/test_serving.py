"""Running the desk: it says where it is, what keeps it from its archive, and stops when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from services.desk.archive.archive import Archive
from services.index.names import Names
from services.runtime.elasticsearch.store import connect
from services.runtime.settings import load_settings
from tests.integration.desk.archive import STOP_SECONDS, new_prefix, running_desk

if TYPE_CHECKING:
    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers


def test_it_is_alive_and_ready(desk: Desk) -> None:
    assert desk.get("/live").status == 200
    assert desk.get("/ready").status == 200


def test_without_elasticsearch_it_stays_up_and_says_so_in_words() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with running_desk(f"http://127.0.0.1:{closed.getsockname()[1]}") as desk:
            page = desk.get("/", accept_language="en")
            problem = desk.get("/api/search")
            assert page.status == problem.status == desk.get("/ready").status == 503
            assert "does not answer just now" in page.text
            assert problem.json()["code"] == "archive-away"
            assert "retry-after" in problem.headers
            assert desk.get("/live").status == 200


def test_before_anything_is_published_it_says_so(servers: Servers) -> None:
    with running_desk(servers.elasticsearch, new_prefix()) as desk:
        answer = desk.get("/", accept_language="en")
        assert answer.status == 503
        assert "nothing has been published" in answer.text


def test_it_stops_when_told(servers: Servers) -> None:
    with running_desk(servers.elasticsearch) as desk:
        desk.process.send_signal(signal.SIGTERM)
        assert desk.process.wait(STOP_SECONDS) in (0, -signal.SIGTERM)


def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "services.desk"],
            env=os.environ | {"BROADSHEET_DESK_PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert f"127.0.0.1:{port} is taken" in ended.stderr
    assert "BROADSHEET_DESK_PORT" in ended.stderr


def test_it_reads_the_very_indices_that_the_index_processor_writes() -> None:
    settings = load_settings(prefix="staging-")
    archive = Archive(connect(settings), settings)
    assert archive.articles == Names("staging-", "articles").read
    assert archive.articles_by_id == Names("staging-", "articles").write
    assert archive.issues == Names("staging-", "issues").read
