"""The four stream processors and the desk as child processes of `broadsheet run`."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from services.local.process import Command, Server, Spawner
from services.runtime.errors import BroadsheetError
from services.runtime.names import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from services.runtime.settings import Settings

SERVICES = (*STAGES, "desk")
STOP_SECONDS = 15.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


class Workers:
    """Starts the services, starts again one that ended, and stops them all.

    Args:
        settings: handed to each service, with the addresses of the servers in use.
        logs: the folder of their log files.
        services: which ones.
    """

    def __init__(self, settings: Settings, logs: Path, services: Sequence[str] = SERVICES) -> None:
        self._settings = settings
        self._logs = logs
        self._null = os.open(os.devnull, os.O_RDONLY)
        self._spawner = Spawner(self._null)
        self._running: dict[str, Server] = {}
        self._pauses: dict[str, float] = dict.fromkeys(services, FIRST_PAUSE_SECONDS)
        self._due: dict[str, float] = {}

    def start(self) -> None:
        """Start every service."""
        for stage in self._pauses:
            self._running[stage] = self._spawner.start(self._command(stage))

    def tend(self) -> list[str]:
        """Start again what ended, not more often than the pauses allow; return the stages that were found ended."""
        ended = []
        for stage, server in list(self._running.items()):
            if server.alive:
                continue
            del self._running[stage]
            ended.append(stage)
            self._due[stage] = time.monotonic() + self._pauses[stage]
            self._pauses[stage] = min(self._pauses[stage] * 2, LONGEST_PAUSE_SECONDS)
        for stage, due in list(self._due.items()):
            if time.monotonic() >= due:
                del self._due[stage]
                self._running[stage] = self._spawner.start(self._command(stage))
        return ended

    def log(self, stage: str) -> Path:
        """Return a service's log file."""
        return self._logs / f"{stage}.log"

    def stop(self) -> None:
        """Stop every service and wait until all are gone."""
        for server in self._running.values():
            server.terminate()
        for server in self._running.values():
            server.wait_gone(STOP_SECONDS)
        self._running.clear()
        self._spawner.close()
        os.close(self._null)

    def _command(self, stage: str) -> Command:
        settings = self._settings
        environment = dict(os.environ)
        environment |= {
            "BROADSHEET_KAFKA": settings.kafka_address,
            "BROADSHEET_ELASTICSEARCH": settings.elasticsearch_address,
            "BROADSHEET_LOG_FORMAT": "ecs",
            "BROADSHEET_HTTP_PORT": "0",
            "BROADSHEET_DESK_PORT": str(settings.desk_port),
        }
        return Command(
            server=stage,
            arguments=(sys.executable, "-m", f"services.{stage}"),
            directory=self._logs,
            environment=environment,
            log=self.log(stage),
        )


def check_alive(workers: Workers) -> None:
    """Tend the workers; raise when one does not stay up.

    Raises:
        BroadsheetError: a service ended; the text names its log.
    """
    for stage in workers.tend():
        raise BroadsheetError(f"The {stage} service ended by itself; why, stands in {workers.log(stage)}.")
