"""Before a rewind: find the articles on the topics, issue by issue.

They are kept in a file, so an archive of any size needs little memory.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

from schemas.article import ARTICLE_MESSAGE, IssueRecord
from schemas.contract import ContractError, decode
from schemas.correction import Split
from schemas.tagged import TAGGED_MESSAGE
from services.ingest.correcting import read_correction
from services.runtime.errors import Rejected
from services.runtime.kafka.scan import Scan
from services.segment.edition.standing import Standing, standing, state_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.article import Article, Withdrawal
    from schemas.tagged import TaggedArticle
    from services.runtime.messages.records import Record
    from services.runtime.names import Names
    from services.runtime.settings import Settings

TABLE = """
CREATE TABLE standing (
    article TEXT PRIMARY KEY, issue TEXT, version INTEGER, generation INTEGER, kind TEXT, text TEXT, fragment INTEGER,
    page INTEGER, line INTEGER
) WITHOUT ROWID;
CREATE TABLE record (issue TEXT, version INTEGER, generation INTEGER);
CREATE INDEX by_issue ON standing (issue);
CREATE INDEX record_of ON record (issue);
CREATE TABLE split_off (article TEXT PRIMARY KEY) WITHOUT ROWID;
"""
NEWER = """
INSERT INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article) DO UPDATE SET version = excluded.version, generation = excluded.generation,
    kind = excluded.kind, text = excluded.text, fragment = excluded.fragment,
    page = excluded.page, line = excluded.line
WHERE (excluded.version, excluded.generation) >= (standing.version, standing.generation)
"""
OF_ISSUES = """
SELECT issue, article, kind, text, fragment, page, line FROM standing
WHERE article NOT IN (SELECT article FROM split_off) ORDER BY issue, article
"""
NEWEST = """
SELECT version, generation FROM (
    SELECT version, generation FROM standing WHERE issue = ?1 UNION ALL
    SELECT version, generation FROM record WHERE issue = ?1
) ORDER BY version DESC, generation DESC LIMIT 1
"""


class StandingArticles:
    """The articles that exist now; use it as a context manager, whose end removes the file."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="broadsheet-")
        self._base = sqlite3.connect(f"{self._folder.name}/standing", isolation_level=None)
        self._base.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLE} BEGIN;")
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._folder.cleanup()

    def note(self, record: Record, names: Names) -> None:
        """Take a record into account; a record that does not decode is in quarantine and is ignored."""
        try:
            if record.topic == names.corrections:
                self._note_correction(record)
            else:
                self._note_message(record, names)
        except (ContractError, Rejected):
            return

    def _note_correction(self, record: Record) -> None:
        correction = read_correction(record)
        if isinstance(correction.change, Split):
            # An article made by a split has the id that the split gives it; the split makes it again with that id.
            self._base.execute("INSERT OR IGNORE INTO split_off VALUES (?)", (correction.split_off_id,))

    def _note_message(self, record: Record, names: Names) -> None:
        if record.topic == names.tagged:
            message: TaggedArticle | Article | Withdrawal | IssueRecord = decode(TAGGED_MESSAGE, record.value)
        else:
            message = decode(ARTICLE_MESSAGE, record.value)
        order = message.version, message.generation
        if isinstance(message, IssueRecord):
            self._base.execute("INSERT INTO record VALUES (?, ?, ?)", (message.issue_id, *order))
            return
        one = standing(message)
        self._base.execute(
            NEWER, (one.article_id, message.issue_id, *order, one.kind, one.text, one.fragment, *one.place)
        )

    def states(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each issue that has articles, with the state that segment begins with."""
        with closing(self._base.cursor()) as cursor:
            for issue, rows in groupby(cursor.execute(OF_ISSUES), key=lambda row: row[0]):
                found = [
                    Standing(article, kind, text, bool(fragment), (page, line))
                    for _, article, kind, text, fragment, page, line in rows
                ]
                version, generation = self._base.execute(NEWEST, (issue,)).fetchone()
                yield issue, state_from(found, version, generation)


async def read_standing(settings: Settings, found: StandingArticles) -> None:
    """Put into `found` the articles on articles.tagged, and those on articles that no tagger has read yet.

    Raises:
        Unavailable: Kafka does not answer.
    """
    names = settings.names
    async with Scan(settings, [names.corrections, names.articles, names.tagged]) as scan:
        async for records in scan.records():
            for record in records:
                found.note(record, names)
