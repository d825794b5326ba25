import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from services.local.errors import ServerDied, StartCancelled
from services.local.process import Command, Server, Spawner, responds

STAYS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES_SIGTERM = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STAYS
DIES = "import sys; print('配置有误'); print('port is wrong'); sys.exit(3)"
PARENT = """
import os, pathlib, sys, threading
from services.local.process import Command, Spawner
spawner = Spawner(os.open(os.devnull, os.O_RDONLY))
command = Command("Fake", (sys.executable, "-c", sys.argv[1]), pathlib.Path(), os.environ, pathlib.Path(sys.argv[2]))
started = []
thread = threading.Thread(target=lambda: started.append(spawner.start(command)))
thread.start()
thread.join()
print(started[0].process_id, flush=True)
sys.stdin.read()
"""


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def command(program: str, folder: Path) -> Command:
    return Command("Fake", (sys.executable, "-c", program), folder, os.environ, folder / "logs" / "fake.log")


@pytest.fixture
def spawner() -> Iterator[Spawner]:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    spawner = Spawner(descriptor)
    yield spawner
    spawner.close()
    os.close(descriptor)


def up(server: Server) -> bool:
    return "up" in server.command.log.read_text()


def test_a_server_is_ready_when_its_probe_says_so_and_is_gone_when_stopped(spawner: Spawner, tmp_path: Path) -> None:
    server = spawner.start(command(STAYS, tmp_path))
    assert server.wait_ready(lambda: up(server), 20, threading.Event()) > 0
    server.check()
    server.terminate()
    server.wait_gone(20)
    with pytest.raises(ServerDied, match="SIGTERM"):
        server.check()


def test_a_server_that_ends_while_starting_is_told_with_its_last_line_and_its_log(
    spawner: Spawner, tmp_path: Path
) -> None:
    server = spawner.start(command(DIES, tmp_path))
    with pytest.raises(ServerDied) as death:
        server.wait_ready(lambda: False, 20, threading.Event())
    assert str(death.value).splitlines() == [
        "Fake ended with exit code 3: port is wrong",
        f"Its log has the reason: {tmp_path / 'logs' / 'fake.log'}",
    ]
    assert death.value.tail == ("配置有误", "port is wrong")


def test_a_server_that_never_answers_is_given_up(spawner: Spawner, tmp_path: Path) -> None:
    server = spawner.start(command(STAYS, tmp_path))
    with pytest.raises(ServerDied, match="did not answer within 0 s"):
        server.wait_ready(lambda: False, 0, threading.Event())
    server.terminate()
    server.wait_gone(20)


def test_waiting_ends_when_the_start_is_cancelled(spawner: Spawner, tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    server = spawner.start(command(STAYS, tmp_path))
    with pytest.raises(StartCancelled):
        server.wait_ready(lambda: False, 20, cancel)
    server.terminate()
    server.wait_gone(20)


def test_a_server_that_does_not_stop_when_asked_is_killed(spawner: Spawner, tmp_path: Path) -> None:
    server = spawner.start(command(IGNORES_SIGTERM, tmp_path))
    server.wait_ready(lambda: up(server), 20, threading.Event())
    server.terminate()
    server.wait_gone(0)
    with pytest.raises(ServerDied, match="SIGKILL"):
        server.check()


def test_the_log_of_the_run_before_is_kept_beside_that_of_this_run(spawner: Spawner, tmp_path: Path) -> None:
    for _ in range(2):
        server = spawner.start(command(DIES, tmp_path))
        server.wait_gone(20)
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == ["fake.log", "fake.log.1"]


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_a_server_started_from_a_thread_that_ended_lives_on_but_not_beyond_its_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, STAYS, str(tmp_path / "fake.log")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert eventually(lambda: "up" in (tmp_path / "fake.log").read_text())
        parent.send_signal(signal.SIGKILL)
    assert eventually(lambda: not is_running(server))


def is_running(process_id: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False


def test_only_status_200_counts_as_an_answer() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/well" else 408)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        answers = [responds("127.0.0.1", server.server_port, path) for path in ("/well", "/late")]
        server.shutdown()
        thread.join()
    assert answers == [True, False]
    assert not responds("127.0.0.1", server.server_port, "/well")
