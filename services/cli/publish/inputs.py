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

from services.cli.publish.file_names import FORM, read_name
from services.runtime.errors import BroadsheetError
from services.runtime.messages.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SIDE_CARS = ("issue.json", "meta.json")
SKIPPED = (*SIDE_CARS, "truth.json")
SUFFIXES = (".txt", ".text", ".json")
"""In capitals too: .TXT."""
MOST_NAMED = 10
"""Files left out that are named one by one."""
_HEADER = re.compile(r"\bheaders? (paper|date|page|pages|revision|encoding|section)\b")
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
                others = ", ".join(str(file.relative_to(path)) for file in left_out([path])[:MOST_NAMED])
                raise BroadsheetError(
                    f"{path}: no pages in this folder; pages are files ending in .txt or .json"
                    + (f", and it holds {others}" if others else "")
                )
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
    is_json = file.suffix.lower() == ".json" if file is not None else value.lstrip()[:1] == b"{"
    if is_json:
        return Source(origin, replace(record, headers=(("content-type", b"application/json"),)))
    fields: dict[str, Any] = {}
    if file is not None:
        fields = _side_car(file) | read_name(file.stem)
    fields |= given.fields()
    headers = [("content-type", b"text/plain")]
    for name in FIELDS:
        if name in fields and fields[name] is not None:
            shown = fields[name]
            text = str(shown).lower() if isinstance(shown, bool) else str(shown)
            headers.append((name.replace("_", "-"), text.encode()))
    return Source(origin, replace(record, headers=tuple(headers)))


def left_out(paths: Iterable[Path]) -> list[Path]:
    """Return the files in the folders among `paths` that hold no pages as we read them, in the order of their names.

    Side-cars and hidden files are not among them.
    """
    files = [file for path in paths if path.is_dir() for file in _files_in(path)]
    return sorted(file for file in files if file.suffix.lower() not in SUFFIXES)


def unknown_fields(source: Source) -> str:
    """Return what a page's text is sent without and how to say it; empty where nothing is missing."""
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
    """Return why ingest refuses a page, in the words of the command line: its options instead of record headers."""
    return _HEADER.sub(lambda found: f"--{found[1]}", reason)


def _pages_in(folder: Path) -> Iterator[Path]:
    return (path for path in _files_in(folder) if path.suffix.lower() in SUFFIXES)


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
                raise BroadsheetError(f"{path}: expected a JSON object with paper, date and the like")
            # A side-car speaks for the issue; which page a file holds, the file's name says.
            return {key: fields[key] for key in FIELDS if key in fields and key not in ("page", "pages")}
    return {}
