"""Workers as tests run them: processes of their own, which end with the test."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.runtime.settings import Settings

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker and its log."""

    process: subprocess.Popen[bytes]
    log: Path

    def runs(self) -> bool:
        """Return True; fail, showing its log, when it has ended."""
        ended = self.process.poll()
        assert ended is None, f"the worker ended with {ended}:\n{self.log.read_text('utf-8')[-3000:]}"
        return True

    def said(self, words: str) -> bool:
        """Tell whether its log holds these words; it must still run."""
        return self.runs() and words in self.log.read_text("utf-8")


@contextmanager
def running(settings: Settings, module: str, *arguments: str, root: Path = ROOT) -> Iterator[Worker]:
    """Run `python -m module` of the checkout at `root` with these settings; what is alive at the end is killed."""
    given = {
        f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
        for name in settings.model_fields_set
        if getattr(settings, name) is not None
    }
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=root,
                env={**os.environ, **given, "BROADSHEET_LOG_FORMAT": "ecs"},
                stdout=sink,
                stderr=sink,
            )
        try:
            yield Worker(process, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def get(port: int, path: str) -> tuple[int, str]:
    """Return the status and text that a worker's health server answers; status 0 when nothing listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def command(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    """Start a command of `broadsheet` on an installation of its own; its output can be read as it comes."""
    given = {
        f"BROADSHEET_{name.upper()}": str(getattr(settings, name))
        for name in ("kafka", "elasticsearch", "prefix", "partitions")
    }
    return subprocess.Popen(
        [sys.executable, "-c", "from services.cli.main import main; main()", *arguments],
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
