"""The four stream processors and the desk as child processes of `broadsheet run`."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Literal

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

State = Literal["running", "starting again", "stopped"]
"""The state of a service: it runs, it ended and waits for its next start, or somebody stopped it."""


class Workers:
    """Starts the services, restarts a service that ended, stops and starts single services, and stops all.

    Its methods may be called from several threads.

    Args:
        settings: passed to each service, with the addresses of the servers in use.
        logs: the folder of their log files.
        services: the services to start.
    """

    def __init__(self, settings: Settings, logs: Path, services: Sequence[str] = SERVICES) -> None:
        self._settings = settings
        self._logs = logs
        self._null = os.open(os.devnull, os.O_RDONLY)
        self._spawner = Spawner(self._null)
        self._running: dict[str, Server] = {}
        self._pauses: dict[str, float] = dict.fromkeys(services, FIRST_PAUSE_SECONDS)
        self._due: dict[str, float] = {}
        self._one_at_a_time = threading.Lock()

    @property
    def services(self) -> tuple[str, ...]:
        """The names of all services."""
        return tuple(self._pauses)

    @property
    def process_ids(self) -> dict[str, int]:
        """The process id of each running service."""
        with self._one_at_a_time:
            return {service: server.process_id for service, server in self._running.items()}

    @property
    def states(self) -> dict[str, State]:
        """The current state of each service."""
        with self._one_at_a_time:
            return {one: self._state(one) for one in self._pauses}

    def start(self, *services: str) -> None:
        """Start the named services, or all services; a running service is not touched.

        Raises:
            BroadsheetError: there is no such service.
        """
        for service in self._named(services):
            with self._one_at_a_time:
                self._due.pop(service, None)
                if service not in self._running:
                    self._running[service] = self._spawner.start(self._command(service))

    def halt(self, *services: str) -> None:
        """Stop the named services and wait until they are gone; they stay stopped until `start`.

        Raises:
            BroadsheetError: there is no such service.
        """
        named = self._named(services)
        with self._one_at_a_time:
            halted = [self._running.pop(service) for service in named if service in self._running]
            for service in named:
                self._due.pop(service, None)
            for server in halted:
                server.terminate()
        for server in halted:
            server.wait_gone(STOP_SECONDS)

    def tend(self) -> list[str]:
        """Restart ended services, no more often than the pauses allow; return the services that had ended."""
        ended = []
        with self._one_at_a_time:
            for service, server in list(self._running.items()):
                if server.alive:
                    continue
                del self._running[service]
                ended.append(service)
                self._due[service] = time.monotonic() + self._pauses[service]
                self._pauses[service] = min(self._pauses[service] * 2, LONGEST_PAUSE_SECONDS)
            for service, due in list(self._due.items()):
                if time.monotonic() >= due:
                    del self._due[service]
                    self._running[service] = self._spawner.start(self._command(service))
        return ended

    def log(self, stage: str) -> Path:
        """Return a service's log file."""
        return self._logs / f"{stage}.log"

    def stop(self) -> None:
        """Stop every service and wait until all are gone; no service can be started afterwards."""
        self.halt(*self._pauses)
        self._spawner.close()
        os.close(self._null)

    def _named(self, services: Sequence[str]) -> Sequence[str]:
        for service in services:
            if service not in self._pauses:
                raise BroadsheetError(f"There is no service {service!r}. The services are: {', '.join(self._pauses)}.")
        return services or tuple(self._pauses)

    def _state(self, service: str) -> State:
        if service in self._running:
            return "running"
        return "starting again" if service in self._due else "stopped"

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
    """Restart ended workers; raise when a worker does not stay up.

    Raises:
        BroadsheetError: a service ended; the text names its log.
    """
    for stage in workers.tend():
        raise BroadsheetError(f"The {stage} service ended by itself; why, stands in {workers.log(stage)}.")
