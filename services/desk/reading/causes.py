"""Who or what made a version of an article: told from the version before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.correction import TakeBack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.correction import AppliedCorrection
    from schemas.kept_version import KeptArticle, KeptVersion

CauseKind = Literal[
    "first", "earliest", "returned", "revision", "pages", "correction", "taken_back", "topics", "release"
]
"""What made a version.

first: the article was not there before. earliest: an older version was not kept. returned: it was withdrawn before.
revision: the newsroom published the issue again. pages: another page of the issue came, or the same revision came
again. correction: an editor corrected it. taken_back: an editor took a correction back. topics: another taxonomy tagged
it. release: another release of Broadsheet read the same pages again.
"""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause, with the correction if an editor made it."""

    kind: CauseKind
    correction: AppliedCorrection | None = None

    @property
    def by(self) -> str | None:
        """The editor who made the correction or took it back; None if it was no editor."""
        one = self.correction
        if one is None:
            return None
        return one.taken_back_by or one.by if self.kind == "taken_back" else one.by


def causes_of(version: KeptVersion, before: KeptVersion | None) -> tuple[Cause, ...]:
    """Return what made a version, at least one cause.

    Args:
        version: the version.
        before: the version before it; None if it is the first.
    """
    if before is None:
        return (Cause("first" if version.change == "created" else "earliest"),)
    found = list(_by_editors(version.article, before.article))
    if version.revision != before.revision:
        found.insert(0, Cause("revision"))
    elif version.version != before.version and not found:
        found.append(Cause("pages"))
    if before.article is None and version.article is not None:
        found.insert(0, Cause("returned"))
    if version.version == before.version and not found:
        same_taxonomy = _taxonomy(version) == _taxonomy(before)
        found.append(Cause("release" if same_taxonomy else "topics"))
    return tuple(found)


def _by_editors(article: KeptArticle | None, before: KeptArticle | None) -> list[Cause]:
    if article is None or before is None:
        return []
    earlier = {one.correction_id: one.state for one in before.corrections}
    found = []
    for one in _by_time(article.corrections):
        was = earlier.get(one.correction_id)
        if isinstance(one.change, TakeBack) or was == one.state:
            continue
        if one.state == "taken_back" and was is not None:
            found.append(Cause("taken_back", one))
        elif was is None:
            found.append(Cause("correction", one))
    return found


def _by_time(corrections: Sequence[AppliedCorrection]) -> list[AppliedCorrection]:
    return sorted(corrections, key=lambda one: (one.at, one.correction_id))


def _taxonomy(version: KeptVersion) -> str:
    return version.article.taxonomy_version if version.article else ""
