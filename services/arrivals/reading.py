"""Read the pages of an issue from a record of `issues.raw`: JSON, or plain text with headers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from schemas.contract import MAX_REVISION, ContractError, decode, describe, shorten
from schemas.issue import Page, issue_id
from schemas.page import LARGEST_NUMBER, PageLabel
from schemas.raw import RawIssue
from services.arrivals.decoding import BOM, clean_text, decode_page
from services.arrivals.limits import check_page, check_record
from services.arrivals.numbering import check_revision
from services.runtime.errors import Rejected
from services.text.legibility import what_is_wrong

if TYPE_CHECKING:
    import datetime as dt

    from services.runtime.messages.records import Record

_ONE = r"[A-Za-z]{0,2}\d{1,15}"
PAGE_LIST = re.compile(rf"{_ONE}(-{_ONE})?(,{_ONE}(-{_ONE})?)*", re.ASCII)
GEOMETRY_FIELDS = {"size", "lines", "boxes", "links"}
YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one record brings to its issue."""

    paper: str
    date: dt.date
    date_assumed: bool
    revision: int
    complete: bool
    withdrawn: bool
    pages: tuple[Page, ...]
    published: int = 0
    """The record's timestamp in ms."""

    @property
    def issue_id(self) -> str:
        """The id of the issue that it belongs to."""
        return issue_id(self.paper, self.date)


def read_arrival(record: Record) -> Arrival:
    """Return the pages and the other facts that `record` brings.

    Raises:
        Rejected: the record is not an issue, or its key names another issue. The text names the field and the remedy.
    """
    if not record.value:
        raise Rejected("empty value: send a page's text, or JSON; to withdraw an issue send withdrawn: true")
    check_record(record.value)
    arrival = _from_json(record) if _is_json(record) else _from_text(record)
    for page in arrival.pages:
        check_page(page.page, page.text)
        wrong = what_is_wrong(page.text)
        if wrong is not None:
            raise Rejected(f"page {page.page}: {wrong}")
    if record.key and record.key != arrival.issue_id.encode():
        shown = record.key.decode("utf-8", "replace")
        raise Rejected(f"key {shown!r} disagrees with the value, which is of issue {arrival.issue_id!r}; correct one")
    return arrival


def _is_json(record: Record) -> bool:
    content_type = (record.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type:
        return content_type.endswith("json")
    return (record.value or b"").removeprefix(BOM).lstrip()[:1] == b"{"


def _from_json(record: Record) -> Arrival:
    try:
        raw = decode(RawIssue, (record.value or b"").removeprefix(BOM))
    except ContractError as error:
        raise Rejected(str(error)) from None
    return _arrival(raw, record, {page.page: "utf-8" for page in raw.pages})


def _from_text(record: Record) -> Arrival:
    fields: dict[str, Any] = {}
    # A key paper/date stands in for the headers paper and date.
    key_paper, _, key_date = (record.key or b"").decode("utf-8", "replace").rpartition("/")
    for name, from_key in (("paper", key_paper), ("date", key_date)):
        value = record.header(name) or from_key
        if not value:
            raise Rejected(f"header {name}: missing; a plain-text value needs the headers paper, date and page")
        fields[name] = value
    for name in ("complete", "date-assumed"):
        flag = record.header(name)
        if flag is not None:
            if flag.strip().lower() not in YES:
                raise Rejected(f"header {name}: {flag!r} is neither true nor false")
            fields[name.replace("-", "_")] = YES[flag.strip().lower()]
    revision = record.header("revision")
    if revision is not None:
        fields["revision"] = _whole_number("revision", revision)
    text, encoding = decode_page(record.value or b"", record.header("encoding"))
    fields["pages"] = [page | _geometry(record) for page in _pages(record, text)]
    try:
        raw = RawIssue.model_validate(fields, strict=False)
    except ValidationError as error:
        raise Rejected(f"header {describe(error.errors(include_url=False))}") from None
    return _arrival(raw, record, {page.page: encoding for page in raw.pages})


def _pages(record: Record, text: str) -> list[dict[str, Any]]:
    page, pages, section = (record.header(name) for name in ("page", "pages", "section"))
    if page is not None and pages is not None:
        raise Rejected("headers page and pages: give one of them")
    if page is not None:
        return [{"page": _page("page", f"{section or ''}{page.strip()}"), "text": text}]
    if pages is None:
        raise Rejected("header page: missing; give the page, or pages where form feeds separate several")
    listed = "".join(pages.split())
    if not PAGE_LIST.fullmatch(listed):
        raise Rejected(f"header pages: {pages[:60]!r} is not a list such as 1-4, 1,3 or A1-A4")
    numbers: list[PageLabel] = []
    for part in listed.split(","):
        first, _, last = part.partition("-")
        start = _page("pages", f"{section or ''}{first}")
        end = _page("pages", f"{section or ''}{last or first}")
        if not last or end.section != start.section:
            end = _page("pages", f"{start.section}{last}") if last.isdigit() else end
        if end.section != start.section:
            raise Rejected(f"header pages: {part!r} goes from one section to another; list them one by one")
        numbers.extend(PageLabel(number) for number in range(start, end + 1))
        if len(numbers) > LARGEST_NUMBER:
            raise Rejected(f"header pages: {pages!r} names more than {LARGEST_NUMBER} pages")
    texts = text.removesuffix("\f").split("\f")
    if len(texts) != len(numbers):
        raise Rejected(f"header pages names {len(numbers)} pages, but form feeds separate {len(texts)} in the value")
    return [{"page": number, "text": part} for number, part in zip(numbers, texts, strict=True)]


def _geometry(record: Record) -> dict[str, Any]:
    """Return the fields of the header geometry, in the form that a page sent as JSON has."""
    value = record.header("geometry")
    if value is None:
        return {}
    if record.header("pages") is not None:
        raise Rejected("header geometry: goes with page, not with pages; send each page by itself, or send JSON")
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"header geometry: not valid JSON: {error}") from None
    if not isinstance(fields, dict) or not fields.keys() <= GEOMETRY_FIELDS:
        expected = ", ".join(sorted(GEOMETRY_FIELDS))
        raise Rejected(f"header geometry: expected a JSON object of {expected}; got {shorten(value)}")
    return fields


def _page(header: str, value: str) -> PageLabel:
    try:
        return PageLabel.parse(value)
    except ValueError as error:
        raise Rejected(f"header {header}: {str(error).removeprefix('page: ')}") from None


def _whole_number(header: str, value: str) -> int:
    value = value.strip()
    if not (value.isascii() and value.isdigit() and len(value) < 16):  # noqa: PLR2004  # enough for any 2^42
        raise Rejected(f"header {header}: {value[:60]!r} is not a whole number")
    return int(value)


def _arrival(raw: RawIssue, record: Record, encodings: dict[int, Any]) -> Arrival:
    revision = raw.revision if raw.revision is not None else record.timestamp
    if not 0 <= revision <= MAX_REVISION:
        raise Rejected(f"revision: the record's timestamp {revision} is out of range; give a revision")
    if raw.revision is not None:
        check_revision(raw.revision, record.timestamp)
    pages = []
    for page in sorted(raw.pages, key=lambda page: page.page):
        try:
            text = clean_text(page.text)
        except Rejected as error:
            raise Rejected(f"page {page.page}: {error}") from None
        geometry = page.geometry()
        wrong = geometry.disagreement(text) if geometry else None
        if wrong is not None:
            raise Rejected(f"page {page.page}: {wrong}")
        pages.append(
            Page(
                page=page.page,
                revision=revision,
                text=text,
                encoding=encodings[page.page],
                geometry=geometry.rounded() if geometry else None,
            )
        )
    published = max(0, record.timestamp)
    return Arrival(
        raw.paper, raw.date, raw.date_assumed, revision, raw.complete, raw.withdrawn, tuple(pages), published
    )
