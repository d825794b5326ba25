"""A result as a file: ninjs 3.1, Superdesk's ninjs, CSV or JSON lines, written in pieces."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from services.newsitems.ninjs import ninjs, ninjs_withdrawal
from services.newsitems.superdesk import superdesk, superdesk_withdrawal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle

Format = Literal["ninjs", "superdesk", "csv", "jsonl"]

MOST_ARTICLES: Final = 10_000
"""The largest number of articles in a file; export a larger result in parts, by dates."""
MARK: Final = "\ufeff"
"""Byte order mark: without it, spreadsheet programs do not recognise UTF-8."""
FORMULA: Final = "=+-@"
"""Characters that begin a formula in a spreadsheet, half-width and full-width."""
SPACES: Final = "\t\r\n"
"""Spaces that no text needs at its beginning; a spreadsheet may look for a formula after them."""
UNSEEN: Final = ("Cc", "Cf", "Mn", "Zl", "Zp", "Zs")
"""Unicode general categories of characters that are invisible by themselves."""
FILLERS: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that are blank."""
COLUMNS: Final = (
    *("article_id", "paper", "date", "pages", "kind", "column", "kicker", "headline", "deck", "bylines", "source"),
    *("topics", "places", "organisations", "people", "body", "captions", "flags", "confidence", "revision"),
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """The properties of a format that are needed to send it."""

    media_type: str
    suffix: str


FILE_KINDS: Final[dict[Format, FileKind]] = {
    "ninjs": FileKind("application/json", "ninjs.json"),
    "superdesk": FileKind("application/json", "superdesk.json"),
    "csv": FileKind("text/csv; charset=utf-8", "csv"),
    "jsonl": FileKind("application/x-ndjson", "jsonl"),
}


async def written(articles: AsyncIterator[TaggedArticle | Withdrawal], form: Format) -> AsyncIterator[str]:
    """Yield the file's text, one article at a time; a table leaves withdrawals out."""
    if form == "csv":
        yield MARK + csv_row(COLUMNS)
        async for article in articles:
            if article.type != "withdrawal":
                yield csv_row(cells(article))
    elif form == "jsonl":
        async for article in articles:
            yield article.model_dump_json() + "\n"
    else:
        opening = "[\n"
        async for article in articles:
            yield opening + json.dumps(item(article, form), ensure_ascii=False)
            opening = ",\n"
        yield "[]\n" if opening == "[\n" else "\n]\n"


def item(message: TaggedArticle | Withdrawal, form: Format) -> dict[str, Any]:
    """Return an article as a news item, or the item that cancels it."""
    if message.type == "withdrawal":
        return superdesk_withdrawal(message) if form == "superdesk" else ninjs_withdrawal(message)
    return superdesk(message) if form == "superdesk" else ninjs(message)


def cells(article: TaggedArticle) -> tuple[str, ...]:
    """Return an article's row, with a text for each of `COLUMNS`; semicolons join lists."""
    return (
        article.article_id,
        article.paper,
        article.date.isoformat(),
        ";".join(map(str, article.pages)),
        article.kind,
        article.label,
        article.kicker,
        article.headline,
        article.deck,
        ";".join(f"{byline.role} {byline.name}".strip() for byline in article.bylines),
        article.source,
        ";".join(topic.id for topic in article.topics),
        ";".join(place.full_name or place.name for place in article.places),
        ";".join(name.name for name in article.organisations),
        ";".join(name.name for name in article.people),
        "\n".join([*(block.text for block in article.body), *([article.weather.text] if article.weather else [])]),
        "\n".join(
            f"{caption.text}（{caption.credit}）" if caption.credit else caption.text for caption in article.captions
        ),
        ";".join(article.flags),
        f"{article.confidence:g}",
        str(article.revision),
    )


def csv_row(values: tuple[str, ...]) -> str:
    """Return a line of CSV (RFC 4180); a quote precedes a cell that a spreadsheet would run as a formula."""
    target = io.StringIO()
    csv.writer(target).writerow(f"'{value}" if _is_formula(value) else value for value in values)
    return target.getvalue()


def _is_formula(value: str) -> bool:
    if value.startswith(tuple(SPACES)):
        return True
    seen = next((c for c in value if unicodedata.category(c) not in UNSEEN and c not in FILLERS), "")
    return unicodedata.normalize("NFKC", seen).startswith(tuple(FORMULA))
