"""Receivers of deliveries that go away, the deliverer that serves them, and whether they were told everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from schemas.article import GENERATIONS, IssueRecord, Withdrawal
from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
from services.local.ports import HOST, free
from services.outlets.changes import Change, digest_of, order_of
from services.outlets.letters import newshub_body
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings

SECRET: Final = "0123456789abcdef"  # noqa: S105  # of tests and benchmarks
Mode = Literal["answers", "refuses", "hangs"]
OF_A_VERSION: Final = ("version", "versioncreated")
"""What differs between two versions of a Newshub item although nothing is to be seen of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that a receiver took: its id, its body, when (monotonic), and whether the receiver said so."""

    id: str
    body: dict[str, Any]
    at: float
    answered: bool


@dataclass(slots=True)
class Receiver:
    """A web server that keeps what it takes.

    It answers 200, or refuses with a 503, or hangs: then it takes a request and never answers it. Closed, it is not
    there at all; opened again, it has the same port.

    Attributes:
        mode: what it does now.
        tried: how many requests came.
        got: what it took.
    """

    mode: Mode = "answers"
    tried: int = 0
    got: list[Delivery] = field(default_factory=list)
    port: int = field(default_factory=lambda: free(0))
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}/"

    @property
    def ids(self) -> list[str]:
        """The ids of what it took, repeats included."""
        return [one.id for one in self.got]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What it took."""
        return [one.body for one in self.got]

    def open(self) -> Self:
        """Listen."""
        self._server = ThreadingHTTPServer((HOST, self.port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def close(self) -> None:
        """Refuse connections; closing twice does nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.mode = "answers"
        self.close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.tried += 1
            mode = receiver.mode
            if mode != "refuses":
                given = self.headers["webhook-id"]
                receiver.got.append(Delivery(given, json.loads(body), time.monotonic(), mode == "answers"))
            if mode == "hangs":
                while receiver.mode == "hangs":
                    time.sleep(0.05)
                self.close_connection = True
                return
            self.send_response(200 if mode == "answers" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    return Handler


@contextmanager
def delivering(settings: Settings, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `broadsheet deliver FILE` and kill it (SIGKILL) at the end; it must not end before."""
    with started(settings, file) as process:
        yield process
        assert process.poll() is None, file.with_suffix(".log").read_text("utf-8")[-3000:]


@contextmanager
def started(settings: Settings, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `broadsheet deliver FILE`, whose secrets are all in the variable KEY; what is alive at the end is killed."""
    given = {
        f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
        for name in ("kafka", "elasticsearch", "prefix", "partitions")
    }
    program = "from services.cli.main import main; main()"
    with file.with_suffix(".log").open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "deliver", str(file)],
            cwd=ROOT,
            env={**os.environ, **given, "KEY": SECRET},
            stdout=sink,
            stderr=sink,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@dataclass(frozen=True, slots=True)
class Told:
    """What a receiver was told, once it dropped the requests with an id that it had before.

    Attributes:
        articles: of how many articles it was told.
        changes: how many different requests it took.
        repeats: how many it dropped.
        out_of_order: requests about an article that are older than one before.
        stale: articles whose last message it does not have, or has otherwise.
    """

    articles: int
    changes: int
    repeats: int
    out_of_order: int
    stale: tuple[str, ...]


def told(got: Iterable[Delivery], last: Mapping[str, TaggedArticle | Withdrawal]) -> Told:
    """Compare what a receiver took with the last message of each article, by id.

    The receiver need not have heard of an article that it was never told of and that is withdrawn.
    """
    ids: set[str] = set()
    known: dict[str, tuple[int, str]] = {}
    requests = out_of_order = 0
    for one in got:
        requests += 1
        if one.id in ids:
            continue
        ids.add(one.id)
        article_id, order, content = _seen(one.body)
        out_of_order += article_id in known and known[article_id][0] > order
        known[article_id] = order, content
    stale = []
    for article_id, message in last.items():
        if article_id not in known:
            if not isinstance(message, Withdrawal):
                stale.append(article_id)
        elif known[article_id][1] not in (digest_of(message), _newshub_content(message)):
            stale.append(article_id)
    return Told(len(known), len(ids), requests - len(ids), out_of_order, tuple(stale))


def _seen(body: dict[str, Any]) -> tuple[str, int, str]:
    """Return the article's id, the order of its version and what a receiver sees of it."""
    if "guid" in body:
        return body["altids"]["broadsheet-article"], int(body["version"]) * GENERATIONS, _without_version(body)
    message = decode(TAGGED_MESSAGE, json.dumps(body["data"]).encode())
    assert not isinstance(message, IssueRecord), "a record of an issue was delivered"
    return message.article_id, order_of(message), digest_of(message)


def _newshub_content(message: TaggedArticle | Withdrawal) -> str:
    return _without_version(json.loads(newshub_body(Change("changed", message, "", 0))))


def _without_version(item: dict[str, Any]) -> str:
    kept = {name: value for name, value in item.items() if name not in OF_A_VERSION}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)
