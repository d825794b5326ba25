"""Turn what was measured into figures, and the figures into tables."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarks.whole.corpus import STAGES, Made
from benchmarks.whole.growth import costs
from benchmarks.whole.trial import STEPS, Outcome, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from benchmarks.whole.ceilings import Ceiling


@dataclass(frozen=True, slots=True)
class Round:
    """The same pages four times: by our functions alone, as a plain bulk, through the pipeline, as a plain copy."""

    made: Made
    bulk: Ceiling
    backlog: Outcome
    copy: Ceiling

    @property
    def pure(self) -> float:
        """Seconds of CPU time of our functions alone."""
        return sum(self.made.seconds.values())

    @property
    def workers(self) -> float:
        """Seconds of CPU time of the four processors."""
        return sum(self.backlog.cpu[stage] for stage in STAGES)

    def most(self, cores: int) -> float:
        """Return the pages a second that the cores allow, if nothing cost more than the ceilings.

        One worker of each stage uses one core, so the slowest stage is a limit, too.
        """
        cost = self.pure + self.bulk.ours + self.bulk.server + self.copy.ours + self.copy.server
        return self.backlog.pages * min(cores / cost, 1 / max(self.made.seconds.values()))


@dataclass(slots=True)
class Measured:
    """The results of a run; `paced` by the share of the maximum, `peers` by round, `growth` by size."""

    rounds: list[Round] = field(default_factory=list)
    paced: dict[float, Outcome] = field(default_factory=dict)
    peers: list[Outcome] = field(default_factory=list)
    growth: list[dict[str, Any]] = field(default_factory=list)


def figures(measured: Measured, cores: int) -> dict[str, Any]:
    """Return the figures that are kept: medians of the rounds, milliseconds of CPU time a page, seconds of waits."""
    rounds = measured.rounds

    def median(of: Callable[[Round], float], digits: int = 2) -> float:
        return round(statistics.median(of(one) for one in rounds), digits)

    outcomes = [one.backlog for one in rounds]
    articles = sum(one.articles for one in outcomes)
    names = list(outcomes[0].cpu)
    return {
        "articles_a_page": round(articles / sum(one.pages for one in outcomes), 1),
        "pages_a_second": median(lambda one: one.backlog.pages / one.backlog.seconds),
        "articles_a_second": median(lambda one: one.backlog.articles / one.backlog.seconds),
        "cores_allow": median(lambda one: one.most(cores)),
        "pure_ms": {stage: median(partial(_alone, stage)) for stage in STAGES},
        "cpu_ms": {name: median(partial(_in_pipeline, name)) for name in names},
        "bulk_ms": {
            "ours": median(lambda one: _ms(one.bulk.ours, one)),
            "server": median(lambda one: _ms(one.bulk.server, one)),
        },
        "copy_ms": {
            "ours": median(lambda one: _ms(one.copy.ours, one)),
            "server": median(lambda one: _ms(one.copy.server, one)),
        },
        "megabytes": {name: round(max(one.memory[name] for one in outcomes)) for name in names},
        "fabric": median(lambda one: one.workers / (one.pure + one.bulk.ours)),
        "elasticsearch": median(lambda one: one.backlog.cpu["elasticsearch"] / max(one.bulk.server, 0.01)),
        "throughput": median(lambda one: one.backlog.pages / one.backlog.seconds / one.most(cores)),
        "an_article": {
            **_of_topics(outcomes, articles),
            **{
                name: round(sum(one.elasticsearch[name] for one in outcomes) / articles, 2)
                for name in outcomes[0].elasticsearch
            },
        },
        "loads": {f"{load:.0%}": _waits(one) for load, one in measured.paced.items()},
        **({"peers": [costs(one) for one in measured.peers]} if measured.peers else {}),
        **({"growth": measured.growth} if measured.growth else {}),
    }


def _ms(seconds: float, one: Round) -> float:
    return seconds * 1000 / one.backlog.pages


def _alone(stage: str, one: Round) -> float:
    return _ms(one.made.seconds[stage], one)


def _in_pipeline(name: str, one: Round) -> float:
    return _ms(one.backlog.cpu[name], one)


def _of_topics(outcomes: Iterable[Outcome], articles: int) -> dict[str, float]:
    messages = size = 0
    for one in outcomes:
        messages += sum(count for count, _ in one.topics.values())
        size += sum(held for _, held in one.topics.values())
    return {"messages": round(messages / articles, 2), "message_bytes": round(size / articles)}


def _waits(one: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"pages": one.pages, "pages_a_second": round(one.pages / one.seconds, 2)}
    for step in (*STEPS, "whole"):
        found[step] = [round(share(one.waits[step], part), 2) for part in (0.5, 0.99)]
    return found


def tables(found: Mapping[str, Any]) -> list[Table]:
    """Return the tables that a person reads."""
    return [_costs(found), _ratios(found), _ways(found)]


def _costs(found: Mapping[str, Any]) -> Table:
    table = _table(
        f"Milliseconds of CPU time a page ({found['articles_a_page']} articles), and megabytes at the end",
        ("", "functions alone", "pipeline", "MB"),
    )
    for name, spent in found["cpu_ms"].items():
        alone = found["pure_ms"].get(name)
        if alone is None:
            alone = found["bulk_ms" if name == "elasticsearch" else "copy_ms"]["server"]
        table.add_row(name, f"{alone:.1f}", f"{spent:.1f}", f"{found['megabytes'][name]:,}")
    return table


def _ratios(found: Mapping[str, Any]) -> Table:
    of_article = found["an_article"]
    table = _table("All pages at once", ("", "measured"))
    for label, value in (
        ("pages a second", f"{found['pages_a_second']:.1f}"),
        ("articles a second", f"{found['articles_a_second']:.0f}"),
        ("pages a second that the cores allow", f"{found['cores_allow']:.1f}"),
        ("share of that", f"{found['throughput']:.2f}"),
        ("our processes by functions and a bulk loop", f"{found['fabric']:.2f} x"),
        ("Elasticsearch by a plain bulk", f"{found['elasticsearch']:.2f} x"),
        ("messages an article, on four topics", f"{of_article['messages']:.2f}"),
        ("bytes of messages an article", f"{of_article['message_bytes']:,}"),
        ("documents written an article, states too", f"{of_article['items']:.2f}"),
        ("bytes of documents an article", f"{of_article['bytes']:,.0f}"),
        ("gets an article", f"{of_article['gets']:.2f}"),
        ("bulk requests an article", f"{of_article['bulks']:.2f}"),
    ):
        table.add_row(label, value)
    return table


def _ways(found: Mapping[str, Any]) -> Table:
    table = _table(
        "Seconds from publishing to searchable: p50 and p99",
        ("load", "pages/s", "pages", *STEPS, "whole"),
    )
    for load, one in found["loads"].items():
        waits = (f"{one[step][0]:.2f}  {one[step][1]:.2f}" for step in (*STEPS, "whole"))
        table.add_row(load, f"{one['pages_a_second']:.1f}", str(one["pages"]), *waits)
    return table


def _table(title: str, headings: Iterable[str]) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, justify="right" if table.columns else "left")
    return table
