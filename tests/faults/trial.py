"""One seed from beginning to end: an installation, its work, its faults, and the verdict."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.faults.breaking.injection import do
from tests.faults.breaking.plan import SESSION_SECONDS, plan, short_plan
from tests.faults.judging.expectation import expected
from tests.faults.judging.findings import expect_entries, expect_strays, found, read_topics, rebuilt_otherwise
from tests.faults.judging.listing import write_topics
from tests.faults.judging.status import wrong_status
from tests.faults.judging.verdict import Verdict, judge
from tests.faults.servers.installation import installed
from tests.faults.work.editors import Editors
from tests.faults.work.newsroom import publish
from tests.faults.work.workload import meanings, workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from services.runtime.settings import Settings
    from tests.faults.breaking.plan import Fault
    from tests.faults.breaking.steps import Step
    from tests.faults.servers.installation import Installation
    from tests.faults.servers.site import Site
    from tests.faults.work.workload import Message

    Tell = Callable[[str], None]

SECONDS_A_FAULT = 2.0
LONGEST_STRETCH = 3
PATIENCE_SECONDS = 180.0
"""Longer than Kafka holds back the records of a killed worker's transaction, even on a busy machine."""
LOOK_SECONDS = 0.25
SHORT_ISSUES = 110
SHORT_SECONDS = 36.0
SHORT_PATIENCE_SECONDS = 45.0
AWAY: Mapping[str, tuple[str, float]] = {
    "Elasticsearch stopped": ("Elasticsearch", 3.0),
    "Elasticsearch killed": ("Elasticsearch", 3.0),
    "Elasticsearch cut off": ("Elasticsearch", 3.0),
    "Kafka stopped": ("Kafka", SESSION_SECONDS + 2),
    "Kafka killed": ("Kafka", SESSION_SECONDS + 2),
}
"""The server that a fault takes down, and after how many seconds /ready must name it."""


class Unsettled(AssertionError):
    """The installation makes no progress although all faults have ended."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a seed did, and its result.

    Attributes:
        records: number of records of `issues.raw`.
        corrections: number of records of the topic of editors' corrections.
        faults: number of faults of each kind.
        struck: number of requests and connections that the links and the proxy hit.
        ended: how often workers ended by themselves, by stage and exit code.
        starts: how often workers were started.
        operations: the results of operators' commands.
        forgotten: the stages whose group Kafka forgot.
        steps: how often workers were hit at each step of a delivery; `missed`: steps that no worker reached in time.
        longest: the longest recovery in seconds, and the fault before it.
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
    operations: Counter[str]
    forgotten: tuple[str, ...]
    steps: Counter[Step]
    missed: Counter[Step]
    verdict: Verdict
    quarantine_expected: int
    quarantine_found: int
    longest: tuple[float, str]
    settled_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Form:
    """The size of a trial.

    Attributes:
        issues: how many issues newsrooms publish.
        plan: what breaks.
        seconds: how long newsrooms publish.
        patience: the trial fails after this many seconds without progress.
    """

    issues: int
    plan: tuple[Fault, ...]
    seconds: float
    patience: float = PATIENCE_SECONDS


def full(seed: int, issues: int, faults: int) -> Form:
    """Return the form of a trial in which everything breaks."""
    return Form(issues, plan(seed, faults), faults * SECONDS_A_FAULT)


def short() -> Form:
    """Return the form of a trial that shows each bug planted by `make mutants` (see `short_plan`)."""
    return Form(SHORT_ISSUES, short_plan(), SHORT_SECONDS, SHORT_PATIENCE_SECONDS)


async def try_seed(site: Site, seed: int, form: Form, logs: Path, tell: Tell) -> Trial:
    """Run a seed and return its result.

    Args:
        site: the running servers, and the process that computes what must be held.
        seed: decides the workload.
        form: how much is published, and what breaks.
        logs: where the workers' logs go.
        tell: is told repeatedly about the progress.

    Raises:
        Unsettled: all faults have ended, but the work makes no progress.
    """
    began = time.monotonic()
    messages = workload(seed, form.issues)
    async with installed(site, seed, logs) as installation:
        with _telling(installation, f"seed {seed}", tell):
            settings, names = installation.settings, installation.settings.names
            await installation.fleet.ready()
            early = await _disturb(installation, seed, messages, form)
            disturbed = time.monotonic()
            try:
                await _settle(installation, form.patience)
                if installation.has_new_taxonomy:
                    await installation.retag_in_quiet()
                    await _settle(installation, form.patience)
            except Unsettled:
                site.keep_files(logs)
                raise
            settled_seconds = time.monotonic() - disturbed
            # Not before: a replay that was killed may hold back records that are already on the topics.
            topics = await read_topics(settings, [names.raw, names.corrections])
            raw, corrections = topics[names.raw], topics[names.corrections]
            # Compute what the installation must hold while it is asked what it holds.
            loop = asyncio.get_running_loop()
            reckon = partial(expected, retagged=installation.has_new_taxonomy)
            must_come = loop.run_in_executor(site.reckoner, reckon, raw, corrections, meanings(messages), early)
            await installation.finish_rebuild()
            await installation.fleet.stop()
        tell(f"seed {seed}: comparing")
        topics |= await read_topics(settings, [names.issues, names.articles, names.tagged, names.quarantine])
        does = await found(installation.client, settings, topics)
        must = await must_come
        expect_strays(must, settings, topics, does if installation.was_rewound else None)
        expect_entries(must, topics[names.quarantine])
        await installation.rebuild_in_quiet()
        does.rebuilt = await rebuilt_otherwise(does, installation.client, settings)
        unseen = [*installation.lights.conclude(), *await wrong_status(settings, messages)]
    again = bool(installation.watch.forgotten) or installation.was_rewound or installation.has_new_taxonomy
    struck = Counter({f"Elasticsearch {kind}": count for kind, count in installation.proxy.struck.items()})
    struck["Kafka link cut"] = sum(link.struck for link in installation.links.values())
    verdict = judge(must, does, forgotten=again, unseen=unseen)
    if not verdict.holds:
        write_topics(logs / "topics.jsonl", topics)
        site.keep_files(logs)
    return Trial(
        seed=seed,
        issues=sum(kind == "issues" for kind, _ in must.documents),
        articles=len(must.visible),
        records=len(raw),
        corrections=len(corrections),
        faults=Counter(fault.kind for fault in form.plan),
        struck=+struck,
        ended=installation.fleet.ended,
        starts=installation.fleet.starts,
        operations=installation.operations,
        forgotten=tuple(sorted(installation.watch.forgotten)),
        steps=installation.traps.sprung,
        missed=installation.traps.missed,
        verdict=verdict,
        quarantine_expected=must.quarantined.total(),
        quarantine_found=does.quarantined.total(),
        longest=installation.watch.longest,
        settled_seconds=settled_seconds,
        seconds=time.monotonic() - began,
    )


async def _disturb(installation: Installation, seed: int, messages: Sequence[Message], form: Form) -> frozenset[str]:
    """Publish the messages and run the editors while the faults happen; they overlap freely.

    On a slow machine a fault waits until its share of the work is done. This wait is limited, because an earlier fault
    may be the reason why the work makes no progress.

    Returns:
        The issues that were corrected while their newsroom still published.
    """

    async def happen(fault: Fault) -> None:
        due = fault.at * form.seconds
        await asyncio.sleep(due)
        with suppress(TimeoutError):
            async with asyncio.timeout(due * LONGEST_STRETCH):
                await installation.watch.reached("segment", int(fault.at * len(messages)))
        installation.in_force.append(fault.kind)
        begins = time.monotonic()
        await do(fault, installation)
        installation.in_force.remove(fault.kind)
        installation.watch.ended(str(fault.step or fault.kind))
        if fault.kind in AWAY and not any(kind.startswith("Kafka") for kind in installation.in_force):
            await installation.lights.away(fault.kind, begins, *AWAY[fault.kind])

    async with asyncio.TaskGroup() as work:
        editors = Editors(installation, seed, messages, work)
        work.create_task(_publish(installation.settings, messages, form.seconds, editors))
        for fault in form.plan:
            work.create_task(happen(fault))
    return editors.early


async def _publish(settings: Settings, messages: Sequence[Message], seconds: float, editors: Editors) -> None:
    """Publish all messages over this many seconds; those that come after corrections come when editors are done."""
    late = {id(message) for message in editors.late}
    await publish(settings, [one for one in messages if id(one) not in late], seconds, editors.published)
    await editors.early_done()
    await publish(settings, editors.late, 0.0, editors.published)


async def _settle(installation: Installation, patience: float) -> None:
    watch = installation.watch
    try:
        await watch.settled(patience)
        # A session after its last batch, a worker runs one more transaction, whose markers count as a lag.
        await asyncio.sleep(SESSION_SECONDS * 1.5)
        await watch.settled(patience)
    except TimeoutError:
        behind = "; ".join(await watch.behind())
        said = "; ".join(await installation.lights.now())
        raise Unsettled(
            f"{installation.settings.prefix} nothing has moved for {patience:.0f} s; still to do: {behind}; {said}"
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
