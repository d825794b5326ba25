"""What the page of a withdrawn article says: since when, why, and for editors its last text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.correction import ID_CHARACTERS, Split
from services.desk.reading.causes import causes_of
from services.desk.views.made import local_time, published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.article import Withdrawal
    from schemas.kept_version import KeptVersion
    from services.desk.correcting.offers import MergedInto
    from services.desk.views.interface import Interface


@dataclass(frozen=True, slots=True)
class WithdrawnView:
    """A withdrawn article.

    Attributes:
        title: its last headline; empty if it is not known, or not for this reader.
        since: since when, in the papers' local time; empty if that is not known.
        why: why, in words.
        last: its last version before the withdrawal; None if it is not known, or not for this reader.
    """

    title: str
    since: str
    why: str
    last: KeptVersion | None


def withdrawn_view(
    gone: Withdrawal,
    versions: Sequence[KeptVersion],
    merged: MergedInto | None,
    words: Interface,
    *,
    with_text: bool,
) -> WithdrawnView:
    """Return what the page says.

    Args:
        gone: the withdrawal.
        versions: the versions that are known, the oldest first.
        merged: the article into which an editor merged it, if one did.
        words: the texts.
        with_text: whether this reader may see its last text.
    """
    ended = versions[-1] if versions and versions[-1].article is None else None
    last = next((one for one in reversed(versions) if one.article is not None), None)
    since = local_time(ended.caused) if ended else published(gone.revision) or ""
    shown = last if with_text else None
    headline = shown.article.headline if shown and shown.article else ""
    return WithdrawnView(headline, since, _why(gone, ended, last, merged, words), shown)


def _why(
    gone: Withdrawal,
    ended: KeptVersion | None,
    last: KeptVersion | None,
    merged: MergedInto | None,
    words: Interface,
) -> str:
    revision = published(gone.revision) or str(gone.revision)
    if merged is not None:
        return words("withdrawn.merge", name=merged.by, time=local_time(merged.at))
    if _is_split_off(gone.article_id, last):
        return words("withdrawn.split")
    if ended is None or last is None:
        return words("withdrawn.unknown", revision=revision)
    (cause, *_) = causes_of(ended, last)
    return words(f"withdrawn.{cause.kind}", revision=revision)


def _is_split_off(article_id: str, last: KeptVersion | None) -> bool:
    """Return whether an editor's correction had made the article, by splitting another."""
    name = article_id.rpartition("/")[2]
    corrections = last.article.corrections if last and last.article else ()
    return any(isinstance(one.change, Split) and one.correction_id[:ID_CHARACTERS] == name for one in corrections)
