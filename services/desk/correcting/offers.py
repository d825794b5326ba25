"""What an article may be corrected to, read from the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from services.desk.addresses.links import article_address
from services.desk.archive.titles import shortened
from services.desk.archive.topics import offered_topics
from services.desk.correcting.form import Offered, Other

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.tagged import TaggedArticle
    from services.desk.archive.archive import Archive

WANTED: Final = (
    *("article_id", "pages", "headline", "kicker", "deck", "label"),
    *("body.text", "captions.text", "weather.text", "spans.page", "spans.first"),
)


async def offered_for(article: TaggedArticle, archive: Archive, *, whole: bool = True) -> Offered:
    """Return the topics and (unless not `whole`) the other items of the issue that an article may be corrected with."""
    items = await archive.items_of(article.issue_id, WANTED) if whole else []
    topics = offered_topics(await archive.topic_labels(), article)
    return Offered(topics, others_among(items, article.article_id))


async def merged_into(article_id: str, archive: Archive) -> tuple[str, str] | None:
    """Return the address and title of the article that an editor merged a withdrawn one into; None if there is none."""
    items = await archive.items_of(article_id.rpartition("/")[0], (*WANTED, "corrections"))
    for item in items:
        for one in item.get("corrections", ()):
            if one["state"] == "applied" and one["change"].get("other_id") == article_id:
                return article_address(item["article_id"]), _called(item)
    return None


def others_among(items: Sequence[dict[str, Any]], article_id: str) -> list[Other]:
    """Return the items but the article itself, in printed order."""
    others = [item for item in items if item["article_id"] != article_id]
    others.sort(key=lambda item: (_first_place(item), item["article_id"]))
    return [Other(item["article_id"], _first_place(item)[0], _called(item)) for item in others]


def _first_place(item: dict[str, Any]) -> tuple[int, int]:
    page = next(iter(item.get("pages", ())), 0)
    return page, min((span["first"] for span in item.get("spans", ()) if span["page"] == page), default=0)


def _called(item: dict[str, Any]) -> str:
    texts = [item.get(name, "") for name in ("headline", "kicker", "deck")]
    texts += [block["text"] for name in ("body", "captions") for block in item.get(name, ())[:1]]
    texts += [item.get("weather", {}).get("text", ""), item.get("label", "")]
    return shortened(next((text for text in texts if text), item["article_id"]))
