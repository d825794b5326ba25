"""`broadsheet export`: write everything that a search finds to a file, however much it is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from services.cli.shared.console import err, out
from services.cli.shared.reading import reading
from services.desk.archive.export import Format, written
from services.desk.archive.records import read_withdrawal
from services.runtime.errors import BroadsheetError
from services.search.answer import read_article
from services.search.asking import every
from services.search.query.errors import QueryError
from services.search.request.body import Search

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from elasticsearch import AsyncElasticsearch

    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings

Form = Literal["jsonl", "csv", "ninjs", "superdesk", "parquet"]
SUFFIXES: Final[Mapping[str, Form]] = {".jsonl": "jsonl", ".csv": "csv", ".json": "ninjs", ".parquet": "parquet"}
NEEDS_PARQUET: Final = "writing Parquet needs pyarrow; install it with: pip install 'broadsheet[parquet]'"


@dataclass(frozen=True, slots=True)
class Export:
    """What to write.

    Attributes:
        search: what to look for; see `ordered`.
        target: the file; it appears under its name when it is complete.
        profile: which ninjs to write, if it is ninjs.
        withdrawn: whether to write the withdrawals of the papers and days searched for, too.
    """

    search: Search
    target: Path
    profile: Literal["iptc", "superdesk"] = "iptc"
    withdrawn: bool = False


def export(settings: Settings, how: Export) -> None:
    """Write the file, and print how many articles it has.

    Raises:
        BroadsheetError: the format is not known or not installed, or there is nothing to read.
    """
    form = SUFFIXES.get(how.target.suffix.lower())
    if form is None:
        raise BroadsheetError(f"{how.target}: its name must end in .jsonl, .csv, .json or .parquet")
    if form == "ninjs" and how.profile == "superdesk":
        form = "superdesk"
    if how.withdrawn and form in {"csv", "parquet"}:
        raise BroadsheetError("--withdrawn: a table has no place for withdrawals; use jsonl, ninjs or superdesk")
    beside = how.target.with_name(how.target.name + ".part")
    try:
        count = asyncio.run(_write(settings, how, form, beside))
    except QueryError as error:
        raise BroadsheetError(str(error)) from None
    beside.replace(how.target)
    out.print(f"{count:,} articles in {how.target}", markup=False, soft_wrap=True)


async def _write(settings: Settings, how: Export, form: Form, target: Path) -> int:
    count = 0
    shown = Progress(
        TextColumn("exporting"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f}, time left"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )

    async def messages(client: AsyncElasticsearch) -> AsyncIterator[TaggedArticle | Withdrawal]:
        nonlocal count
        names = settings.names.aliases("articles")
        async for source in every(client, names.read, how.search, told=lambda total: shown.update(task, total=total)):
            yield read_article(source)
            count += 1
            shown.advance(task)
        if how.withdrawn:
            papers = {name: values for name, values in how.search.chosen.items() if name == "paper"}
            alike = Search(chosen=papers, first=how.search.first, last=how.search.last, sort="newest")
            async for source in every(client, names.write, alike, told=lambda _: None, withdrawn=True):
                yield read_withdrawal(source)

    async with reading(settings) as client:
        with shown:
            task = shown.add_task("", total=0)
            if form == "parquet":
                await _write_table(messages(client), target)
            else:
                await _write_text(messages(client), form, target)
    return count


async def _write_text(messages: AsyncIterator[TaggedArticle | Withdrawal], form: Format, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        async for text in written(messages, form):
            file.write(text)


async def _write_table(messages: AsyncIterator[TaggedArticle | Withdrawal], target: Path) -> None:
    try:
        from services.cli.read.parquet import Table
    except ModuleNotFoundError:
        raise BroadsheetError(NEEDS_PARQUET) from None
    with Table(target) as table:
        async for message in messages:
            if message.type != "withdrawal":
                table.add(message)


def ordered(search: Search) -> Search:
    """Return the search in the order of an export: oldest first, so that two exports begin alike."""
    return replace(search, sort="oldest", understanding=None)
