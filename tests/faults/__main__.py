"""`python -m tests.faults --seed 1 --seeds 20`: run seeds one after another and print the results.

The exit code is 0 if every installation held exactly what was published, else 1. Ctrl-C (or SIGTERM) ends the run, and
the table then shows the finished seeds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from rich.console import Console

from tests.faults.servers.fleet import prepare
from tests.faults.servers.site import Ground, Site
from tests.faults.table import faults_table, summary, told, trials_table
from tests.faults.trial import Unsettled, full, short, try_seed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.faults.trial import Trial

ISSUES = 1000
FAULTS = 34


def main() -> int:
    """Run the seeds on the command line, and return the exit code."""
    asked = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    prepare()
    for chatty in ("aiokafka", "elastic_transport"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    out = Console(width=150, highlight=False, markup=False)
    logs = asked.logs or Path(tempfile.mkdtemp(prefix="faults-"))
    trials: list[Trial] = []
    failures: list[str] = []

    async def run() -> None:
        async for outcome in _outcomes(asked, logs):
            if isinstance(outcome, Unsettled):
                failures.append(str(outcome))
                out.print(outcome)
            else:
                trials.append(outcome)
                out.print(told(outcome))

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        failures.append(f"ended after {len(trials)} of {asked.seeds} seeds")
    return _conclude(asked, out, trials, failures, logs)


def _conclude(asked: argparse.Namespace, out: Console, trials: list[Trial], failures: list[str], logs: Path) -> int:
    """Print the results of the trials, and return the exit code."""
    for table in (trials_table(trials), faults_table(trials)):
        out.print(table)
        out.print()
    for line in (*summary(trials), *failures):
        out.print(line)
    words = [*failures, *(word for trial in trials for word in trial.verdict.words())]
    if asked.words is not None:
        asked.words.write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    if words:
        out.print(f"the workers' logs: {logs}")
    return 1 if words else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break an installation and judge it.")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after another")
    parser.add_argument("--issues", type=int, default=ISSUES, help="issues in each")
    parser.add_argument("--faults", type=int, default=FAULTS, help="faults in each")
    parser.add_argument("--short", action="store_true", help="the short form, which make mutants uses")
    parser.add_argument("--servers", help="servers that run, with --short: as Ground.to_json gives them")
    parser.add_argument("--words", type=Path, help="file for what is wrong, as a JSON list")
    parser.add_argument("--logs", type=Path, help="folder for the logs of workers; a temporary one without it")
    return parser.parse_args()


async def _outcomes(asked: argparse.Namespace, logs: Path) -> AsyncIterator[Trial | Unsettled]:
    with Console(stderr=True).status("starting Kafka and Elasticsearch") as status:
        lent = Ground.from_json(asked.servers) if asked.servers else None
        async with Site(lent) as site:
            for seed in range(asked.seed, asked.seed + asked.seeds):
                folder = logs / f"seed-{seed}"
                folder.mkdir(parents=True, exist_ok=True)
                try:
                    form = short() if asked.short else full(seed, asked.issues, asked.faults)
                    yield await try_seed(site, seed, form, folder, status.update)
                except Unsettled as error:
                    yield error


if __name__ == "__main__":
    sys.exit(main())
