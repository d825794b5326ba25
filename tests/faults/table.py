"""The results of trials as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

from tests.faults.breaking.steps import EVERY, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.trial import Trial

SHOWN_WRONGS = 20
TITLES = (
    "seed",
    "issues",
    "articles",
    "records",
    "corrections",
    "faults",
    "lost",
    "doubled",
    "stale",
    "quarantined",
    "repeated",
    "longest",
    "settled",
    "seconds",
)


def told(trial: Trial) -> str:
    """Return a line about a finished trial and what is wrong."""
    verdict = trial.verdict
    line = f"seed {trial.seed}: {trial.records:,} records, {trial.seconds:.0f} s, {verdict.repeated} repeated: "
    return "\n  ".join([line + ("holds" if verdict.holds else "DIFFERS"), *verdict.words()[:SHOWN_WRONGS]])


def trials_table(trials: Sequence[Trial]) -> Table:
    """Return a table with a row for each trial, and a row of sums."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in TITLES:
        table.add_column(title, justify="right")
    for trial in trials:
        verdict = trial.verdict
        table.add_row(
            str(trial.seed),
            f"{trial.issues:,}",
            f"{trial.articles:,}",
            f"{trial.records:,}",
            f"{trial.corrections:,}",
            str(trial.faults.total()),
            str(len(verdict.lost)),
            str(len(verdict.doubled)),
            str(len(verdict.stale)),
            f"{trial.quarantine_expected}/{trial.quarantine_found}",
            str(verdict.repeated),
            f"{trial.longest[0]:.0f} s",
            f"{trial.settled_seconds:.0f} s",
            f"{trial.seconds:.0f} s",
            style="" if verdict.holds else "red",
        )
    return table


def faults_table(trials: Sequence[Trial]) -> Table:
    """Return how many faults of each kind there were in all, and how much the proxies hit."""
    faults, struck = Counter[str](), Counter[str]()
    for trial in trials:
        faults += trial.faults
        struck += trial.struck
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("fault")
    table.add_column("times", justify="right")
    table.add_column("requests or connections struck", justify="right")
    for kind, times in sorted(faults.items()):
        table.add_row(kind, f"{times:,}", f"{struck[kind]:,}" if kind in struck else "")
    return table


def summary(trials: Sequence[Trial]) -> list[str]:
    """Return a few lines about all trials together, and about what was wrong in each trial."""
    ended = Counter[tuple[str, int | None]]()
    for trial in trials:
        ended += trial.ended
    slowest = max((trial.longest for trial in trials), default=(0.0, ""))
    lines = [
        f"longest recovery: {slowest[0]:.1f} s after: {slowest[1] or 'nothing'}",
        f"workers started: {sum(trial.starts for trial in trials)}, of these after they had ended by themselves: "
        + (", ".join(f"{stage} with {code}: {times}" for (stage, code), times in sorted(ended.items())) or "none"),
    ]
    operations = sum((trial.operations for trial in trials), Counter[str]())
    lines.append(
        "operators: " + (", ".join(f"{what}: {times}" for what, times in sorted(operations.items())) or "none")
    )
    steps = sum((trial.steps for trial in trials), Counter[Step]())
    missed = sum((trial.missed for trial in trials), Counter[Step]())
    lines.append(
        f"steps of a delivery: {len(steps)} of {len(EVERY)} struck, {steps.total()} times; "
        f"{missed.total()} traps that no worker came by"
    )
    lines += [
        f"seed {trial.seed}: Kafka forgot the group of {', '.join(trial.forgotten)}; "
        f"{trial.verdict.skipped} superseded versions skipped on the topic"
        for trial in trials
        if trial.forgotten
    ]
    for trial in trials:
        wrongs = trial.verdict.words()
        lines += [f"seed {trial.seed}: {each}" for each in wrongs[:SHOWN_WRONGS]]
        if len(wrongs) > SHOWN_WRONGS:
            lines.append(f"seed {trial.seed}: and {len(wrongs) - SHOWN_WRONGS} more")
    return lines
