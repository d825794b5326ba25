"""`python -m tests.faults.mutants [NAME…]`: plant each bug in a copy of the tree and run a short seed to find it.

The servers run once; each copy has its own workers, topics and indices. The exit code is 0 if the short seed holds
without a bug, and every bug was planted and found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.faults.mutants.bugs import BUGS
from tests.faults.mutants.planting import NotPlantable, copied, plant
from tests.faults.servers.fleet import end_with_parent, prepare
from tests.faults.servers.site import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.mutants.bugs import Bug

SEEDS = (3, 4)
"""The seeds to run one after another until a bug shows."""

LONGEST_SECONDS = 600.0
SHOWN_CHARACTERS = 110
LANES = 2
"""The number of bugs tried at once, because half of a seed's time is waiting."""


class HarnessFailed(RuntimeError):
    """The harness did not reach a verdict."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a bug; `finding` is the first thing that was wrong, or None if nothing was."""

    bug: Bug | None
    seed: int
    finding: str | None
    findings: int
    seconds: float


def main() -> int:
    """Plant the bugs named on the command line, print the results, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description="Plant bugs and look for them.")
    parser.add_argument("names", nargs="*", help="bugs; all, and none before them, without any")
    parser.add_argument("--list", action="store_true", help="print the bugs and where they are planted")
    asked = parser.parse_args()
    unknown = set(asked.names) - {bug.name for bug in BUGS}
    if unknown:
        parser.error(f"no such bug: {', '.join(sorted(unknown))}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    bugs = [bug for bug in BUGS if not asked.names or bug.name in asked.names]
    out = Console(width=190, highlight=False, markup=False)
    if asked.list:
        out.print(*(f"{bug.name:<14}{bug.what}" for bug in bugs), sep="\n")
        return 0
    prepare()
    outcomes: list[Outcome] = []
    failures: list[str] = []
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_try_all([*([] if asked.names else [None]), *bugs], outcomes, failures, out))
    out.print(outcomes_table(outcomes))
    caught = sum(one.finding is not None for one in outcomes if one.bug is not None)
    out.print(*failures, f"{caught} of {len(bugs)} caught", sep="\n")
    false_alarm = any(one.finding is not None for one in outcomes if one.bug is None)
    return 0 if caught == len(bugs) and not failures and not false_alarm else 1


async def _try_all(bugs: Sequence[Bug | None], outcomes: list[Outcome], failures: list[str], out: Console) -> None:
    waiting = list(bugs)

    async def lane(servers: str) -> None:
        while waiting:
            try:
                outcomes.append(await attempt(waiting.pop(0), servers))
                out.print(said(outcomes[-1]))
            except (NotPlantable, HarnessFailed) as error:
                failures.append(str(error))
                out.print(failures[-1])

    async with Site(lanes=LANES) as site, asyncio.TaskGroup() as work:
        for ground in site.grounds:
            work.create_task(lane(ground.to_json()))


async def attempt(bug: Bug | None, servers: str) -> Outcome:
    """Plant a bug in a copy of the tree, run short seeds there until it shows, and return the result.

    If the bug is None, plant nothing.

    Raises:
        NotPlantable: the source that the bug changes now reads differently.
        HarnessFailed: there is no verdict.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder)
        copied(root)
        if bug is not None:
            plant(root, bug)
        for seed in SEEDS:
            findings = await _run(root, seed, servers)
            if findings or bug is None:
                break
        return Outcome(bug, seed, findings[0] if findings else None, len(findings), time.monotonic() - began)


async def _run(root: Path, seed: int, servers: str) -> list[str]:
    """Run a short seed in a copy of the tree, and return what is wrong."""
    words, log = root / "words.json", root / "log"
    with log.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults", "--short", "--seed", str(seed), "--servers", servers),
            *("--words", str(words), "--logs", str(root / "logs")),
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=sink,
            stderr=sink,
            preexec_fn=end_with_parent,  # a single system call, on an already loaded library
        )
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await process.wait()
        except TimeoutError:
            return [f"it does not come to an end in {LONGEST_SECONDS:.0f} s"]
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()
    if not words.exists():
        raise HarnessFailed(f"the harness itself failed:\n{log.read_text('utf-8')[-3000:]}")
    findings: list[str] = json.loads(words.read_text("utf-8"))
    return findings


def said(outcome: Outcome) -> str:
    """Return a line of text about an outcome."""
    name = outcome.bug.name if outcome.bug else "(none)"
    return f"{name}: {outcome.finding or 'nothing was wrong'} ({outcome.findings} in all, {outcome.seconds:.0f} s)"


def outcomes_table(outcomes: Sequence[Outcome]) -> Table:
    """Return a table with a row for each bug."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("bug", "what is wrong with the product", "seed", "seen by", "findings", "seconds"):
        table.add_column(title, justify="right" if title in ("seed", "findings", "seconds") else "left")
    for one in outcomes:
        table.add_row(
            one.bug.name if one.bug else "(none)",
            one.bug.what if one.bug else "",
            str(one.seed),
            (one.finding or "nothing")[:SHOWN_CHARACTERS],
            str(one.findings),
            f"{one.seconds:.0f}",
            style="red" if (one.finding is None) == (one.bug is not None) else "",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
