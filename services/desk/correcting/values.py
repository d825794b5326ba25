"""The values of an article that an editor can simply replace: as it has them, and as a form says them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.correction import seen_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.tagged import TaggedArticle

TITLES: Final = ("kicker", "deck", "label")
"""The lines beside the headline that an editor can replace; the names of changes and of fields."""


@dataclass(frozen=True, slots=True)
class Values:
    """The fields that an editor can simply replace."""

    headline: str
    kind: str
    topics: frozenset[str]
    kicker: str = ""
    deck: str = ""
    label: str = ""
    bylines: str = ""
    pages: str = ""


def values_of(article: TaggedArticle) -> Values:
    """Return the article's current values."""
    topics = {topic.id for topic in article.topics} | set(article.topics_unknown)
    return Values(
        article.headline.strip(),
        article.kind,
        frozenset(topics),
        kicker=article.kicker.strip(),
        deck=article.deck.strip(),
        label=article.label.strip(),
        bylines="；".join(f"{byline.role} {byline.name}".strip() for byline in article.bylines),
        pages=", ".join(map(str, article.pages)),
    )


def seen(article: TaggedArticle) -> str:
    """Return what names the content of an article, for saying that it is right as it is."""
    return seen_of(
        article,
        (f"{byline.role} {byline.name}" for byline in article.bylines),
        (block.text for block in article.body),
        (f"{caption.text} {caption.credit or ''}" for caption in article.captions),
    )


def state_of(article: TaggedArticle) -> str:
    """Return a short text that identifies an article's state: it differs after any change that an editor can see.

    It also differs between articles. It leaves out the version, which grows with every correction of any article in the
    issue.
    """
    shown = (
        *(article.article_id, seen(article), *sorted(topic.id for topic in article.topics), ""),
        *(f"{one.correction_id} {one.state}" for one in article.corrections),
    )
    return hashlib.blake2b("\n".join(shown).encode(), digest_size=16).hexdigest()


def values_in(single: Mapping[str, str], prefix: str, topics: Iterable[str]) -> Values:
    """Return the values in a form's fields whose names begin with `prefix`."""
    texts = {name: single.get(prefix + name, "").strip() for name in ("headline", *TITLES, "bylines", "pages")}
    return Values(kind=single.get(f"{prefix}kind", ""), topics=frozenset(topics), **texts)


def signers_in(text: str) -> tuple[dict[str, str], ...]:
    """Return role and name of each byline in a line such as 记者 王小明；通讯员 许敏婷; a name alone has no role."""
    found = []
    for one in re.split(r"[;；、\n]", text):
        role, _, name = one.strip().rpartition(" ")
        if name or role:
            found.append({"role": role.strip(), "name": name})
    return tuple(found)
