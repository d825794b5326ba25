"""`broadsheet run` and other commands on an installation of their own, as a person gives them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elasticsearch import Elasticsearch

from services.index.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

ROOT = Path(__file__).parents[2]
CODE = "from services.cli.main import main; main()"
CLOSING_WORDS = "Ctrl-C stops everything."
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Installation:
    """A home and a prefix of its own on the servers of the tests."""

    home: Path
    environment: dict[str, str]
    client: Elasticsearch

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the `broadsheet` command to its end."""
        command = [sys.executable, "-c", CODE, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=180)

    @contextlib.contextmanager
    def running(self) -> Iterator[Run]:
        """Give a `broadsheet run` that has said its closing words."""
        output = self.home / "output"
        with output.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-c", CODE, "run"], env=self.environment, stdout=sink, stderr=sink
            )
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while CLOSING_WORDS not in (text := output.read_text("utf-8")):
                assert process.poll() is None, text
                assert time.monotonic() < deadline, text
                time.sleep(0.1)
            yield Run(process, text)
        finally:
            process.kill()
            process.wait()

    def documents(self) -> list[dict[str, Any]]:
        """Return every document of the installation's indices."""
        index = ",".join(
            Names(self.environment["BROADSHEET_PREFIX"], kind).every_version for kind in ("articles", "issues")
        )
        self.client.indices.refresh(index=index)
        hits = self.client.search(index=index, size=1000, sort=["_index", "issue_id"])["hits"]["hits"]
        return sorted(hits, key=lambda hit: (hit["_index"], hit["_id"]))


@dataclass(frozen=True, slots=True)
class Run:
    """A `broadsheet run` that stays up, and what it has printed."""

    process: subprocess.Popen[bytes]
    text: str

    def family(self) -> list[int]:
        """Return its process id and those of the processes it started."""
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return [self.process.pid, *map(int, children.stdout.split())]

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextlib.contextmanager
def installed(servers: Servers, home: Path) -> Iterator[Installation]:
    """Give an installation that keeps its files in `home`."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")},
        "BROADSHEET_KAFKA": servers.kafka,
        "BROADSHEET_ELASTICSEARCH": servers.elasticsearch,
        "BROADSHEET_PREFIX": f"run-{uuid.uuid4().hex[:8]}-",
        "BROADSHEET_HOME": str(home),
        "BROADSHEET_PARTITIONS": "2",
        "BROADSHEET_DESK_PORT": "0",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
    }
    with Elasticsearch(servers.elasticsearch) as client:
        yield Installation(home, environment, client)
