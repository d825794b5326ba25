"""A rolling upgrade under load, forward and back: `python -m benchmarks.upgrade OLD`, or `make drill-upgrade OLD=…`.

OLD is a revision of this repository. Its checkout stands beside this one, and both use this environment's packages.
OLD's `broadsheet setup` prepares the servers, and this checkout's `broadsheet setup --mend` runs before the upgrade.
The four stages of OLD run on embedded servers while a newsroom publishes. Then one stage after another gets a worker of
this checkout before its old one is stopped, ingest first, as a Deployment with `maxSurge: 1` does it. After a time
everything goes back in the opposite order.

The program prints how long each step took, and at the end what is missing. The exit code is 1 if a page that Kafka had
acknowledged is not found, if anything is in quarantine, or if a worker did not end with 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from elasticsearch import AsyncElasticsearch
from rich.console import Console

from benchmarks.drills import Press, counted
from services.cli.shared.stages import stage_status
from services.local.ports import free
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.servers import temporary_home
from tests.workers import ROOT, Worker, get, running

if TYPE_CHECKING:
    from services.runtime.settings import Settings

PARTITIONS: Final = 4
LONGEST_SECONDS: Final = 600.0


class Rollout:
    """One worker for each stage, which can be replaced by one of another checkout while the newsroom publishes."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.press = Press(settings)
        self.codes: list[int] = []
        self._settings = settings
        self._console = console
        self._client = AsyncElasticsearch(settings.elasticsearch_address, request_timeout=30)
        self._running: dict[str, tuple[Worker, contextlib.ExitStack]] = {}

    async def start(self, stage: str, root: Path) -> float:
        """Start a worker of a checkout, stop the worker before it, if any; return the seconds that it took."""
        began, port = time.monotonic(), free(0)
        stack = contextlib.ExitStack()
        settings = self._settings.model_copy(update={"http_port": port})
        worker = stack.enter_context(running(settings, f"services.{stage}", root=root))
        while worker.runs() and get(port, "/ready")[0] != 200:
            await self._wait(began)
        if stage in self._running:
            await self._stop(stage)
        self._running[stage] = worker, stack
        return time.monotonic() - began

    async def replace(self, stages: tuple[str, ...], root: Path, name: str) -> None:
        """Replace the workers of each stage in turn, and wait until everything is worked off."""
        for stage in stages:
            took = await self.start(stage, root)
            self._console.print(f"{name}: {stage} replaced in {took:.0f} s, {self.press.acknowledged} issues so far")
        began, wanted = time.monotonic(), self.press.acknowledged
        while await self.found() < wanted:
            await self._wait(began)
        self._console.print(f"{name}: all {wanted} issues found after {time.monotonic() - began:.0f} s")

    async def found(self) -> int:
        """Return how many issues searches find; a worker that has ended fails the drill."""
        for worker, _ in self._running.values():
            worker.runs()
        return await counted(self._client, "issues")

    async def close(self) -> tuple[int, int]:
        """Publish no more, wait until everything is worked off, stop; return the issues found and those quarantined."""
        self.press.close()
        began = time.monotonic()
        while await self.found() < self.press.acknowledged or any(
            one.lag for one in await stage_status(self._settings)
        ):
            await self._wait(began)
        found, quarantined = await self.found(), await counted(self._client, "quarantine")
        for stage in STAGES:
            await self._stop(stage)
        await self._client.close()
        return found, quarantined

    async def _stop(self, stage: str) -> None:
        worker, stack = self._running.pop(stage)
        worker.process.send_signal(signal.SIGTERM)
        self.codes.append(await asyncio.to_thread(worker.process.wait, 60))
        stack.close()

    async def _wait(self, began: float) -> None:
        if time.monotonic() - began > LONGEST_SECONDS:
            raise TimeoutError(f"not done after {LONGEST_SECONDS:.0f} s, {self.press.acknowledged} issues acknowledged")
        await asyncio.sleep(0.5)


def set_up(settings: Settings, root: Path, *options: str) -> None:
    """Run `broadsheet setup` of a checkout.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    places = {
        "BROADSHEET_KAFKA": settings.kafka_address,
        "BROADSHEET_ELASTICSEARCH": settings.elasticsearch_address,
        "BROADSHEET_PARTITIONS": str(PARTITIONS),
        "BROADSHEET_PREFIX": settings.prefix,
    }
    setup = [sys.executable, "-c", "from services.cli.main import main; main()", "setup", *options]
    subprocess.run(setup, cwd=root, env=os.environ | places, check=True)


async def drill(settings: Settings, old: Path, console: Console, seconds: float) -> bool:
    """Go forward and back; return whether nothing is lost."""
    rollout = Rollout(settings, console)
    for stage in STAGES:
        await rollout.start(stage, old)
    publishing = asyncio.create_task(rollout.press.publish())
    await asyncio.sleep(seconds)
    await asyncio.to_thread(set_up, settings, ROOT, "--mend")
    await rollout.replace(STAGES, ROOT, "forward")
    await asyncio.sleep(seconds)
    await rollout.replace(STAGES[::-1], old, "back")
    await asyncio.sleep(seconds)
    found, quarantined = await rollout.close()
    await publishing
    console.print(
        f"{rollout.press.acknowledged} issues acknowledged, {found} found, {quarantined} messages in quarantine; "
        f"{len(rollout.codes)} workers ended with {sorted(set(rollout.codes))}"
    )
    return found == rollout.press.acknowledged and not quarantined and not any(rollout.codes)


def main(
    old: Annotated[str, typer.Argument(help="The revision to upgrade from.")],
    seconds: Annotated[float, typer.Option(min=1, help="How long each state lasts.")] = 20,
) -> None:
    """Run the drill."""
    console = Console()
    with tempfile.TemporaryDirectory() as name, temporary_home() as home:
        archive = subprocess.run(["git", "archive", old], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        progress = TerminalProgress(console)
        with LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress) as stack:
            settings = load_settings(kafka=stack.kafka, elasticsearch=stack.elasticsearch, partitions=PARTITIONS)
            set_up(settings, Path(name))
            whole = asyncio.run(drill(settings, Path(name), console, seconds))
    raise typer.Exit(not whole)


if __name__ == "__main__":
    typer.run(main)
