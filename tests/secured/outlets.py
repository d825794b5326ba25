"""What goes out and comes in beside Kafka: `broadsheet deliver` to a receiver, and a desk that takes issues."""

from __future__ import annotations

import hashlib
import json
import secrets
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.secured.expected import DELIVER, PUBLISHING, SUBSCRIPTION
from tests.secured.processes import environment, process
from tests.secured.waiting import PATIENCE_SECONDS, wait
from tests.workers import ROOT, Worker, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.secured.servers.secured import Secured

ISSUE = {
    "paper": "渔港日报",
    "date": "2023-08-18",
    "pages": [{"page": 1, "text": "渔港夜市开张\n本报讯 渔港夜市昨晚开张，渔民和市民争相品尝海鲜。\n"}],
}
PROGRAM = "from services.cli.main import main; main()"


@dataclass(slots=True)
class Receiver:
    """A web server that keeps what it is told."""

    port: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def deliver(secured: Secured, folder: Path, to: str, **wrong: Any) -> subprocess.Popen[bytes]:
    """Start `broadsheet deliver` as its own user, for one receiver; `wrong` replaces some of its settings."""
    file = folder / "subscriptions.yaml"
    one = {"name": SUBSCRIPTION, "to": to, "secret_env": "RECEIVER_SECRET", "begin": "beginning", "q": "月饼"}
    file.write_text(json.dumps({"subscriptions": [one]}), "utf-8")
    given = environment({**secured.variables(DELIVER), **wrong})
    with (folder / "deliver.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "deliver", str(file)],
            cwd=ROOT,
            env={**given, "RECEIVER_SECRET": secrets.token_hex(16)},
            stdout=log,
            stderr=log,
        )


def told(secured: Secured, folder: Path) -> list[dict[str, Any]]:
    """Let a receiver be told of the sample's article about mooncakes; return what it was told."""
    with receiving() as receiver:
        running = deliver(secured, folder, to=f"http://127.0.0.1:{receiver.port}/hook")
        try:
            worker = Worker(running, folder / "deliver.log")
            wait(lambda: worker.runs() and receiver.told, "a delivery")
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(PATIENCE_SECONDS)
        return receiver.told


def published(secured: Secured, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Publish an issue over HTTP twice under one key, as a house with a token does; return both answers."""
    token = secrets.token_hex(16)
    accounts = folder / "publishers.yaml"
    one = {"name": "night-desk", "token_sha256": hashlib.sha256(token.encode()).hexdigest(), "papers": [ISSUE["paper"]]}
    accounts.write_text(json.dumps({"accounts": [one]}), "utf-8")
    variables = {**secured.variables(PUBLISHING), "desk_publishers": accounts, "desk_corrections": "false"}
    with process("services.desk", variables, folder / "publishing.log") as (worker, port):
        wait(lambda: worker.runs() and get(port, "/ready")[0] == 200, "the desk for programs")
        address = f"http://127.0.0.1:{port}/api/issues"
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}", "idempotency-key": "1"}
        asked = urllib.request.Request(address, json.dumps(ISSUE).encode(), headers, method="POST")  # our own desk
        answers = []
        for _ in range(2):
            with urllib.request.urlopen(asked, timeout=120) as answer:  # noqa: S310  # see above
                answers.append(json.loads(answer.read()))
        worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(PATIENCE_SECONDS)
    assert token not in (folder / "publishing.log").read_text("utf-8")
    first, second = answers
    return first, second
