"""The facets of an article: places, organisations, people, figures and days, read from one laid-out document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from services.tag.dates import dates_of
from services.tag.figures import figures_of
from services.tag.organisations import organisations_of
from services.tag.people import people_of
from services.tag.places import mentions_of, places_of
from services.text.normal import normalise

if TYPE_CHECKING:
    import datetime as dt

    from schemas.article import ArticleContent
    from schemas.tagged import Figure, Name, Place
    from services.tag.document import Document


class Facets(NamedTuple):
    """What the article names, each in order of first mention; days in order of time."""

    places: tuple[Place, ...]
    organisations: tuple[Name, ...]
    people: tuple[Name, ...]
    figures: tuple[Figure, ...]
    dates: tuple[dt.date, ...]


def facets_of(document: Document, article: ArticleContent) -> Facets:
    """Return the facets of `article`, whose parts `document` lays out."""
    mentions = mentions_of(document, article.paper)
    signed = [*(byline.name for byline in article.bylines), *(caption.credit or "" for caption in article.captions)]
    signers = [normalise(name).text for name in signed]
    return Facets(
        places=places_of(document, mentions),
        organisations=organisations_of(document, mentions),
        people=people_of(document, signers),
        figures=figures_of(document),
        dates=dates_of(document.text, article.date, assumed=article.date_assumed),
    )
