"""Articles as a Parquet table, one row each, for researchers: lists stay lists, and days are dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.tagged import TaggedArticle

ROWS_AT_ONCE: Final = 5_000
"""Rows of a row group: some 20 MB of text."""
TEXTS: Final = pa.list_(pa.string())
SCHEMA: Final = pa.schema(
    [
        ("article_id", pa.string()),
        ("issue_id", pa.string()),
        ("paper", pa.string()),
        ("date", pa.date32()),
        ("date_assumed", pa.bool_()),
        ("pages", TEXTS),
        ("kind", pa.string()),
        ("column", pa.string()),
        ("kicker", pa.string()),
        ("headline", pa.string()),
        ("deck", pa.string()),
        ("bylines", pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())]))),
        ("source", pa.string()),
        ("body", pa.string()),
        ("captions", TEXTS),
        ("topics", pa.list_(pa.struct([("id", pa.string()), ("score", pa.float64())]))),
        (
            "places",
            pa.list_(pa.struct([("name", pa.string()), ("code", pa.string()), ("full_name", pa.string())])),
        ),
        ("organisations", TEXTS),
        ("people", TEXTS),
        ("flags", TEXTS),
        ("confidence", pa.float64()),
        ("revision", pa.int64()),
        ("version", pa.int64()),
    ]
)


def row(article: TaggedArticle) -> dict[str, Any]:
    """Return an article's row, with a value for each field of `SCHEMA`."""
    weather = [article.weather.text] if article.weather else []
    return {
        "article_id": article.article_id,
        "issue_id": article.issue_id,
        "paper": article.paper,
        "date": article.date,
        "date_assumed": article.date_assumed,
        "pages": [str(page) for page in article.pages],
        "kind": article.kind,
        "column": article.label,
        "kicker": article.kicker,
        "headline": article.headline,
        "deck": article.deck,
        "bylines": [{"name": byline.name, "role": byline.role} for byline in article.bylines],
        "source": article.source,
        "body": "\n".join([*(block.text for block in article.body), *weather]),
        "captions": [caption.text for caption in article.captions],
        "topics": [{"id": topic.id, "score": topic.score} for topic in article.topics],
        "places": [{"name": place.name, "code": place.code, "full_name": place.full_name} for place in article.places],
        "organisations": [name.name for name in article.organisations],
        "people": [name.name for name in article.people],
        "flags": list(article.flags),
        "confidence": article.confidence,
        "revision": article.revision,
        "version": article.version,
    }


class Table:
    """A Parquet file that is being written; use it as a context manager."""

    def __init__(self, target: Path) -> None:
        self._writer = pq.ParquetWriter(target, SCHEMA, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, article: TaggedArticle) -> None:
        """Add an article."""
        self._rows.append(row(article))
        if len(self._rows) >= ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
            self._rows.clear()
