"""An article as the ninjs that Superdesk and Newshub keep: the names of ninjs 1.3, with `guid`, `source` and `authors`.

Superdesk's parser (superdesk/io/feed_parsers/ninjs.py) reads these names and passes over those of ninjs 2 and 3. It
reads times only in whole seconds with +0000. It does not read headline_kicker and headline_deck, but keeps `extra`,
its dictionary of custom fields, so kicker and deck are there too. Newshub's /push needs `guid`, and takes no other
type than text, so a photograph's caption is a text too. The names of all versions are at https://iptc.org/std/ninjs/.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Any, Final

from services.newsitems.moments import changed, issued, moment
from services.newsitems.ninjs import media_topic, uri

if TYPE_CHECKING:
    from schemas.article import Withdrawal
    from schemas.tagged import TaggedArticle, Topic

SCHEME: Final = "urn:broadsheet:topics"
MEDIA_TOPICS: Final = "http://cv.iptc.org/newscodes/mediatopic/"
DIVISIONS: Final = "urn:broadsheet:divisions"
KINDS: Final = "urn:broadsheet:kinds"
URGENCY: Final = 5
"""Neither more nor less urgent than other items: a newspaper page does not say."""


def superdesk(article: TaggedArticle) -> dict[str, Any]:
    """Return the news item, with JSON values only and without empty fields."""
    weather = [article.weather.text] if article.weather and not article.body else []
    captions = [
        f"{caption.text}（{caption.credit}）" if caption.credit else caption.text for caption in article.captions
    ]
    texts = [block.text for block in article.body] or weather or captions
    body = [
        f"<h2>{escape(block.text)}</h2>" if block.kind == "subhead" else f"<p>{escape(block.text)}</p>"
        for block in article.body
    ] or [f"<p>{escape(text)}</p>" for text in texts]
    item = _identity(article) | {
        "type": "text",
        "profile": f"broadsheet-{article.kind}",
        "versioncreated": whole_seconds(changed(article)),
        "firstcreated": whole_seconds(issued(article.date)),
        "pubstatus": "usable",
        "urgency": URGENCY,
        "priority": URGENCY,
        "language": article.language,
        "headline": article.headline or next(iter(texts), "")[:40],
        "headline_kicker": article.kicker,
        "headline_deck": article.deck,
        "extra": {name: value for name, value in (("kicker", article.kicker), ("deck", article.deck)) if value},
        "slugline": " ".join([*([article.label] if article.label else []), *(f"第{page}版" for page in article.pages)]),
        "byline": " ".join(f"{byline.role} {byline.name}".strip() for byline in article.bylines),
        "authors": [{"name": byline.name, "role": byline.role} for byline in article.bylines],
        "source": article.paper,
        "body_html": "".join(body),
        "body_text": "\n\n".join(texts),
        "charcount": sum(map(len, texts)),
        "description_text": article.deck or "\n".join(captions if article.body else []),
        "subject": [subject for topic in article.topics for subject in _subjects(topic)],
        "place": [
            {
                "name": place.full_name or place.name,
                **({"code": place.code, "scheme": DIVISIONS} if place.code else {"code": place.name}),
            }
            for place in article.places
        ],
        "organisation": [{"name": name.name} for name in article.organisations],
        "person": [{"name": name.name} for name in article.people],
        "keywords": [name.name for name in (*article.organisations, *article.people)],
        "genre": [{"name": article.kind, "code": article.kind, "scheme": KINDS}],
    }
    return {name: value for name, value in item.items() if value not in ("", [], {}, None)}


def superdesk_withdrawal(withdrawal: Withdrawal) -> dict[str, Any]:
    """Return the news item that cancels an article."""
    return _identity(withdrawal) | {
        "type": "text",
        "versioncreated": whole_seconds(moment(withdrawal.date, withdrawal.revision, withdrawal.version)),
        "pubstatus": "canceled",
        "source": withdrawal.paper,
        "ednote": f"此稿已撤下：{withdrawal.issue_id} 的新版本不再包含此稿。",
    }


def whole_seconds(when: dt.datetime) -> str:
    """Return a time as Superdesk reads it."""
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _identity(message: TaggedArticle | Withdrawal) -> dict[str, Any]:
    name = uri(message.article_id)
    return {
        "guid": name,
        "uri": name,
        "version": str(message.version),
        "altids": {"broadsheet-article": message.article_id, "broadsheet-issue": message.issue_id},
    }


def _subjects(topic: Topic) -> list[dict[str, str]]:
    """Return our topic, and the Media Topic that it is, if there is one."""
    found = [{"name": topic.label, "code": topic.id, "scheme": SCHEME}]
    same = media_topic(topic)
    if same is not None:
        found.append({"name": topic.label_en, "code": f"medtop:{same.rpartition('/')[2]}", "scheme": MEDIA_TOPICS})
    return found
