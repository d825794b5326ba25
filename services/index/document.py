"""The Elasticsearch document for a message, made by a pure function, so that you can rebuild the index at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.article import GENERATIONS, IssueRecord, Withdrawal
from schemas.page import page_value
from services.search import fields
from services.text.tokens import index_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.article import Identity
    from schemas.tagged import TaggedArticle
    from services.index.names import Kind


def document(message: TaggedArticle | Withdrawal | IssueRecord) -> dict[str, Any]:
    """Return the document for `message`: JSON values that fit the mapping of `index_kind(message)`.

    A withdrawal becomes a small document that is never deleted. Its version refuses an older version of the article
    that arrives late. The read alias leaves it out.
    """
    if isinstance(message, Withdrawal):
        return {**_identity(message), fields.ARTICLE_ID: message.article_id, fields.WITHDRAWN: True}
    if isinstance(message, IssueRecord):
        found = {
            **_identity(message),
            "page": [page_value(page) for page in message.pages],
            **message.quality.model_dump(mode="json"),
            "damage_kind": [one.kind for one in message.quality.damage],
            "furniture": {"spans": [span.model_dump(mode="json") for span in message.furniture]},
        }
        homeless = [one.model_dump(mode="json") for one in message.corrections]
        ignored = [one.model_dump(mode="json") for one in message.ignored]
        if message.contents is not None:
            found["contents"] = {one.article_id: one.version for one in message.contents}
        return (
            found
            | ({"corrections": homeless} if homeless else {})
            | ({"ignored_pages": len(ignored), "ignored": ignored} if ignored else {})
        )
    return _article(message)


def document_id(message: TaggedArticle | Withdrawal | IssueRecord) -> str:
    """Return the id of the document for `message`."""
    return message.issue_id if isinstance(message, IssueRecord) else message.article_id


def order_of(message: TaggedArticle | Withdrawal | IssueRecord) -> int:
    """Return the number by which Elasticsearch orders documents with the same id, however late they arrive.

    A greater version wins. With equal versions, the latest result wins: from a later taxonomy, or from a rewind.
    """
    return message.version * GENERATIONS + message.generation


def index_kind(message: TaggedArticle | Withdrawal | IssueRecord) -> Kind:
    """Return the kind of index (`articles` or `issues`) that the document for `message` belongs in."""
    return "issues" if isinstance(message, IssueRecord) else "articles"


def _identity(message: Identity | IssueRecord) -> dict[str, Any]:
    return {
        "issue_id": message.issue_id,
        "paper": message.paper,
        "date": message.date.isoformat(),
        "revision": message.revision,
        "version": message.version,
    }


def _article(article: TaggedArticle) -> dict[str, Any]:
    weather = article.weather
    in_force = [one for one in article.corrections if one.state == "applied"]
    body = [block.text for block in article.body]
    texts = {
        fields.HEADLINE: [article.headline],
        fields.KICKER: [article.kicker],
        fields.DECK: [article.deck],
        fields.LABEL: [article.label],
        fields.BYLINE: [byline.name for byline in article.bylines],
        fields.SOURCE: [article.source],
        fields.BODY: body + ([weather.text] if weather else []),
        fields.CAPTION: [text for caption in article.captions for text in (caption.text, caption.credit or "")],
    }
    found: dict[str, Any] = {
        fields.ARTICLE_ID: article.article_id,
        **_identity(article),
        fields.WITHDRAWN: False,
        "date_assumed": article.date_assumed,
        "language": article.language,
        "page": [page_value(page) for page in article.pages],
        "kind": article.kind,
        "headline": article.headline,
        "kicker": article.kicker,
        "deck": article.deck,
        "column": article.label,
        "source": article.source,
        "reporter": _unique(byline.name for byline in article.bylines),
        "topic": _unique(topic.id for topic in article.topics),
        "topic_label": _unique(label for topic in article.topics for label in (topic.label, topic.label_en)),
        "place": _unique(place.full_name or place.name for place in article.places),
        "place_code": _unique(place.code for place in article.places if place.code),
        "organisation": _unique(name.name for name in article.organisations),
        "person": _unique(name.name for name in article.people),
        "named_date": _unique(date.isoformat() for date in article.dates),
        "characters": sum(map(len, body)),
        "confidence": article.confidence,
        # What an editor found right as it is needs no check any more; the article itself keeps its flags.
        "flags": [] if any(one.change.change == "confirm" for one in in_force) else list(article.flags),
        "corrected": _unique(one.change.change for one in in_force),
        "corrected_by": _unique(one.by for one in in_force),
        "corrected_at": max(one.at for one in in_force).isoformat() if in_force else None,
        fields.EDITED_BY: _unique(one.by for one in article.corrections),
        fields.EDITED_AT: [one.at.isoformat() for one in article.corrections],
        "taxonomy_version": article.taxonomy_version,
        fields.ARTICLE: article.model_dump(mode="json", exclude_defaults=True, exclude={"generation", "difference"}),
        fields.SEARCH: _searched(texts),
    }
    if article.headline_confidence is not None:
        found["headline_confidence"] = article.headline_confidence
    if weather:
        found |= {
            "sky": weather.sky,
            "low_celsius": weather.low_celsius,
            "high_celsius": weather.high_celsius,
        }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _searched(texts: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"words": []}
    for part, pieces in texts.items():
        characters: list[str] = []
        pairs: list[str] = []
        for piece in filter(None, pieces):
            values = index_values(piece)
            characters += values.characters
            pairs += values.pairs
            found["words"] += values.words
        found[part], found[part + fields.PAIRS] = characters, pairs
    for gathered, parts in fields.GATHERED.items():
        for form in ("", fields.PAIRS):
            found[gathered + form] = [value for part in parts for value in found[part + form]]
    return {name: values for name, values in found.items() if any(values)}


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
