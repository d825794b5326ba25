"""`broadsheet correct`: check an editor's correction against the article, and send it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.correction import ANCHOR_CHARACTERS
from services.cli.shared.console import out, print_json
from services.cli.shared.ids import id_of_article
from services.index.names import Names
from services.runtime.elasticsearch.store import connected
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.corrections import new_correction, send_correction
from services.search.answer import read_article
from services.segment.edition.paragraphs import place_of
from services.topics.pushed import in_force, pushed

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.runtime.settings import Settings

LEAST_ID = 4
"""Number of digits in a correction's id."""


@dataclass(frozen=True, slots=True)
class CorrectionOptions:
    """The options of the command; None for an option that is not given."""

    headline: str | None = None
    topics: str | None = None
    kind: str | None = None
    merge: str | None = None
    split: str | None = None
    take_back: str | None = None


def correct_article(
    settings: Settings, article_id: str, by: str, asked: CorrectionOptions, *, as_json: bool = False
) -> None:
    """Send one correction, and print how to take it back.

    Raises:
        BroadsheetError: the correction has no change or too many, or names something that does not exist.
        Unavailable: Kafka or Elasticsearch does not answer.
    """
    article_id = asyncio.run(id_of_article(settings, article_id))
    if asked.merge is not None:
        asked = replace(asked, merge=asyncio.run(id_of_article(settings, asked.merge)))
    given = [name for name in CorrectionOptions.__slots__ if getattr(asked, name) is not None]
    if len(given) != 1 and sorted(given) != ["headline", "split"]:
        raise BroadsheetError(
            "Give one of --headline, --topics, --kind, --merge, --split and --take-back; --split may have a --headline."
        )
    # Mistakes in the message itself need no server.
    draft = new_correction(article_id, _change(asked), by) if asked.take_back is None else None
    wanted = [article_id, *([asked.merge] if asked.merge else [])]
    articles = asyncio.run(_articles(settings, wanted))
    article = articles[0]
    if draft is None:
        taken_back = _named(article, asked.take_back or "")
        correction = new_correction(article_id, {"change": "take_back", "taken_back": taken_back}, by)
    elif asked.split is not None:
        begins = _block(article, asked.split)[:ANCHOR_CHARACTERS]
        correction = new_correction(article_id, _change(asked) | {"begins": begins}, by, draft.correction_id)
    else:
        correction = draft
    if asked.topics is not None:
        _check_topics(settings, _ids(asked.topics))
    asyncio.run(send_correction(settings, correction))
    if as_json:
        made = {"correction_id": correction.correction_id, "article_id": article_id}
        made |= {"new_article_id": correction.split_off_id} if asked.split is not None else {}
        print_json(made)
        return
    out.print(f"sent correction {correction.correction_id} of {article_id}", markup=False, soft_wrap=True)
    if draft is not None:
        if asked.split is not None:
            out.print(f"the new article gets the id {correction.split_off_id}", markup=False, soft_wrap=True)
        out.print(
            f"take it back: broadsheet correct {article_id} --take-back {correction.correction_id} --by …",
            markup=False,
            soft_wrap=True,
        )


def _change(asked: CorrectionOptions) -> dict[str, Any]:
    if asked.split is not None:
        return {"change": "split", "begins": asked.split[:ANCHOR_CHARACTERS], "headline": asked.headline or ""}
    if asked.headline is not None:
        return {"change": "headline", "headline": asked.headline}
    if asked.topics is not None:
        return {"change": "topics", "topics": _ids(asked.topics)}
    if asked.kind is not None:
        return {"change": "kind", "kind": asked.kind}
    return {"change": "merge", "other_id": asked.merge}


def _ids(topics: str) -> list[str]:
    return [each.strip() for each in topics.replace("，", ",").split(",") if each.strip()]


def _check_topics(settings: Settings, ids: list[str]) -> None:
    taxonomy = in_force(asyncio.run(pushed(settings)))
    known = [topic.id for topic in taxonomy.topics]
    unknown = [each for each in ids if each not in known]
    if unknown:
        raise BroadsheetError(
            f"--topics: {', '.join(unknown)} is not in taxonomy {taxonomy.version}; it has {', '.join(known)}."
        )


def _block(article: TaggedArticle, begins: str) -> str:
    texts = [block.text for block in article.body]
    place = place_of(texts, begins)
    if place is None:
        raise BroadsheetError(f"--split: no paragraph of {article.article_id} begins with {begins[:60]!r}.")
    if place_of(texts[place + 1 :], begins) is not None:
        raise BroadsheetError(f"--split: several paragraphs begin with {begins[:60]!r}; give more of its words.")
    return texts[place]


def _named(article: TaggedArticle, beginning: str) -> str:
    standing = [one.correction_id for one in article.corrections if one.state != "taken_back"]
    named = [one for one in standing if one.startswith(beginning)]
    if len(beginning) < LEAST_ID or len(named) != 1:
        there = ", ".join(standing) or "none"
        raise BroadsheetError(
            f"--take-back: {beginning!r} is not a correction that can be taken back; these are: {there}."
        )
    return named[0]


async def _articles(settings: Settings, ids: list[str]) -> list[TaggedArticle]:
    async with connected(settings) as client:
        answer = await client.mget(index=Names(settings.prefix, "articles").write, ids=ids)
    found = []
    for document in answer["docs"]:
        if not document.get("found"):
            raise BroadsheetError(f"There is no article {document['_id']}. `broadsheet trace` lists an issue's.")
        if document["_source"]["withdrawn"]:
            raise BroadsheetError(f"Article {document['_id']} is withdrawn: it was dropped, or merged into another.")
        found.append(read_article(document["_source"]))
    return found
