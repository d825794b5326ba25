"""`python -m tests.faults --seed 1 --seeds 20`: run seeds one after another and print what came of them.

The exit code is 0 when every installation held exactly what was published, else 1.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.faults.fleet import prepare
from tests.faults.site import Site
from tests.faults.table import faults_table, summary, trials_table
from tests.faults.trial import Trial, Unsettled, try_seed


def main() -> int:
    """Run what the command line asks for, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break an installation and judge it.")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after another")
    parser.add_argument("--issues", type=int, default=1000, help="issues in each")
    parser.add_argument("--faults", type=int, default=34, help="faults in each")
    parser.add_argument("--logs", type=Path, help="folder for the logs of workers; a temporary one without it")
    asked = parser.parse_args()
    prepare()
    for chatty in ("aiokafka", "elastic_transport"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    out, progress = Console(width=140), Console(stderr=True)
    logs = asked.logs or Path(tempfile.mkdtemp(prefix="faults-"))
    trials, failures = asyncio.run(_run(asked, logs, out, progress))
    out.print(trials_table(trials))
    out.print()
    out.print(faults_table(trials))
    out.print()
    for line in [*summary(trials), *failures]:
        out.print(line, markup=False, highlight=False)
    good = not failures and all(trial.verdict.holds for trial in trials)
    if not good:
        out.print(f"the workers' logs: {logs}", markup=False, highlight=False)
    return 0 if good else 1


async def _run(asked: argparse.Namespace, logs: Path, out: Console, progress: Console) -> tuple[list[Trial], list[str]]:
    trials: list[Trial] = []
    failures: list[str] = []
    with progress.status("starting Kafka and Elasticsearch") as status:
        async with Site() as site:
            for seed in range(asked.seed, asked.seed + asked.seeds):
                folder = logs / f"seed-{seed}"
                folder.mkdir(parents=True, exist_ok=True)
                try:
                    trial = await try_seed(site, seed, (asked.issues, asked.faults), folder, status.update)
                except Unsettled as error:
                    failures.append(f"seed {seed}: {error}")
                    out.print(failures[-1], style="red")
                    continue
                trials.append(trial)
                outcome = "holds" if trial.verdict.holds else "DIFFERS"
                out.print(f"seed {seed}: {trial.records:,} records, {trial.seconds:.0f} s: {outcome}", highlight=False)
    return trials, failures


if __name__ == "__main__":
    sys.exit(main())
