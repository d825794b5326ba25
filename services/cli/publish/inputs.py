"""Records for `issues.raw`, from paths on the command line.

A text file is one page. A JSON file is a raw issue (schemas/raw.py). A PDF, ALTO, METS or hOCR file gives all its
pages. A folder gives all the pages in it and in the folders below it. Paper, date and page come from the options, else
from the file's name, else from a side-car: `issue.json` or `meta.json` beside the pages. The file
`page-01.lines.json` beside `page-01.txt` says where its lines are printed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.page import PageLabel
from services.cli.publish.file_names import FORM, read_name
from services.cli.publish.printed_files import is_printed, left_out_of, read_printed
from services.formats.page import FormatError, RefusedPage
from services.runtime.errors import BroadsheetError
from services.runtime.messages.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from services.formats.page import FilePage

SIDE_CARS = ("issue.json", "meta.json")
SKIPPED = (*SIDE_CARS, "truth.json")
SUFFIXES = (".txt", ".text", ".json")
"""The suffixes of pages; capitals are accepted too, such as .TXT."""
PLACES = ".lines.json"
"""The end of the name of a file with a page's geometry."""
MOST_NAMED = 10
"""How many left-out files are named singly."""
_HEADER = re.compile(r"\bheaders? (paper|date|page|pages|revision|encoding|section|geometry)\b")
FIELDS = ("paper", "date", "page", "pages", "revision", "complete", "date_assumed", "encoding")


@dataclass(frozen=True, slots=True)
class IssueOptions:
    """The values of the options; None if an option is not given."""

    paper: str | None = None
    date: str | None = None
    page: str | None = None
    revision: str | None = None
    encoding: str | None = None

    def fields(self) -> dict[str, str]:
        """Return the given values by name."""
        named = {
            "paper": self.paper,
            "date": self.date,
            "page": self.page,
            "revision": self.revision,
            "encoding": self.encoding,
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Source:
    """A record to publish, and its origin in words for the user.

    If `refused` is not empty, it says why the file or page cannot be published, and the record has no meaning.
    """

    origin: str
    record: Record
    refused: str = ""


def read_sources(paths: Iterable[Path], given: IssueOptions, topic: str, now: int) -> list[Source]:
    """Return the records in `paths`, in the order of their names.

    Args:
        paths: files and folders; they are read now.
        given: the options, which take precedence.
        topic: the topic of the records.
        now: their timestamp in ms.

    Raises:
        BroadsheetError: a path is not there, or a folder holds no page.
    """
    sources: list[Source] = []
    for path in paths:
        if path.is_dir():
            files = sorted(pages_in(path))
            if not files:
                others = ", ".join(str(file.relative_to(path)) for file in list(left_out([path]))[:MOST_NAMED])
                raise BroadsheetError(
                    f"{path}: no pages in this folder; pages are files ending in .txt, .json or .pdf, or ALTO and hOCR"
                    + (f", and it holds {others}" if others else "")
                )
        elif path.exists():
            files = [path]
        else:
            raise BroadsheetError(f"{path}: no such file or folder")
        for file in files:
            sources.extend(sources_of(file, given, topic, now))
    return sources


def sources_of(file: Path, given: IssueOptions, topic: str, now: int) -> Iterator[Source]:
    """Yield the records in a file, in the order of its pages."""
    if not is_printed(file):
        yield from_bytes(file.read_bytes(), file, given, topic, now)
        return
    fields = _side_car(file) | read_name(file.stem) | given.fields()
    nothing = Record(topic, 0, 0, now, None, None)
    try:
        for page in read_printed(file):
            origin = f"{file}, page {page.number}"
            if isinstance(page, RefusedPage):
                yield Source(origin, nothing, page.reason)
            else:
                yield Source(origin, replace(nothing, value=page.text.encode(), headers=_page_headers(page, fields)))
    except FormatError as error:
        yield Source(str(file), nothing, str(error))


def _page_headers(page: FilePage, fields: dict[str, Any]) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of a page of a file; a page number in its name or an option is that of the first page."""
    try:
        first = PageLabel.parse(fields.get("page", 1))
        label = PageLabel.of(first.section, first.number + page.number - 1)
    except ValueError as error:
        raise FormatError(str(error)) from None
    geometry = json.dumps(page.layout(), separators=(",", ":"))
    return _headers(fields | {"page": label, "encoding": "utf-8"}, geometry)


def from_bytes(value: bytes, file: Path | None, given: IssueOptions, topic: str, now: int) -> Source:
    """Return the record of a file; None means standard input."""
    origin = str(file) if file is not None else "standard input"
    record = Record(topic, 0, 0, now, None, value)
    is_json = file.suffix.lower() == ".json" if file is not None else value.lstrip()[:1] == b"{"
    if is_json:
        return Source(origin, replace(record, headers=(("content-type", b"application/json"),)))
    fields: dict[str, Any] = {}
    if file is not None:
        fields = _side_car(file) | read_name(file.stem)
    fields |= given.fields()
    return Source(origin, replace(record, headers=_headers(fields, _places_beside(file))))


def _headers(fields: dict[str, Any], geometry: str | None) -> tuple[tuple[str, bytes], ...]:
    headers = [("content-type", b"text/plain")]
    for name in FIELDS:
        if name in fields and fields[name] is not None:
            shown = fields[name]
            text = str(shown).lower() if isinstance(shown, bool) else str(shown)
            headers.append((name.replace("_", "-"), text.encode()))
    if geometry is not None:
        headers.append(("geometry", geometry.encode()))
    return tuple(headers)


def left_out(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the unread files in the folders among `paths`, with the reason, in the order of their names.

    It leaves out side-cars and hidden files.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            files = list(_files_in(path))
            found |= dict.fromkeys(
                (file for file in files if file.suffix.lower() not in SUFFIXES and not is_printed(file)),
                "it ends neither in .txt nor in .json",
            )
            without = left_out_of(filter(is_printed, files), filter(_is_text, files))
            found |= {file: reason for file, reason in without.items() if reason}
    return dict(sorted(found.items()))


def unknown_fields(source: Source) -> str:
    """Return the fields that a page's text lacks and how to give them; empty if none is missing."""
    record = source.record
    if record.header("content-type") != "text/plain":
        return ""
    options = {"paper": "--paper NAME", "date": "--date YYYY-MM-DD", "page": "--page 1 (or A1)"}
    missing = [name for name in options if not record.header(name) and not (name == "page" and record.header("pages"))]
    if not missing:
        return ""
    known = [f"{name} {record.header(name)}" for name in options if name not in missing and record.header(name)]
    said = f"; known: {', '.join(known)}" if known else ""
    return (
        f"{' and '.join(missing)} not known{said}. Give {' '.join(options[name] for name in missing)}, "
        f"name the file {FORM}, or say it in {SIDE_CARS[0]} beside it"
    )


def in_options(reason: str) -> str:
    """Return why ingest refuses a page, naming the command's options instead of record headers."""
    return _HEADER.sub(lambda found: f"--{found[1]}", reason)


def pages_in(folder: Path) -> Iterator[Path]:
    """Yield the files with pages in a folder and the folders below it."""
    files = list(_files_in(folder))
    texts, printed = [file for file in files if _is_text(file)], [file for file in files if is_printed(file)]
    without = left_out_of(printed, texts)
    return iter([*texts, *(file for file in printed if file not in without)])


def _is_text(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.lower().endswith(PLACES)


def _places_beside(file: Path | None) -> str | None:
    """Return the geometry beside a page's text file, as JSON without spaces; None if there is none."""
    path = file.with_suffix(PLACES) if file is not None else None
    if path is None or not path.is_file():
        return None
    try:
        return json.dumps(json.loads(path.read_text(encoding="utf-8")), separators=(",", ":"))
    except ValueError as error:
        raise BroadsheetError(f"{path}: not valid JSON: {error}") from None


def _files_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and path.name not in SKIPPED and not hidden:
            yield path


def _side_car(file: Path) -> dict[str, Any]:
    for name in SIDE_CARS:
        path = file.with_name(name)
        if path.is_file():
            try:
                fields = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise BroadsheetError(f"{path}: not valid JSON: {error}") from None
            if not isinstance(fields, dict):
                raise BroadsheetError(f"{path}: expected a JSON object with fields such as paper and date")
            # A side-car describes the issue; the file's name gives the page.
            return {key: fields[key] for key in FIELDS if key in fields and key not in ("page", "pages")}
    return {}
