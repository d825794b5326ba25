"""One seed from beginning to end: an installation, its work, its faults, and the verdict."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.breaking.injection import do
from tests.faults.breaking.plan import plan
from tests.faults.judging.expectation import expected
from tests.faults.judging.findings import expect_entries, expect_strays, found, read_topics
from tests.faults.judging.verdict import Verdict, judge
from tests.faults.servers.installation import installed
from tests.faults.work.editors import Editors
from tests.faults.work.newsroom import publish
from tests.faults.work.workload import workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.faults.breaking.plan import Fault
    from tests.faults.servers.installation import Installation
    from tests.faults.servers.site import Site
    from tests.faults.work.workload import Message

    Tell = Callable[[str], None]

SECONDS_A_FAULT = 2.0
LONGEST_STRETCH = 3
PATIENCE_SECONDS = 180.0
"""Above the longest that Kafka holds back what a killed worker left in its transaction, on a busy machine."""
LOOK_SECONDS = 0.25


class Unsettled(AssertionError):
    """The installation does not get on although all faults have ended."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one seed did, and what came of it.

    Attributes:
        records: of `issues.raw`.
        corrections: records of the topic of editors' corrections.
        faults: how many of each kind.
        struck: requests and connections that were met by what stands between workers and servers.
        ended: how often workers ended by themselves, by stage and exit code.
        starts: how often workers were started.
        rebuilds: what became of rebuilds of the index.
        forgotten: the stages whose group Kafka forgot.
        longest: the longest recovery in seconds, and after what.
        settled_seconds: from the last fault or message to the end of all work.
    """

    seed: int
    issues: int
    articles: int
    records: int
    corrections: int
    faults: Counter[str]
    struck: Counter[str]
    ended: Counter[tuple[str, int | None]]
    starts: int
    rebuilds: Counter[str]
    forgotten: tuple[str, ...]
    verdict: Verdict
    quarantine_expected: int
    quarantine_found: int
    longest: tuple[float, str]
    settled_seconds: float
    seconds: float


async def try_seed(site: Site, seed: int, size: tuple[int, int], logs: Path, tell: Tell) -> Trial:
    """Run one seed and return what came of it.

    Args:
        site: the servers, which run, and the process that works out what must be held.
        seed: decides the workload and the plan.
        size: how many issues are published about, and how many faults there are.
        logs: where the workers' logs go.
        tell: is told, again and again, what goes on.

    Raises:
        Unsettled: all faults have ended, and yet the work does not get on.
    """
    began = time.monotonic()
    issues, faults = size
    messages, planned = workload(seed, issues), plan(seed, faults)
    ended_before = sum(link.struck for link in site.links)
    async with installed(site, seed, logs) as installation:
        with _telling(installation, f"seed {seed}", tell):
            settings, names = installation.settings, installation.settings.names
            await installation.fleet.ready()
            await _disturb(installation, seed, messages, planned)
            disturbed = time.monotonic()
            published = await read_topics(settings, [names.raw, names.corrections])
            raw, corrections = published[names.raw], published[names.corrections]
            # All is published: what must come of it is worked out while the workers get on.
            must_come = asyncio.get_running_loop().run_in_executor(site.reckoner, expected, raw, corrections)
            await _settle(installation)
            settled_seconds = time.monotonic() - disturbed
            await installation.finish_rebuild()
            await installation.fleet.stop()
        tell(f"seed {seed}: comparing")
        must = await must_come
        topics = await read_topics(settings, [names.issues, names.articles, names.tagged, names.quarantine])
        expect_strays(must, settings, topics)
        expect_entries(must, topics[names.quarantine])
        does = await found(installation.client, settings, topics)
    struck = Counter({f"Elasticsearch {kind}": count for kind, count in installation.proxy.struck.items()})
    struck["Kafka link cut"] = sum(link.struck for link in site.links) - ended_before
    return Trial(
        seed=seed,
        issues=sum(kind == "issues" for kind, _ in must.documents),
        articles=len(must.visible),
        records=len(raw),
        corrections=len(corrections),
        faults=Counter(fault.kind for fault in planned),
        struck=+struck,
        ended=installation.fleet.ended,
        starts=installation.fleet.starts,
        rebuilds=installation.rebuilds,
        forgotten=tuple(sorted(installation.watch.forgotten)),
        verdict=judge(must, does, forgotten=bool(installation.watch.forgotten)),
        quarantine_expected=must.quarantined.total(),
        quarantine_found=does.quarantined.total(),
        longest=installation.watch.longest,
        settled_seconds=settled_seconds,
        seconds=time.monotonic() - began,
    )


async def _disturb(
    installation: Installation, seed: int, messages: Sequence[Message], planned: Sequence[Fault]
) -> None:
    """Publish the messages, and have editors at work, while the faults happen; they overlap as it comes.

    On a slow machine a fault waits for its share of the work to be done, though not for ever: what broke before it may
    be why the work does not get on.
    """
    seconds = len(planned) * SECONDS_A_FAULT

    async def happen(fault: Fault) -> None:
        due = fault.at * seconds
        await asyncio.sleep(due)
        with suppress(TimeoutError):
            async with asyncio.timeout(due * LONGEST_STRETCH):
                await installation.watch.reached("segment", int(fault.at * len(messages)))
        installation.in_force.append(fault.kind)
        await do(fault, installation)
        installation.in_force.remove(fault.kind)
        installation.watch.ended(fault.kind)

    async with asyncio.TaskGroup() as work:
        editors = Editors(installation, seed, messages, work)
        work.create_task(publish(installation.settings, messages, seconds, editors.published))
        for fault in planned:
            work.create_task(happen(fault))


async def _settle(installation: Installation) -> None:
    watch = installation.watch
    try:
        await watch.settled(PATIENCE_SECONDS)
    except TimeoutError:
        behind = ", ".join(f"{stage} {lag}" for stage, lag in watch.lag.items())
        raise Unsettled(
            f"{installation.settings.prefix} nothing has moved for {PATIENCE_SECONDS:.0f} s; still to do: {behind}"
        ) from None


@contextmanager
def _telling(installation: Installation, what: str, tell: Tell) -> Iterator[None]:
    async def go_on() -> None:
        while True:
            behind = ", ".join(f"{stage} {lag}" for stage, lag in installation.watch.lag.items())
            tell(f"{what}: {len(installation.in_force)} faults in force; behind: {behind}")
            await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
