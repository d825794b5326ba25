"""The facets of an article: places, organisations, people, figures and days, read from one laid-out document."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from services.tag.facets.dates import dates_of
from services.tag.facets.figures import figures_of
from services.tag.facets.organisations import organisations_of
from services.tag.facets.people import named_in, people_of
from services.tag.facets.places import mentions_of, places_of
from services.text.normal import normalise

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from schemas.article import ArticleContent
    from schemas.tagged import Figure, Name, Place
    from services.tag.facets.people import Person
    from services.tag.facets.places import Mention
    from services.topics.document import Document


class Facets(NamedTuple):
    """What the article names, in order of first mention; days are in order of time."""

    places: tuple[Place, ...]
    organisations: tuple[Name, ...]
    people: tuple[Name, ...]
    figures: tuple[Figure, ...]
    dates: tuple[dt.date, ...]


def facets_of(document: Document, article: ArticleContent) -> Facets:
    """Return the facets of `article`, laid out in `document`."""
    signed = [*(byline.name for byline in article.bylines), *(caption.credit or "" for caption in article.captions)]
    signers = [normalise(name).text for name in signed]
    named = named_in(document, signers)
    mentions = [place for place in mentions_of(document, article.paper) if not _inside(place, named)]
    return Facets(
        places=places_of(document, mentions),
        organisations=organisations_of(document, mentions),
        people=people_of(document, named),
        figures=figures_of(document),
        dates=dates_of(document.text, article.date, assumed=article.date_assumed),
    )


def _inside(place: Mention, people: Sequence[Person]) -> bool:
    """Return whether a place is part of a person's name, like 长春 in 龙长春."""
    number = bisect_right(people, (place.start, place.start)) - 1
    return number >= 0 and place.start > people[number].start and place.end <= people[number].end
