"""What the page of an article's versions shows: the versions with what made them, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from schemas.page import page_value
from services.desk.reading.causes import causes_of
from services.desk.reading.comparison import compare
from services.desk.views.made import local_time, published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.kept_version import KeptArticle, KeptVersion
    from services.desk.reading.causes import Cause
    from services.desk.reading.comparison import Comparison, Row
    from services.desk.views.interface import Interface

FIELDS: Final = (
    *("label", "kicker", "headline", "deck", "bylines", "source", "body", "captions", "weather"),
    *("kind", "pages", "topics"),
)
"""The parts of an article that are compared, in the order of print."""
IN_WORDS: Final = frozenset(("kind", "pages", "topics"))
"""Parts that are shown in the reader's language, not as printed."""
FEW_SAME: Final = 3
"""So many unchanged paragraphs in a row are shown; more are folded away."""


@dataclass(frozen=True, slots=True)
class VersionItem:
    """A version in the list.

    Attributes:
        name: names it in an address.
        number: 1 for the first that is known.
        since: when it was published, in the papers' local time.
        causes: who or what made it, in words.
        changed: the names of the parts in which it differs from the one before.
        is_withdrawn: whether it withdrew the article.
    """

    name: str
    number: int
    since: str
    causes: tuple[str, ...]
    changed: tuple[str, ...]
    is_withdrawn: bool
    before: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows in a run; `is_folded` if they are the same in both versions and too many to show."""

    rows: tuple[Row, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the article in which two versions differ."""

    name: str
    comparison: Comparison
    stretches: tuple[Stretch, ...]
    is_printed: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """Two versions side by side."""

    older: VersionItem
    newer: VersionItem
    parts: tuple[PartView, ...]

    @property
    def removed(self) -> int:
        """How many characters were removed."""
        return sum(part.comparison.removed for part in self.parts)

    @property
    def added(self) -> int:
        """How many characters were added."""
        return sum(part.comparison.added for part in self.parts)


def version_items(versions: Sequence[KeptVersion], words: Interface) -> tuple[VersionItem, ...]:
    """Return the list of versions, the oldest first."""
    found: list[VersionItem] = []
    for number, one in enumerate(versions, start=1):
        before = versions[number - 2] if number > 1 else None
        found.append(
            VersionItem(
                name=one.name,
                number=number,
                since=local_time(one.caused),
                causes=tuple(_causes(one, before, words)),
                changed=tuple(words(f"version.part.{name}") for name in changed_parts(before, one)) if before else (),
                is_withdrawn=one.article is None,
                before=before.name if before else "",
            )
        )
    return tuple(found)


def pair_view(
    versions: Sequence[KeptVersion], items: Sequence[VersionItem], older: str, newer: str, words: Interface
) -> PairView | None:
    """Return two versions side by side; without names that are known, the newest and the one before it.

    None if there is only one version.
    """
    if len(versions) < 2:  # noqa: PLR2004  # a pair
        return None
    places = {one.name: place for place, one in enumerate(items)}
    after = places.get(newer, len(items) - 1)
    before = places.get(older, after - 1)
    if before == after:
        before = after - 1
    before, after = (before, after) if before >= 0 else (0, 1)
    first, second = versions[before], versions[after]
    parts = tuple(_part(name, first.article, second.article, words) for name in changed_parts(first, second))
    return PairView(items[before], items[after], parts)


def changed_parts(before: KeptVersion, after: KeptVersion) -> tuple[str, ...]:
    """Return the parts in which two versions differ."""
    old, new = before.article, after.article
    return tuple(name for name in FIELDS if _value(old, name) != _value(new, name))


def _value(article: KeptArticle | None, name: str) -> object:
    return (getattr(article, name) or ()) if article else ()


def _part(name: str, before: KeptArticle | None, after: KeptArticle | None, words: Interface) -> PartView:
    compared = compare(_paragraphs(before, name, words), _paragraphs(after, name, words))
    return PartView(words(f"version.part.{name}"), compared, tuple(_stretches(compared.rows)), name not in IN_WORDS)


def _stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    for is_same, run in groupby(rows, key=lambda row: row.is_same):
        members = tuple(run)
        yield Stretch(members, is_folded=is_same and len(members) > FEW_SAME)


def _paragraphs(article: KeptArticle | None, name: str, words: Interface) -> list[str]:  # noqa: PLR0911  # one for each part
    if article is None:
        return []
    match name:
        case "body":
            return [block.text for block in article.body]
        case "captions":
            return [f"{one.text}（{one.credit}）" if one.credit else one.text for one in article.captions]
        case "weather":
            return [article.weather.text] if article.weather else []
        case "bylines":
            return [f"{one.role} {one.name}".strip() for one in article.bylines]
        case "kind":
            return [words.or_value(f"kind.{article.kind}", article.kind)]
        case "pages":
            return [str(page_value(page)) for page in article.pages]
        case "topics":
            return [topic.label if words.language == "zh" else topic.label_en for topic in article.topics]
    text: str = getattr(article, name)
    return [text] if text else []


def _causes(version: KeptVersion, before: KeptVersion | None, words: Interface) -> Iterator[str]:
    if version.article is None:
        yield words("version.withdrawn")
    for cause in causes_of(version, before):
        yield cause_in_words(cause, version, words)


def cause_in_words(cause: Cause, version: KeptVersion, words: Interface) -> str:
    """Return what made a version, in words."""
    if cause.correction is not None:
        what = words(f"correction.{cause.correction.change.change}")
        return words(f"version.{cause.kind}", name=cause.by, what=what)
    return words(f"version.{cause.kind}", revision=published(version.revision) or str(version.revision))
