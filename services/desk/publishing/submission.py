"""A program's request to publish, as a record of `issues.raw`: checked as ingest checks it, before anything is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from schemas.page import PageLabel
from schemas.raw import HEADERS
from services.arrivals.reading import YES, Arrival, read_arrival
from services.formats.alto import read_alto
from services.formats.hocr import read_hocr
from services.formats.page import FormatError, RefusedPage
from services.runtime.errors import Rejected
from services.runtime.messages.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON: Final = "application/json"
TEXT: Final = "text/plain"
PRINTED: Final = {"application/xml": read_alto, "text/xml": read_alto, "text/html": read_hocr}
"""The content types of files with pages, and what reads them: ALTO and hOCR."""
KINDS: Final = (JSON, TEXT, *PRINTED)
PARAMETERS: Final = tuple(name for name in HEADERS if name != "geometry")
"""What a page's text needs from the address: the names of the record's headers."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a program asks to publish: the record to send, and what it brings.

    `digest` tells two submissions apart, whenever they were sent.
    """

    record: Record
    arrival: Arrival
    digest: str


def submission(body: bytes, kind: str, given: Mapping[str, str], topic: str, now: int) -> Submission:
    """Return the submission in a request.

    Args:
        body: the request's body.
        kind: its content type, one of `KINDS`.
        given: the parameters of the address, by the names of record headers.
        topic: the topic to send it to.
        now: the time in ms, which counts as the revision if none is given.

    Raises:
        Rejected: it is not an issue, or exceeds a limit. The text names the field and the remedy.
    """
    unknown = sorted(given.keys() - set(PARAMETERS))
    if unknown or (kind == JSON and given):
        name = (unknown or sorted(given))[0]
        known = "JSON has all its fields in the body" if kind == JSON else f"known are {', '.join(PARAMETERS)}"
        raise Rejected(f"{name[:40]}: no such parameter; {known}")
    digest = hashlib.sha256(json.dumps([kind, sorted(given.items())]).encode() + b"\0" + body).hexdigest()
    if kind in PRINTED:
        body, kind, given = _issue_of(body, kind, given), JSON, {}
    headers = (("content-type", kind.encode()), *((name, value.encode()) for name, value in sorted(given.items())))
    record = Record(topic, 0, 0, now, None, body, headers)
    return Submission(record, read_arrival(record), digest)


def _issue_of(body: bytes, kind: str, given: Mapping[str, str]) -> bytes:
    """Return the issue in a file with pages, as JSON with the place of each line."""
    try:
        first = PageLabel.parse(given.get("page", 1))
        pages = [_page(page, first) for page in PRINTED[kind](body)]
    except (FormatError, ValueError) as error:
        raise Rejected(str(error)) from None
    issue: dict[str, Any] = {name: given[name] for name in ("paper", "date") if name in given}
    issue["pages"] = pages
    for name in ("complete", "date-assumed"):
        if name in given:
            if given[name].strip().lower() not in YES:
                raise Rejected(f"{name}: {given[name][:40]!r} is neither true nor false")
            issue[name.replace("-", "_")] = YES[given[name].strip().lower()]
    if "revision" in given:
        if not (given["revision"].isascii() and given["revision"].isdigit()):
            raise Rejected(f"revision: {given['revision'][:40]!r} is not a whole number")
        issue["revision"] = int(given["revision"])
    return json.dumps(issue, ensure_ascii=False).encode()


def _page(page: Any, first: PageLabel) -> dict[str, Any]:
    if isinstance(page, RefusedPage):
        raise Rejected(f"page {page.number} of the file: {page.reason}")
    label = PageLabel.of(first.section, first.number + page.number - 1)
    return {"page": label.value, "text": page.text, **page.layout()}
