"""`broadsheet run`: run everything on one machine, from an empty installation to searchable articles."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from schemas.article import printed_place
from services.cli.operate.control import Control
from services.cli.operate.rebuild import fill_anew
from services.cli.operate.rewind import start_over
from services.cli.operate.setup import create_everything
from services.cli.operate.workers import Workers, check_alive
from services.cli.publish.inputs import IssueOptions, read_sources
from services.cli.publish.publish import publish
from services.cli.publish.searchable import holds
from services.cli.read.search import ask_index
from services.cli.shared.console import err, out
from services.cli.shared.invocation import command
from services.cli.shared.servers import Served, servers
from services.cli.shared.tables import article_panels, facet_table, facets_of
from services.index.admin import MappingConflict
from services.local.ports import free
from services.runtime.elasticsearch.state import StatesLost
from services.runtime.elasticsearch.store import connect
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.topics import mend_topics
from services.search.request.body import Search

if TYPE_CHECKING:
    from services.arrivals.reading import Arrival
    from services.runtime.settings import Settings
    from services.search.answer import Answer

SEARCHABLE_SECONDS = 300.0
"""Enough on a machine with ten times more to do than it can; a worker that ended is told at once."""

POLL_SECONDS = 0.3


def run_all(settings: Settings) -> int:
    """Start servers and processors, show the sample issue, and stay up; return the exit code.

    The servers are started unless others are set.

    Raises:
        BroadsheetError: something did not start, or the sample did not become searchable in time.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with servers(settings, stop) as started:
        if stop.is_set():
            return 0
        served = started.settings.model_copy(update={"desk_port": _desk_port(settings)})
        workers = Workers(served, settings.home.absolute() / "logs")
        try:
            with err.status("creating topics and indices, starting the processors …"):
                asyncio.run(_set_up(served))
                workers.start()
            arrivals = asyncio.run(_publish_sample(served))
            with err.status("waiting until the sample issue is searchable …"):
                answer = asyncio.run(_until_searchable(served, arrivals, workers, stop))
            if answer is not None:
                with Control(settings, workers):
                    _show(served, *answer)
                    _stay(started, workers, stop)
        finally:
            err.print("stopping …")
            workers.stop()
    return 0


def _desk_port(settings: Settings) -> int:
    """Return a free port for the desk, and print it if it differs from the configured port."""
    port = free(settings.desk_port)
    if settings.desk_port not in (0, port):
        err.print(
            f"port {settings.desk_port} is taken: the desk listens on {port}; BROADSHEET_DESK_PORT sets another",
            style="yellow",
        )
    return port


async def _set_up(settings: Settings) -> None:
    """Create what is missing; rebuild what Elasticsearch has lost or holds in an older release's form."""
    # An earlier release created topics whose records expire.
    await mend_topics(settings)
    try:
        try:
            await create_everything(settings)
        except MappingConflict:
            err.print("the index is of another release: a new one is filled from articles.tagged", style="yellow")
            await fill_anew(settings, accept_fewer=False)
            await create_everything(settings)
    except StatesLost:
        err.print("the index of states was lost: everything is worked out anew from issues.raw", style="yellow")
        await start_over(settings)


async def _publish_sample(settings: Settings) -> list[Arrival]:
    with as_file(files("seeds") / "sample") as folder:
        sources = read_sources([folder], IssueOptions(), settings.names.raw, int(time.time() * 1000))
    report = await publish(settings, sources)
    if report.refused:
        raise BroadsheetError(f"The sample issue was refused: {report.refused[0][1]}")
    return [arrival for _, arrival in report.accepted]


async def _until_searchable(
    settings: Settings, arrivals: list[Arrival], workers: Workers, stop: threading.Event
) -> tuple[Answer, int] | None:
    """Wait until every published issue is indexed with all its articles.

    Returns:
        The answer to a search for these articles and their total number, or None when told to stop.
    """
    client = connect(settings)
    deadline = time.monotonic() + SEARCHABLE_SECONDS
    days = [arrival.date.isoformat() for arrival in arrivals]
    papers = tuple({arrival.paper for arrival in arrivals})
    sample = Search(chosen={"paper": papers}, first=min(days), last=max(days), sort="newest", size=100)
    try:
        while not stop.is_set():
            answer = await ask_index(client, settings, sample)
            if await _is_whole(client, settings, arrivals, answer):
                every = await ask_index(client, settings, Search(size=0), facets=False)
                return answer, every.total
            check_alive(workers)
            if time.monotonic() > deadline:
                raise BroadsheetError(
                    f"The sample issue was not searchable after {SEARCHABLE_SECONDS:.0f} s.\n"
                    f"`broadsheet status` shows which stage is behind; its log is in {workers.log('').parent}."
                )
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await client.close()
    return None


async def _is_whole(client: Any, settings: Settings, arrivals: list[Arrival], answer: Answer) -> bool:
    """Tell whether the index shows every article that each issue's record names, in its version."""
    from services.index.names import Names

    found: dict[str, dict[str, int]] = {}
    for hit in answer.hits:
        found.setdefault(hit.article.issue_id, {})[hit.article.article_id] = hit.article.version
    for issue in {arrival.issue_id for arrival in arrivals}:
        records = await client.search(index=Names(settings.prefix, "issues").read, query={"term": {"issue_id": issue}})
        hits = records["hits"]["hits"]
        if not hits:
            return False
        record, versions = hits[0]["_source"], found.get(issue, {})
        if len(versions) != record["articles"] or not holds(record, versions):
            return False
    return True


def _show(settings: Settings, answer: Answer, total: int) -> None:
    articles = sorted((hit.article for hit in answer.hits), key=lambda one: (one.issue_id, printed_place(one)))
    article_panels(out, articles, with_ids=True)
    out.print(facet_table(facets_of(answer)))
    if total > len(articles):
        out.print(f"This is the sample issue. The archive holds {total:,} articles.")
    name = command()
    out.print(
        f"\n[bold]Try next[/bold], in another terminal{'' if name == 'broadsheet' else ' in this folder'}:\n"
        f"  {name} search 月饼 --facets        [dim]mooncakes: the customs story[/dim]\n"
        f"  {name} search 制造业               [dim]manufacturing: the industry story[/dim]\n"
        f"  {name} publish PATH…             [dim]pages of your own[/dim]\n"
        f"  {name} tail articles.tagged      [dim]the stream that programs read[/dim]\n"
        f"  {name} status                    [dim]lag of each stage, documents of each index[/dim]\n"
        f"  {name} stage stop segment        [dim]stop a service; start starts it again[/dim]\n",
        soft_wrap=True,
    )
    out.print(f"[bold]The desk[/bold]: http://{settings.desk_host}:{settings.desk_port}")
    out.print(f"Kafka {settings.kafka_address}   Elasticsearch {settings.elasticsearch_address}")
    out.print(f"Logs: {settings.home.absolute() / 'logs'}", soft_wrap=True)
    out.print("[bold]Ctrl-C[/bold] stops everything.")


def _stay(served: Served, workers: Workers, stop: threading.Event) -> None:
    while not stop.wait(1.0):
        for ending in served.tend():
            err.print(f"{ending} and is started again; its log is in the home", style="yellow")
        for stage in workers.tend():
            err.print(f"the {stage} service ended and is started again; see {workers.log(stage)}", style="yellow")
