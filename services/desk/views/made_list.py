"""What the list of corrections shows: days, and on each day what every editor changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from services.desk.addresses.links import article_address
from services.desk.archive.titles import title_of
from services.desk.views.made import Labels, MadeCorrection, local_time, made_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.desk.archive.made_corrections import MadeOn
    from services.desk.views.interface import Interface


@dataclass(frozen=True, slots=True)
class MadeItem:
    """A correction, and the article that shows it."""

    made: MadeCorrection
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class MadeDay:
    """The corrections of a day, in the papers' local time, the latest first."""

    day: str
    items: tuple[MadeItem, ...]


def made_days(found: Sequence[MadeOn], labels: Labels, words: Interface) -> tuple[MadeDay, ...]:
    """Return the days with their corrections; `found` has the latest first."""
    items = []
    for one in found:
        shown = {each.correction_id: each for each in made_view("", one.outline.corrections, labels, words)}
        made = shown.get(one.correction.correction_id)
        if made is not None:
            item = MadeItem(made, f"{article_address(one.outline.article_id)}#corrections", title_of(one.outline))
            items.append((local_time(one.correction.at)[:10], item))
    return tuple(
        MadeDay(day, tuple(item for _, item in group)) for day, group in groupby(items, key=lambda pair: pair[0])
    )
