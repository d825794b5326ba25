"""Receivers away while a newsroom publishes: `make outage-receiver MINUTES=10`.

The whole pipeline runs on a real Kafka and Elasticsearch. `broadsheet deliver` tells three receivers: a webhook that
is there all the time, and a webhook and a Newshub that are away. For a third of the time they hang (take a request and
never answer), then refuse (status 503), then vanish (no connection). Every page is published, and later corrected: one
of its articles changes, another is withdrawn. In the middle the deliverer is killed (SIGKILL) and started again. At
the end each receiver's last message of every article is compared with the topic's. The exit code is 1 if a receiver
lacks anything or was told anything in the wrong order, or if the receiver that was there waited longer meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.installation import installation
from benchmarks.newsroom import CorrectingNewsroom, day
from schemas.article import IssueRecord
from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
from services.cli.shared.stages import stage_status
from services.outlets.changes import order_of
from tests.kafka import read_all
from tests.receivers import Receiver, Told, delivering, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings
    from tests.receivers import Mode

WARM_UP_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 20.0
LONGEST_SECONDS: Final = 900.0
SLOWER_BOUND: Final = 2.0
"""How many times as long the receiver that is there may wait during the outage, at the median."""
AWAY: Final = ("archive", "newshub")
THERE: Final = "there"
WAYS: Final[tuple[Mode | None, ...]] = ("hangs", "refuses", None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen.

    Attributes:
        last: the last message of each article on the topic.
        before: seconds from a page in Kafka to its first article at the receiver that was there, before the outage.
        during: the same, for pages published during the outage.
        behind: the most records that a stage was behind during the outage.
        waiting: articles whose last message the receivers that were away lacked when they came back.
        first: seconds from their return until the first delivery, by name.
        all: seconds from their return until the last, by name.
    """

    last: Mapping[str, TaggedArticle | Withdrawal]
    before: list[float]
    during: list[float]
    behind: int
    waiting: dict[str, int]
    first: dict[str, float]
    all: dict[str, float]


@dataclass(slots=True)
class Run:
    """The installation under observation."""

    settings: Settings
    receivers: dict[str, Receiver]
    file: Path
    newsroom: CorrectingNewsroom
    console: Console
    began: float = field(default_factory=time.monotonic)

    async def look(self, phase: str) -> int:
        """Print the present state; return how many records the stage that is furthest behind is behind."""
        behind = max(one.lag or 0 for one in await stage_status(self.settings))
        counts = "".join(f"{len(set(one.ids)):>10,}{one.tried:>8,}" for one in self.receivers.values())
        self.console.print(
            f"{time.monotonic() - self.began:5.0f}  {phase:<9}{len(self.newsroom.published):>6,} pages "
            f"{behind:>6,} behind{counts}"
        )
        return behind

    async def during(self, phase: str, seconds: float) -> int:
        """Look at intervals for so long; return the most records that a stage was behind."""
        end, most = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(LOOK_SECONDS, left))
            most = max(most, await self.look(phase))
        return most

    def leave(self, way: Mode | None) -> None:
        """Let the receivers be away in one way; None: they are not there."""
        for name in AWAY:
            one = self.receivers[name]
            if way is None:
                one.close()
            one.mode = way or "answers"

    def latencies(self, since: float, until: float) -> list[float]:
        """Return the seconds from each page published in a time to its first article at the receiver that is there."""
        first: dict[str, float] = {}
        for one in self.receivers[THERE].got:
            first.setdefault(one.body["data"]["date"], one.at)
        published = enumerate(self.newsroom.published)
        found = [(at, first.get(day(number).isoformat())) for number, at in published if since <= at < until]
        return [there - at if there is not None else LONGEST_SECONDS for at, there in found]


async def observe(run: Run, seconds: float) -> Outcome:
    """Publish, let two receivers be away for that long, and wait until they have everything."""
    publishing = asyncio.create_task(run.newsroom.publish())
    with contextlib.ExitStack() as stack:
        deliverer = stack.enter_context(contextlib.ExitStack())
        deliverer.enter_context(delivering(run.settings, run.file))
        while not run.receivers[THERE].got:
            await run.during("starting", 5)
        began = time.monotonic()
        await run.during("there", WARM_UP_SECONDS)
        left, behind = time.monotonic(), 0
        for way in WAYS:
            run.leave(way)
            behind = max(behind, await run.during(way or "vanish", seconds / len(WAYS) / 2))
            if way == "refuses":
                deliverer.close()
                deliverer.enter_context(delivering(run.settings, run.file))
                run.console.print("       the deliverer was killed and started again")
            behind = max(behind, await run.during(way or "vanish", seconds / len(WAYS) / 2))
        run.newsroom.closed = True
        await publishing
        await _until_idle(run)
        last = await asyncio.to_thread(last_messages, run.settings)
        waiting = {name: len(told(run.receivers[name].got, last).stale) for name in AWAY}
        counts = {name: len(run.receivers[name].got) for name in AWAY}
        back = time.monotonic()
        for name in AWAY:
            run.receivers[name].open()
        while time.monotonic() - back < LONGEST_SECONDS:
            await run.during("back", 5)
            if not any(told(one.got, last).stale for one in run.receivers.values()):
                break
        late = {name: [one.at - back for one in run.receivers[name].got[counts[name] :]] for name in AWAY}
        return Outcome(
            last,
            run.latencies(began, left),
            run.latencies(left, back),
            behind,
            waiting,
            {name: min(times, default=LONGEST_SECONDS) for name, times in late.items()},
            {name: max(times, default=LONGEST_SECONDS) for name, times in late.items()},
        )


async def _until_idle(run: Run) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while await run.during("published", 5) and time.monotonic() < deadline:
        pass


def last_messages(settings: Settings) -> dict[str, TaggedArticle | Withdrawal]:
    """Return the last message of each article on the topic."""
    found: dict[str, TaggedArticle | Withdrawal] = {}
    for record in read_all(settings, settings.names.tagged):
        assert record.value is not None
        message = decode(TAGGED_MESSAGE, record.value)
        if isinstance(message, IssueRecord):
            continue
        before = found.get(message.article_id)
        if before is None or order_of(before) <= order_of(message):
            found[message.article_id] = message
    return found


def report(run: Run, outcome: Outcome, console: Console) -> int:
    """Print the results; return the exit code."""
    results: dict[str, Told] = {name: told(one.got, outcome.last) for name, one in run.receivers.items()}
    table = Table(title=f"{len(outcome.last):,} articles of {len(run.newsroom.published):,} pages")
    for heading in ("receiver", "tries", "told of", "changes", "repeats", "out of order", "stale or missing"):
        table.add_column(heading, justify="left" if heading == "receiver" else "right")
    table.add_column("lacked on return, first and last delivery after it")
    for name, one in results.items():
        figures = (run.receivers[name].tried, one.articles, one.changes, one.repeats, one.out_of_order, len(one.stale))
        after = (
            f"{outcome.waiting[name]:,}; {outcome.first[name]:.0f} s, {outcome.all[name]:.0f} s" if name in AWAY else ""
        )
        table.add_row(name, *(f"{figure:,}" for figure in figures), after)
    console.print(table)
    before, during = statistics.median(outcome.before), statistics.median(outcome.during)
    console.print(
        f"from Kafka to the receiver that was there: median {before:.2f} s before, {during:.2f} s during the outage, "
        f"at most {max(outcome.during):.1f} s; a stage was at most {outcome.behind:,} records behind"
    )
    good = during <= SLOWER_BOUND * before and not any(one.stale or one.out_of_order for one in results.values())
    console.print("[green]within bounds[/green]" if good else "[red]out of bounds[/red]")
    return 0 if good else 1


def subscriptions(receivers: Mapping[str, Receiver], file: Path) -> Path:
    """Write the file of subscriptions."""
    content = [
        {
            "name": name,
            "to": one.address,
            "form": "newshub" if name == "newshub" else "webhook",
            "secret_env": "KEY",
            "begin": "beginning",
        }
        for name, one in receivers.items()
    ]
    file.write_text(json.dumps({"subscriptions": content}), "utf-8")
    return file


def main(
    minutes: Annotated[float, typer.Option(min=0.5, max=60, help="How long the receivers are away.")] = 10.0,
    rate: Annotated[float, typer.Option(min=0.05, max=20, help="Pages published a second.")] = 0.25,
) -> None:
    """Let two receivers be away, and see that nobody else waits and that they are told everything."""
    console = Console(width=160)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = stack.enter_context(installation("outlets"))
        receivers = {name: stack.enter_context(Receiver()) for name in (*AWAY, THERE)}
        file = subscriptions(receivers, folder / "subscriptions.json")
        run = Run(settings, receivers, file, CorrectingNewsroom(settings, 1 / rate), console)
        console.print(f"{'':>43}" + "".join(f"{name:>10}{'tries':>8}" for name in receivers))
        raise typer.Exit(report(run, asyncio.run(observe(run, minutes * 60)), console))


if __name__ == "__main__":
    typer.run(main)
