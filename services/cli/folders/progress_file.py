"""What a backfill has done, as JSON lines: a backfill that is started again continues from there.

The first line pins the time of the backfill. It is the timestamp of every record, so that a page that is sent again
after a crash is the same record and changes nothing. A file that has changed since is sent again, with a new time.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file.

    Attributes:
        file: its path below the folder.
        size: its size in bytes, and `changed` the time of its last change in ns, when it was read.
        pages: how many of its pages Kafka has stored.
        issues: the issues of these pages.
        reasons: why it, or some of its pages, cannot be published.
    """

    file: str
    size: int
    changed: int
    pages: int
    issues: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class ProgressFile:
    """The open file: what is done, and the time and the revisions that are pinned.

    Attributes:
        began: the time of the backfill in ms.
        outcomes: the last outcome of each file.
        revisions: the revision of each issue that a newsroom numbers itself.
    """

    began: int
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    _sink: IO[str] | None = None

    def is_done(self, file: str, size: int, changed: int) -> bool:
        """Return whether a file was handled, and has not changed since."""
        known = self.outcomes.get(file)
        return known is not None and (known.size, known.changed) == (size, changed)

    def was_done(self, file: str) -> bool:
        """Return whether a file was handled, whatever it held."""
        return file in self.outcomes

    def pin(self, revisions: Mapping[str, int]) -> None:
        """Keep the revisions of issues, before anything is sent under them."""
        new = {issue: revision for issue, revision in revisions.items() if issue not in self.revisions}
        if new:
            self.revisions |= new
            self._write([{"revisions": new}])

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of files; it is on the disk when this returns."""
        made = list(outcomes)
        self.outcomes |= {one.file: one for one in made}
        self._write(
            {
                "file": one.file,
                "size": one.size,
                "changed": one.changed,
                "pages": one.pages,
                "issues": one.issues,
                "reasons": one.reasons,
            }
            for one in made
        )

    def close(self) -> None:
        """Close the file."""
        if self._sink is not None:
            self._sink.close()

    def _write(self, lines: Iterable[dict[str, Any]]) -> None:
        assert self._sink is not None
        self._sink.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        self._sink.flush()
        os.fsync(self._sink.fileno())


def open_progress(path: Path, now: int) -> ProgressFile:
    """Return what the file at `path` says, ready to be continued; without a file, a backfill that begins `now` (ms).

    Raises:
        BroadsheetError: it is not the progress of a backfill.
    """
    made = ProgressFile(now)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    whole = 0
    for number, text in enumerate(lines):
        try:
            line = json.loads(text)
            if number == 0:
                made.began = line["began"]
            elif "revisions" in line:
                made.revisions |= line["revisions"]
            else:
                made.outcomes[line["file"]] = Outcome(
                    **{**line, "issues": tuple(line["issues"]), "reasons": tuple(line["reasons"])}
                )
        except (ValueError, KeyError, TypeError):
            if number and number == len(lines) - 1:
                break  # the crash cut the last line short
            raise BroadsheetError(
                f"{path}: line {number + 1} is not the progress of a backfill; move the file away"
            ) from None
        whole = number + 1
    sink = path.open("w" if not lines else "r+", encoding="utf-8")
    made._sink = sink  # noqa: SLF001  # this function makes the object
    if lines:
        sink.truncate(len("".join(f"{line}\n" for line in lines[:whole]).encode()))
        sink.seek(0, os.SEEK_END)
    else:
        made._write([{"began": now}])  # noqa: SLF001
    return made
