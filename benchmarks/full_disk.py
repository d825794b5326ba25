"""Full disks under load: `python -m benchmarks.full_disk`, or `make drill-disk`. It needs root, to mount small disks.

The four stages run on embedded servers, each of which has a small disk of its own, while a newsroom publishes. Then:

1. Elasticsearch puts its read-only block on every index, as it does by itself when a disk is nearly full.
2. Elasticsearch's disk is full: no byte can be written.
3. Kafka's disk is full: the broker ends.

Each time the disk gets room again, and what the runbook says is done. The program prints what the workers said
meanwhile, how long it took until everything was worked off, and at the end what is missing. The exit code is 1 if a
page that Kafka had acknowledged is not found, if anything is in quarantine, or if a worker ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

import typer
from aiokafka.errors import KafkaError
from elasticsearch import ApiError, AsyncElasticsearch, TransportError
from rich.console import Console

from benchmarks.drills import Press, counted
from services.cli.operate.setup import create_everything
from services.cli.shared.stages import stage_status
from services.index.names import Names
from services.local.ports import free
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.errors import Unavailable
from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.servers import temporary_home
from tests.workers import Worker, get, running

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from services.runtime.settings import Settings

DISK_MB: Final = 400
PARTITIONS: Final = 4
BETWEEN: Final = 5
"""Issues that may be on their way while everything flows."""
LONGEST_SECONDS: Final = 600.0
BLOCK: Final = "index.blocks.read_only_allow_delete"


@contextlib.contextmanager
def disk(place: Path) -> Iterator[None]:
    """Mount a small disk in memory at a folder."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(balloon: Path) -> None:
    """Fill a disk with a file that grows to the last byte."""
    with balloon.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 12))


class Drill:
    """The installation during the drill: what its workers say, and when it has worked everything off."""

    def __init__(
        self, settings: Settings, stack: LocalStack, members: dict[str, tuple[Worker, int]], console: Console
    ) -> None:
        self.settings = settings
        self.press = Press(settings)
        self._stack = stack
        self.client = AsyncElasticsearch(settings.elasticsearch_address, request_timeout=30, max_retries=0)
        self._members = members
        self._console = console

    def troubled(self) -> dict[str, str]:
        """Return what each worker that is not ready says on /ready; fail if one has ended."""
        answers = {name: get(port, "/ready") for name, (worker, port) in self._members.items() if worker.runs()}
        return {
            name: words.strip() or "no answer" for name, (status, words) in answers.items() if status != HTTPStatus.OK
        }

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str) -> float:
        """Wait until a condition is true; return the seconds that it took.

        Raises:
            TimeoutError: it takes too long.
        """
        began = time.monotonic()
        while True:
            with contextlib.suppress(ApiError, TransportError, KafkaError, Unavailable, OSError):
                if await condition():
                    return time.monotonic() - began
            if time.monotonic() - began > LONGEST_SECONDS:
                raise TimeoutError(f"not so after {LONGEST_SECONDS:.0f} s: {what}; {self.troubled()}")
            await asyncio.sleep(0.5)

    async def worked_off(self) -> bool:
        """Tell whether every issue that Kafka acknowledged by now is found, and no stage is behind by much."""
        return await self.found() >= self.press.acknowledged - BETWEEN

    async def found(self) -> int:
        """Return how many issues searches find."""
        return await counted(self.client, "issues")

    async def trouble(self, name: str, begin: Callable[[], None], seconds: float, mend: Callable[[], None]) -> None:
        """Let the trouble begin, wait until a worker tells of it and then for a time, mend it, and see the recovery."""

        async def noticed() -> bool:
            begin()
            return bool(self.troubled())

        async def flows_again() -> bool:
            self._stack.tend()
            return not self.troubled()

        begin()
        after = await self.until(noticed, "a worker tells of it")
        self._console.print(f"{name}: a worker told of it after {after:.0f} s", markup=False)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            # What a server deletes must not make room for what it writes.
            begin()
            await asyncio.sleep(0.2)
        for stage, words in self.troubled().items():
            self._console.print(f"  {stage}: {words}", markup=False)
        published, found = self.press.acknowledged, await self._found_or_none()
        mend()
        await self._retry_shards()
        began = time.monotonic()
        await self.until(flows_again, "the workers are ready again")
        ready = time.monotonic() - began
        await self.until(self.worked_off, "everything is worked off")
        self._console.print(
            f"  {published} issues acknowledged and {found} found when it ended; all workers ready {ready:.0f} s, "
            f"everything worked off {time.monotonic() - began:.0f} s later"
        )

    async def _found_or_none(self) -> int | None:
        with contextlib.suppress(ApiError, TransportError):
            return int((await self.client.count(index=Names("", "issues").read))["count"])
        return None

    async def _retry_shards(self) -> None:
        """Ask for shards again that could not be allocated five times, as the runbook says."""

        async def asked() -> bool:
            await self.client.cluster.reroute(retry_failed=True)
            return True

        await self.until(asked, "Elasticsearch answers")


async def drill(settings: Settings, stack: LocalStack, home: Path, console: Console, seconds: float) -> bool:
    """Run the three troubles; return whether nothing is lost."""
    ports = {stage: free(0) for stage in STAGES}
    with contextlib.ExitStack() as workers:
        members = {
            stage: (
                workers.enter_context(running(settings.model_copy(update={"http_port": port}), f"services.{stage}")),
                port,
            )
            for stage, port in ports.items()
        }
        run = Drill(settings, stack, members, console)
        publishing = asyncio.create_task(run.press.publish())

        async def flowing() -> bool:
            return await run.found() > 0 and not run.troubled()

        console.print(f"the first issue was found after {await run.until(flowing, 'an issue is found'):.0f} s")
        loop = asyncio.get_running_loop()
        blocks: list[asyncio.Task[object]] = []

        def block(value: bool | None) -> None:  # noqa: FBT001  # the setting's own values
            put = run.client.indices.put_settings(index="*", settings={BLOCK: value})
            blocks.append(loop.create_task(put))

        await run.trouble("Elasticsearch read-only", lambda: block(True), seconds, lambda: block(None))
        for name in ("elasticsearch", "kafka"):
            balloon = home / "data" / name / "balloon"

            def inflate(file: Path = balloon) -> None:
                fill(file)

            await run.trouble(f"the disk of {name} full", inflate, seconds, balloon.unlink)
        run.press.close()
        await publishing

        async def done() -> bool:
            stages = await stage_status(settings)
            return await run.found() >= run.press.acknowledged and not any(one.lag for one in stages)

        await run.until(done, "everything is worked off")
        quarantined = await counted(run.client, "quarantine")
        found = await run.found()
        run.troubled()
        await run.client.close()
    console.print(f"{run.press.acknowledged} issues acknowledged, {found} found, {quarantined} messages in quarantine")
    return found == run.press.acknowledged and not quarantined


def main(
    seconds: Annotated[float, typer.Option(min=1, help="How long each trouble lasts after it was told of.")] = 30,
) -> None:
    """Run the drill."""
    console = Console()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with temporary_home() as home, disk(home / "data" / "elasticsearch"), disk(home / "data" / "kafka"):
        progress = TerminalProgress(console)
        with LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress) as stack:
            settings = load_settings(kafka=stack.kafka, elasticsearch=stack.elasticsearch, partitions=PARTITIONS)
            asyncio.run(create_everything(settings))
            whole = asyncio.run(drill(settings, stack, home, console, seconds))
    raise typer.Exit(not whole)


if __name__ == "__main__":
    typer.run(main)
