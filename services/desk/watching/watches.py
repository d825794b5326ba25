"""The searches that an editor watches: a list of values, and what an editor does with it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qs, urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from services.desk.addresses.parameters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WATCHES: Final = 50
LONGEST_NAME: Final = 80
LONGEST_SEARCH: Final = 4000
ID_CHARACTERS: Final = 12

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f]*$")
]
NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)


class Watch(BaseModel):
    """A search that an editor watches.

    Attributes:
        watch_id: names it in its list; made from the search, so that a search is kept once.
        search: the search as in an address, without order and page.
        seen: up to when what came is known to the editor, in ms since 1970 by the broker's clock.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    watch_id: str
    name: Name
    search: str = Field(max_length=LONGEST_SEARCH)
    seen: int = Field(ge=0)

    @property
    def filters(self) -> Filters:
        """The search."""
        return filters_in(self.search)


def filters_in(search: str) -> Filters:
    """Return the search in an address's query; what is unknown there is left out.

    Raises:
        ValidationError: a value is not valid.
    """
    given = parse_qs(search)
    values: dict[str, Any] = {}
    for name, info in Filters.model_fields.items():
        if name in given:
            values[name] = given[name] if isinstance(info.default, list) else given[name][-1]
    return Filters.model_validate(values)


def written(search: str) -> str | None:
    """Return a search in the one form in which it is kept; None if it is not valid, or finds everything."""
    try:
        pairs = filters_in(search).pairs()
    except (ValidationError, ValueError):
        return None
    return urlencode(pairs) or None


def named(text: str) -> str | None:
    """Return a name as it is kept; None if it is not valid."""
    try:
        return NAME.validate_python(text)
    except ValidationError:
        return None


def with_added(watches: Sequence[Watch], name: str, search: str, now: int) -> tuple[Watch, ...]:
    """Return the list with a search under a name, first; a search that is there gets the name and keeps its visit."""
    watch_id = hashlib.sha256(search.encode()).hexdigest()[:ID_CHARACTERS]
    known = next((one for one in watches if one.watch_id == watch_id), None)
    made = Watch(watch_id=watch_id, name=name, search=search, seen=known.seen if known else now)
    return (made, *(one for one in watches if one.watch_id != watch_id))


def with_name(watches: Sequence[Watch], watch_id: str, name: str) -> tuple[Watch, ...]:
    """Return the list with another name for a search."""
    return tuple(one.model_copy(update={"name": name}) if one.watch_id == watch_id else one for one in watches)


def with_visit(watches: Sequence[Watch], watch_id: str, now: int) -> tuple[Watch, ...]:
    """Return the list with a search visited; an empty id stands for all."""
    return tuple(
        one.model_copy(update={"seen": max(now, one.seen)}) if watch_id in ("", one.watch_id) else one
        for one in watches
    )


def without(watches: Sequence[Watch], watch_id: str) -> tuple[Watch, ...]:
    """Return the list without a search."""
    return tuple(one for one in watches if one.watch_id != watch_id)
