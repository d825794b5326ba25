"""The parameters of a search, the same for the pages and for the API."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from schemas.article import Flag
from schemas.page import PageNumber
from services.search import fields
from services.search.cursor import LONGEST_CURSOR, decode
from services.search.query.language import LONGEST_QUERY
from services.search.request.body import LARGEST_PAGE_SIZE, PAGE_SIZE, Search, Sort
from services.search.rewriting.understanding import to_the_letter, understand

MOST_CHOICES: Final = 50
LONGEST_VALUE: Final = 200
ANY: Final = "any"
"""The value of `flag` that stands for every flag."""

ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_as_day(value: object) -> object:
    if isinstance(value, str) and not ISO_DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_as_day)]
Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
Choice = Annotated[list[Value], Field(max_length=MOST_CHOICES)]


class Filters(BaseModel):
    """The query, the chosen values of each facet, and a range of days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str = Field(
        "",
        max_length=LONGEST_QUERY,
        description='Words, "phrases", AND/OR/NOT, 标题:… 记者:… 日期:… 版:…; blank finds everything.',
    )
    topic: Choice = Field([], description="Ids of topics; an article needs one of them.")
    kind: Choice = Field([], description="story, brief, photo, weather or notice; any of them.")
    place: Choice = Field([], description="Full names of places; any of them.")
    organisation: Choice = Field([], description="Organisations; any of them.")
    person: Choice = Field([], description="People named in the text; any of them.")
    reporter: Choice = Field([], description="People who sign the article; any of them.")
    column: Choice = Field([], description="Column labels; any of them.")
    paper: Choice = Field([], description="Papers; any of them.")
    page: Annotated[list[PageNumber], Field(max_length=MOST_CHOICES)] = Field([], description="Pages; any of them.")
    flag: Choice = Field([], description="Quality flags such as low-confidence; any of them. `any` stands for all.")
    correction: Choice = Field(
        [], description="What an editor corrected: headline, kind, topics, merge or split; any of them."
    )
    since: Day | None = Field(None, description="First day, YYYY-MM-DD.")
    until: Day | None = Field(None, description="Last day, YYYY-MM-DD.")

    literal: bool = Field(
        False,
        description="Search for exactly what was typed: no dates as filters, no other words, no slips corrected.",
    )

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the chosen values of each facet that has a choice."""
        values = {name: tuple(map(str, getattr(self, name))) for name in fields.FACETS}
        if ANY in values["flag"]:
            values["flag"] = get_args(Flag)
        return {name: chosen for name, chosen in values.items() if chosen}

    def search(self) -> Search:
        """Return the search without its order or page.

        Raises:
            QueryError: the query cannot be understood.
        """
        today = dt.datetime.now().astimezone().date()
        understanding = to_the_letter(self.q) if self.literal else understand(self.q, today=today)
        return Search(
            understanding.meant,
            self.chosen(),
            self.since.isoformat() if self.since else None,
            self.until.isoformat() if self.until else None,
            understanding=None if self.literal else understanding,
        )

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """Return names and values for an address, without defaults; `changes` replace fields."""
        found: list[tuple[str, str]] = []
        for name, info in type(self).model_fields.items():
            value = changes.get(name, getattr(self, name))
            if value is None or value == info.default or value in ("", []):
                continue
            found += [(name, str(one)) for one in value] if isinstance(value, list) else [(name, str(value))]
        return found

    def address(self, path: str = "/", **changes: Any) -> str:
        """Return the address of this search, with `changes` applied."""
        pairs = self.pairs(**changes)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def with_choice(self, facet: str, value: str, *, chosen: bool) -> dict[str, Any]:
        """Return the change that adds or removes one value of a facet, and goes back to the first page."""
        present = [str(one) for one in getattr(self, facet) if str(one) != value]
        return {facet: [*present, value] if chosen else present, "after": None}


class SearchParameters(Filters):
    """A search with its order and page."""

    sort: Sort = Field("relevance", description="relevance, newest, oldest, or doubtful: the least certain first.")
    after: str | None = Field(
        None, min_length=1, max_length=LONGEST_CURSOR, description="The `next` of the previous page."
    )
    size: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE_SIZE, description="Number of articles on a page.")

    def search(self) -> Search:
        """Return the search.

        Raises:
            QueryError: the query cannot be understood.
            CursorError: `after` is not a cursor of a search in this order.
        """
        search = super().search()
        cursor = decode(self.after, self.sort) if self.after else None
        return replace(
            search,
            sort=self.sort,
            size=self.size,
            after=cursor.values if cursor else None,
            page=cursor.page if cursor else 1,
        )
