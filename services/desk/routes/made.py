"""What editors made: the list of their corrections, and the pages that they answered for, for training."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from services.desk.archive.archive import Archive
from services.desk.archive.bundle import zipped
from services.desk.archive.made_corrections import corrections_request, made_on
from services.desk.archive.running import Running
from services.desk.archive.topics import every_label
from services.desk.correcting.annotated import answered_pages, truth_of
from services.desk.problems import Invalid
from services.desk.routes.requests import archive_of
from services.desk.views.language import words_of
from services.desk.views.made_list import made_days
from services.desk.views.rendering import page

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ISSUES: Final = 200
"""How many issues a file of annotated pages has; ask for more by days."""

router = APIRouter(include_in_schema=False)
Reading = Annotated[Archive, Depends(archive_of)]


@router.get("/corrections")
async def corrections_page(request: Request, archive: Reading) -> HTMLResponse:
    """List the corrections by day and editor, the latest first."""
    by, day = request.query_params.get("by", "").strip(), day_in(request, "day")
    documents, editors = await Running(archive).corrected(corrections_request(by, day))
    labels = every_label(await archive.topic_labels())
    days = made_days(made_on(documents, by, day), labels, words_of(request))
    return page(request, "made.html", days=days, editors=editors, by=by, day=day, query="")


@router.get("/export/annotated.zip")
async def annotated(archive: Reading) -> Response:
    """Send the pages on which editors answered for every article, with a record for each line."""
    documents, _ = await Running(archive).corrected(corrections_request("", None))
    issues = sorted({one["article"]["article_id"].rpartition("/")[0] for one in documents})[:MOST_ISSUES]
    files: dict[str, bytes] = {}
    for issue_id in issues:
        files |= await _files_of(issue_id, archive)
    return Response(
        zipped(files),
        media_type="application/zip",
        headers={"content-disposition": 'attachment; filename="annotated.zip"'},
    )


async def _files_of(issue_id: str, archive: Archive) -> dict[str, bytes]:
    texts = await archive.page_texts(issue_id)
    articles = await archive.articles_of(issue_id)
    record = await archive.issue(issue_id)
    # An article has the version at which it changed last; the record has the issue's.
    if texts is None or record.version != texts.version:
        return {}
    answered = answered_pages(articles, tuple(texts.pages))
    if not answered:
        return {}
    pages = {number: texts.pages[number] for number in answered}
    folder = issue_id.replace("/", "_")
    meta = {"issue": folder, "paper": record.paper, "date": record.date.isoformat(), "pages": len(pages)}
    return {
        **{f"{folder}/page-{name}.txt": pages[number].encode() for number, name in _names(answered)},
        f"{folder}/truth.json": _json(truth_of(record, articles, pages)),
        f"{folder}/meta.json": _json(meta),
    }


def _names(pages: Iterable[int]) -> list[tuple[int, str]]:
    return [(number, str(number).zfill(2)) for number in pages]


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def day_in(request: Request, name: str) -> dt.date | None:
    """Return the day that a parameter names; None if it is not given.

    Raises:
        Invalid: it is not a day.
    """
    text = request.query_params.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("bad-parameter", f"{name}: write a day as YYYY-MM-DD", "日期请写成 2023-08-04 这样") from None
