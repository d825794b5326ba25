"""Our processes as they run on a cluster: each with the settings of its own user and account."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from services.local.ports import free
from tests.workers import ROOT, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def environment(variables: Mapping[str, Any]) -> dict[str, str]:
    """The process's environment with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    given = {f"BROADSHEET_{name.upper()}": str(value) for name, value in variables.items()}
    return {**kept, "BROADSHEET_LOG_FORMAT": "ecs", "BROADSHEET_LOG_LEVEL": "debug", **given}


@contextmanager
def process(module: str, variables: Mapping[str, Any], log: Path) -> Iterator[tuple[Worker, int]]:
    """Run `python -m module`; give it and the port of its /ready. What is still alive at the end is killed."""
    port = free(0)
    name = "desk_port" if module == "services.desk" else "http_port"
    with log.open("ab") as sink:
        started = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment({**variables, name: port}),
            stdout=sink,
            stderr=sink,
        )
    try:
        yield Worker(started, log), port
    finally:
        if started.poll() is None:
            started.kill()
        started.wait(10)
