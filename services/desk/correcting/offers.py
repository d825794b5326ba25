"""Read the choices for a correction from the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.article import printed_place
from schemas.correction import Merge
from services.desk.addresses.links import article_address
from services.desk.archive.titles import title_of
from services.desk.archive.topics import offered_topics
from services.desk.correcting.form import Offer, OtherItem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from schemas.tagged import TaggedArticle
    from services.desk.archive.archive import Archive
    from services.desk.archive.outlines import Outline


async def offered_for(article: TaggedArticle, archive: Archive, outlines: Iterable[Outline] | None = None) -> Offer:
    """Return the topics for a correction of an article, and the other articles of its issue.

    `outlines` are the articles of its issue, if they were read already.
    """
    read = await archive.outlines_of(article.issue_id) if outlines is None else outlines
    topics = offered_topics(await archive.topic_labels(), article)
    return Offer(topics, others_among(read, article.article_id))


class MergedInto(NamedTuple):
    """The article that a merged article went into, and who merged it when."""

    address: str
    title: str
    by: str
    at: dt.datetime


async def merged_into(article_id: str, archive: Archive) -> MergedInto | None:
    """Return the article into which an editor merged a withdrawn article, if any."""
    for outline in await archive.outlines_of(article_id.rpartition("/")[0]):
        for one in outline.corrections:
            if one.state == "applied" and isinstance(one.change, Merge) and one.change.other_id == article_id:
                return MergedInto(article_address(outline.article_id), title_of(outline), one.by, one.at)
    return None


def others_among(outlines: Iterable[Outline], article_id: str) -> list[OtherItem]:
    """Return the issue's other articles, in printed order."""
    others = [outline for outline in outlines if outline.article_id != article_id]
    others.sort(key=lambda one: (printed_place(one), one.article_id))
    return [OtherItem(one.article_id, printed_place(one)[0], title_of(one)) for one in others]
