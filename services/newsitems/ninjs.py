"""An article as IPTC's ninjs 3.1, the news industry's JSON: http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json.

It uses only fields of the standard, and puts other values into the standard's free fields. `altIds` has our id and the
ids of the current corrections. `slugline` has the column label and the page. `versionCreated` is present only if the
revision is a time in milliseconds.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from services.newsitems.moments import EARLIEST_MS

if TYPE_CHECKING:
    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle, Topic

STANDARD: Final = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
MEDIA_TOPIC: Final = "http://cv.iptc.org/newscodes/mediatopic/"
MEDIA_TOPIC_CODE: Final = "medtop:"
EXACT: Final = "exact"
"""The only match of a topic with a Media Topic that makes the two the same (SKOS)."""


def ninjs(article: TaggedArticle) -> dict[str, Any]:
    """Return the news item, with JSON values only and without empty fields."""
    paragraphs = [block.text for block in article.body]
    captions = [_caption(caption.text, caption.credit) for caption in article.captions]
    weather = [article.weather.text] if article.weather and not paragraphs else []
    body = "\n\n".join(paragraphs or weather)
    item: dict[str, Any] = {
        "uri": uri(article.article_id),
        "standard": STANDARD,
        "type": "picture" if article.kind == "photo" else "text",
        "representationType": "full",
        "profile": f"broadsheet-{article.kind}",
        "version": str(article.version),
        "versionCreated": created(article.revision),
        "contentCreated": f"{article.date.isoformat()}T00:00:00+08:00",
        "pubStatus": "usable",
        "language": article.language,
        "headlines": [
            {"role": role, "contentType": "text/plain", "value": text}
            for role, text in (("main", article.headline), ("kicker", article.kicker), ("deck", article.deck))
            if text
        ],
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": len(body), "value": body}]
        if body
        else [],
        "descriptions": [{"role": "caption", "contentType": "text/plain", "value": text} for text in captions],
        "by": " ".join(f"{byline.role} {byline.name}".strip() for byline in article.bylines),
        "slugline": " ".join([*([article.label] if article.label else []), *(f"第{page}版" for page in article.pages)]),
        "subjects": [_subject(topic) for topic in article.topics],
        "places": [
            {"name": place.full_name or place.name, **({"literal": f"GB/T 2260 {place.code}"} if place.code else {})}
            for place in article.places
        ],
        "organisations": [{"name": name.name} for name in article.organisations],
        "people": [{"name": name.name} for name in article.people],
        "genres": [{"name": article.kind, "literal": article.kind}],
        "infoSources": [
            {"name": article.paper, "role": "publisher"},
            *([{"name": article.source, "role": "dateline"}] if article.source else []),
        ],
        "altIds": [
            {"role": "broadsheet-article", "value": article.article_id},
            {"role": "broadsheet-issue", "value": article.issue_id},
            {"role": "broadsheet-revision", "value": str(article.revision)},
            *(
                {"role": "broadsheet-correction", "value": one.correction_id}
                for one in article.corrections
                if one.state == "applied"
            ),
        ],
    }
    return {name: value for name, value in item.items() if value not in ("", [], None)}


def uri(article_id: str) -> str:
    """Return the article's globally unique name, which is not an address."""
    return f"urn:broadsheet:article:{quote(article_id, safe='/')}"


def created(revision: int) -> str | None:
    """Return the time of a revision in milliseconds; None if it is a count."""
    if revision < EARLIEST_MS:
        return None
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=revision)).isoformat()


def _caption(text: str, credit: str | None) -> str:
    return f"{text}（{credit}）" if credit else text


def _subject(topic: Topic) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": topic.label,
        "literal": topic.id,
        "creator": "broadsheet",
        "confidence": round(topic.score * 100),
    }
    if media_topic(topic):
        found["uri"] = media_topic(topic)
    return found


def media_topic(topic: Topic) -> str | None:
    """Return the URI of the Media Topic that a topic is; None if IPTC has none, or only one that is near it.

    A subject's `uri` says what it is. 海关 (customs) is not international trade, though nothing is nearer.
    """
    if topic.iptc is None or topic.iptc_match != EXACT:
        return None
    return MEDIA_TOPIC + topic.iptc.removeprefix(MEDIA_TOPIC_CODE)


def ninjs_withdrawal(withdrawal: Withdrawal) -> dict[str, Any]:
    """Return the news item that cancels an article."""
    item = {
        "uri": uri(withdrawal.article_id),
        "standard": STANDARD,
        "version": str(withdrawal.version),
        "versionCreated": created(withdrawal.revision),
        "pubStatus": "canceled",
        "altIds": [
            {"role": "broadsheet-article", "value": withdrawal.article_id},
            {"role": "broadsheet-issue", "value": withdrawal.issue_id},
            {"role": "broadsheet-revision", "value": str(withdrawal.revision)},
        ],
    }
    return {name: value for name, value in item.items() if value is not None}
