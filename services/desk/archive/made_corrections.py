"""Every correction that editors made, by editor and day: the request for the articles that hold them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.desk.archive.outlines import OUTLINED, Outline, read_outline
from services.newsitems.moments import CHINA
from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.correction import AppliedCorrection

MOST_ARTICLES: Final = 200
"""How many corrected articles are read for one list."""
MOST_EDITORS: Final = 100


@dataclass(frozen=True, slots=True)
class MadeOn:
    """A correction, and the article that shows it."""

    outline: Outline
    correction: AppliedCorrection


def corrections_request(by: str, day: dt.date | None) -> dict[str, Any]:
    """Return the request for the corrected articles, the latest first; `by` and `day` narrow it if they are given."""
    filters: list[dict[str, Any]] = [{"exists": {"field": fields.EDITED_AT}}]
    if by:
        filters.append({"term": {fields.EDITED_BY: by}})
    if day:
        begin = dt.datetime.combine(day, dt.time(), CHINA)
        end = begin + dt.timedelta(days=1)
        filters.append({"range": {fields.EDITED_AT: {"gte": begin.isoformat(), "lt": end.isoformat()}}})
    return {
        "query": {"bool": {"filter": filters}},
        "sort": [{fields.EDITED_AT: {"order": "desc", "mode": "max"}}, {fields.ARTICLE_ID: "asc"}],
        "size": MOST_ARTICLES,
        "track_total_hits": False,
        "_source": [f"{fields.ARTICLE}.{name}" for name in OUTLINED],
        "aggs": {"by": {"terms": {"field": fields.EDITED_BY, "size": MOST_EDITORS}}},
    }


def made_on(documents: Iterable[Mapping[str, Any]], by: str, day: dt.date | None) -> list[MadeOn]:
    """Return the corrections in the documents found, the latest first; one that two articles show is there once."""
    found: dict[str, MadeOn] = {}
    for document in documents:
        outline = read_outline(document)
        for one in outline.corrections:
            if (not by or one.by == by) and (day is None or one.at.astimezone(CHINA).date() == day):
                found.setdefault(one.correction_id, MadeOn(outline, one))
    return sorted(found.values(), key=lambda one: (one.correction.at, one.correction.correction_id), reverse=True)
