"""Versions for tests: the story about tea as newsroom and editors made it, and an article that was withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from schemas.article import Withdrawal
from schemas.difference import Difference
from schemas.issue import version_of
from services.index.app import action
from services.runtime.messages.records import Record
from services.runtime.names import Names
from tests.unit.desk.edition import IDENTITY, ISSUE, TEA_CORRECTIONS, VERSION, applied, article, teas

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from schemas.tagged import TaggedArticle

GONE: Final = f"{ISSUE}/00000000000e"
MORNING: Final = dt.datetime(2023, 8, 4, 1, 30, tzinfo=dt.UTC)
CREATED: Final = Difference(kind="created")
CHANGED: Final = Difference(kind="changed")


def tea_versions() -> list[TaggedArticle]:
    """Return the story as it was published, published again, and corrected; the last is `teas()`."""
    published = teas()
    early = [block.model_copy(update={"text": block.text.replace("略高", "略低")}) for block in published.body]
    misread = {"headline": "春荼上市价略高", "corrections": ()}
    first_correction = applied(1, TEA_CORRECTIONS[0].change, before="春荼上市价略高")
    return [
        teas(revision=2, version=version_of(2, 0), body=tuple(early[:3]), difference=CREATED, **misread),
        teas(version=VERSION - 2, difference=CHANGED, **misread),
        teas(version=VERSION - 1, headline="春茶上市", corrections=(first_correction,), difference=CHANGED),
        teas(difference=CHANGED),
    ]


def withdrawn_versions() -> list[TaggedArticle | Withdrawal]:
    """Return an article about a lost bag, and its withdrawal by a later revision."""
    content: dict[str, Any] = {"headline": "市民拾金不昧", "kicker": "", "deck": "", "difference": CREATED}
    identity = IDENTITY | {"revision": 4, "version": version_of(4, 0)}
    return [
        article(article_id=GONE, **content),
        Withdrawal(article_id=GONE, **identity, difference=Difference(kind="withdrawn")),
    ]


def store_versions(client: Elasticsearch, prefix: str) -> None:
    """Put the versions into the history as the index processor does, an hour apart, and withdraw the article."""
    names = Names(prefix)
    for versions in (tea_versions(), withdrawn_versions()):
        for hours, message in enumerate(versions):
            moment = MORNING + dt.timedelta(hours=hours)
            headers = (("ce_time", moment.isoformat().encode()),)
            time = int(moment.timestamp() * 1000)
            record = Record(names.tagged, 0, hours, time, message.article_id.encode(), message.encode(), headers)
            for _, operation, source in action(record, names):
                target = operation["index"]
                version = {"version": target["version"], "version_type": target["version_type"]}
                if target["_index"].endswith("history-write") or isinstance(message, Withdrawal):
                    client.index(index=target["_index"], id=target["_id"], document=source, refresh=True, **version)
