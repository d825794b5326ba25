"""`broadsheet rebuild`: fill a new index from the compacted topic, with no gap in search."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.cli.shared.console import err, out
from services.index.rebuild import Rebuilt, rebuild
from services.runtime.elasticsearch.store import connected

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def rebuild_index(settings: Settings, *, accept_fewer: bool) -> None:
    """Rebuild, and print the counts before and after.

    Args:
        settings: where the servers are.
        accept_fewer: switch even if the new index holds fewer documents than the live one.

    Raises:
        BroadsheetError: a server does not answer, the new index would hold fewer documents, or another rebuild
            was started meanwhile.
    """
    table = Table(box=None, header_style="bold")
    for title in ("kind", "index now live", "documents before", "after"):
        table.add_column(title, justify="right" if title in ("documents before", "after") else "left")
    for one in asyncio.run(fill_anew(settings, accept_fewer=accept_fewer)):
        table.add_row(one.kind, one.index, f"{one.before:,}", f"{one.after:,}")
    out.print(table)


async def fill_anew(settings: Settings, *, accept_fewer: bool) -> list[Rebuilt]:
    """Rebuild with progress on the terminal.

    It has the arguments and errors of `rebuild_index`, which also prints the counts.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    async with connected(settings) as client:
        with Progress(*columns, console=err, transient=True) as progress:
            task = progress.add_task("copying articles.tagged", total=None)

            def show(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            return await rebuild(settings, client, asyncio.sleep, show, accept_fewer=accept_fewer)
