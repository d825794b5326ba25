import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.local.errors import HomeBusy
from services.local.lock import HomeLock

HOLDS_UNTIL_KILLED = """
import sys, pathlib
from services.local.lock import HomeLock
lock = HomeLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_run_in_the_same_home_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path)
    with pytest.raises(HomeBusy) as refusal:
        HomeLock(tmp_path)
    lock.release()
    assert refusal.value.holder == os.getpid()
    assert str(tmp_path) in str(refusal.value)


def test_a_released_home_can_be_taken_again(tmp_path: Path) -> None:
    HomeLock(tmp_path).release()
    HomeLock(tmp_path).release()


def test_a_run_that_was_killed_does_not_hinder_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_UNTIL_KILLED, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"held\n"
        with pytest.raises(HomeBusy):
            HomeLock(tmp_path)
        run.send_signal(signal.SIGKILL)
    HomeLock(tmp_path).release()


def test_a_server_left_by_a_killed_run_keeps_the_next_one_waiting(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=(lock.inherited,)
    ) as server:
        lock.release()
        with pytest.raises(HomeBusy):
            HomeLock(tmp_path, remains_deadline=0)
        server.kill()
    HomeLock(tmp_path, remains_deadline=10).release()
