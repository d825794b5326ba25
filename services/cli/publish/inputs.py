"""From paths on the command line to records as they would stand on `issues.raw`.

A text file is one page; a JSON file is a raw issue (schemas/raw.py); a folder is all the pages in it, and the folders
below it. Paper, date and page come from the options, else from the file's name, else from a side-car: `issue.json` or
`meta.json` beside the pages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from services.runtime.errors import BroadsheetError
from services.runtime.messages.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SIDE_CARS = ("issue.json", "meta.json")
SKIPPED = (*SIDE_CARS, "truth.json")
SUFFIXES = (".txt", ".text", ".json")
DATE = re.compile(r"(?<!\d)(\d{4})[-_.年]?(\d{2})[-_.月]?(\d{2})(?!\d)")
PAGE = re.compile(r"(?:page|p|第)?[-_ ]?0*(\d{1,3})(?:版)?$", re.IGNORECASE)
FIELDS = ("paper", "date", "page", "pages", "revision", "complete", "date_assumed", "encoding")


@dataclass(frozen=True, slots=True)
class IssueOptions:
    """What the options say; None where they say nothing."""

    paper: str | None = None
    date: str | None = None
    page: str | None = None
    revision: str | None = None
    encoding: str | None = None

    def fields(self) -> dict[str, str]:
        """Return what is given by name."""
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
    """One record to publish, and where it comes from for people to know."""

    origin: str
    record: Record


def read_sources(paths: Iterable[Path], given: IssueOptions, topic: str, now: int) -> list[Source]:
    """Return the records that `paths` hold, in the order of their names.

    Args:
        paths: files and folders; they are read now.
        given: the options, which take precedence.
        topic: where the records would stand.
        now: their timestamp in ms.

    Raises:
        BroadsheetError: a path is not there, or a folder holds no page.
    """
    sources: list[Source] = []
    for path in paths:
        if path.is_dir():
            files = sorted(_pages_in(path))
            if not files:
                raise BroadsheetError(f"{path}: no pages in this folder; pages are files ending in .txt or .json")
        elif path.exists():
            files = [path]
        else:
            raise BroadsheetError(f"{path}: no such file or folder")
        sources.extend(from_bytes(file.read_bytes(), file, given, topic, now) for file in files)
    return sources


def from_bytes(value: bytes, file: Path | None, given: IssueOptions, topic: str, now: int) -> Source:
    """Return one file's record, or for `file` None that of standard input."""
    origin = str(file) if file is not None else "standard input"
    record = Record(topic, 0, 0, now, None, value)
    is_json = file.suffix == ".json" if file is not None else value.lstrip()[:1] == b"{"
    if is_json:
        return Source(origin, replace(record, headers=(("content-type", b"application/json"),)))
    fields: dict[str, Any] = {}
    if file is not None:
        fields = _side_car(file) | _from_name(file)
    fields |= given.fields()
    headers = [("content-type", b"text/plain")]
    for name in FIELDS:
        if name in fields and fields[name] is not None:
            shown = fields[name]
            text = str(shown).lower() if isinstance(shown, bool) else str(shown)
            headers.append((name.replace("_", "-"), text.encode()))
    return Source(origin, replace(record, headers=tuple(headers)))


def _pages_in(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in SUFFIXES and path.name not in SKIPPED and path.is_file() and not hidden:
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
                raise BroadsheetError(f"{path}: expected a JSON object with paper, date and the like")
            # A side-car speaks for the issue; which page a file holds, the file's name says.
            return {key: fields[key] for key in FIELDS if key in fields and key not in ("page", "pages")}
    return {}


def _from_name(file: Path) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    stem = file.stem
    date = DATE.search(stem)
    if date:
        fields["date"] = "-".join(date.groups())
        paper = stem[: date.start()].strip(" -_.")
        if paper:
            fields["paper"] = paper
        stem = stem[date.end() :]
    page = PAGE.search(stem.strip(" "))
    if page:
        fields["page"] = int(page.group(1))
    return fields
