"""`broadsheet taxonomy list`: the topics, a line for each; `show` prints their words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from rich.table import Table

from services.cli.correct.taxonomy import chosen
from services.cli.shared.console import out, print_json
from services.topics.pushed import pushed

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy
    from services.runtime.settings import Settings


def list_topics(settings: Settings, version: str | None, *, as_json: bool) -> None:
    """Print the topics of a version; None means the one in force.

    Raises:
        BroadsheetError: the version does not exist.
        Unavailable: Kafka does not answer.
    """
    taxonomy = chosen(asyncio.run(pushed(settings)), version)
    rows = topic_rows(taxonomy)
    if as_json:
        print_json({"version": taxonomy.version, "topics": rows})
        return
    table = Table(box=None, header_style="bold")
    for title in rows[0] if rows else ():
        table.add_column(title, justify="right" if title == "terms" else "left")
    for row in rows:
        table.add_row(*map(str, row.values()))
    out.print(table)
    out.print(f"version {taxonomy.version}", markup=False)


def topic_rows(taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Return each topic's id, labels and number of terms, in the taxonomy's order."""
    return [
        {
            "id": topic.id,
            "label": topic.label,
            "label_en": topic.label_en,
            "iptc": topic.iptc or "",
            "terms": sum(len(group.words) for group in topic.terms),
        }
        for topic in taxonomy.topics
    ]
