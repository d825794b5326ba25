"""The corrections made on an article, as its page and other lists show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from schemas.correction import (
    ID_CHARACTERS,
    Break,
    BylinesChange,
    CaptionChange,
    Confirm,
    DeckChange,
    HeadlineChange,
    Join,
    KickerChange,
    KindChange,
    LabelChange,
    Merge,
    Move,
    PagesChange,
    ParagraphChange,
    Split,
    TakeBack,
    TopicsChange,
)
from services.desk.addresses.links import article_address
from services.newsitems.moments import CHINA
from services.newsitems.ninjs import created

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.correction import AppliedCorrection, Change, CorrectionId
    from schemas.tagged import TaggedArticle
    from services.desk.views.interface import Interface

Labels = Mapping[str, Mapping[str, str]]

SHOWN_BEGINNING: Final = 24


@dataclass(frozen=True, slots=True)
class MadeCorrection:
    """A correction: `what` is its state in words, `before` and `after` what it replaced, if anything."""

    correction_id: CorrectionId
    what: str
    before: str
    after: str
    address: str
    is_printed: bool
    is_elsewhere: bool
    by: str
    at: str
    state: str
    taken_back_by: str
    taken_back_at: str
    rival: str = ""


def is_corrected(article: TaggedArticle) -> bool:
    """Return whether an editor corrected the article; to find it right as it is changes nothing."""
    return any(one.state == "applied" and one.change.change != "confirm" for one in article.corrections)


def local_time(moment: dt.datetime) -> str:
    """Return a time in the papers' time zone, to the minute."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def moment(milliseconds: int) -> str:
    """Return a time in milliseconds since 1970 in the papers' time zone."""
    return local_time(dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC))


def duration(seconds: float, words: Interface) -> str:
    """Return a duration in its one or two largest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return words("duration.hours", hours=hours, minutes=minutes)
    return words("duration.minutes", minutes=minutes, seconds=rest) if minutes else words("duration.seconds", n=rest)


def published(revision: int) -> str | None:
    """Return the time of a revision in the papers' time zone; None if the revision is a count."""
    moment = created(revision)
    return local_time(dt.datetime.fromisoformat(moment)) if moment else None


def made_view(
    article_id: str, corrections: Sequence[AppliedCorrection], labels: Labels, words: Interface
) -> tuple[MadeCorrection, ...]:
    """Return the corrections shown at an article (or, with no id, at an issue), the newest first."""
    newest = sorted(corrections, key=lambda one: (one.at, one.correction_id), reverse=True)
    return tuple(
        replace(_made(one, article_id, labels, words), rival=rival_of(one, newest))
        for one in newest
        if not isinstance(one.change, TakeBack)
    )


def rival_of(one: AppliedCorrection, corrections: Sequence[AppliedCorrection]) -> str:
    """Return who replaced a correction, if it was another editor; empty otherwise."""
    if one.state != "superseded":
        return ""
    later = [
        other
        for other in corrections
        if (other.article_id, other.change.change) == (one.article_id, one.change.change)
        and other.at > one.at
        and other.state != "taken_back"
    ]
    by = min(later, key=lambda other: other.at).by if later else one.by
    return "" if by == one.by else by


@dataclass(frozen=True, slots=True)
class _Told:
    """What a correction did, in words: `before` and `after`, and where the text is now."""

    before: str = ""
    after: str = ""
    address: str = ""
    is_printed: bool = False
    what: str = ""


def _told(one: AppliedCorrection, article_id: str, labels: Labels, words: Interface) -> _Told:  # noqa: PLR0911  # one for each kind of change
    change, before = one.change, one.before or ""
    match change:
        case KindChange():
            return _Told(words.or_value(f"kind.{before}", before), words(f"kind.{change.kind}"))
        case TopicsChange():
            earlier = _topics([topic for topic in before.split(",") if topic], labels, words)
            return _Told("" if one.before is None else earlier, _topics(change.topics, labels, words))
        case PagesChange():
            return _Told(before, ", ".join(map(str, change.pages)))
        case Merge():
            address = "" if one.state == "applied" else article_address(change.other_id)
            return _Told("", before or change.other_id, address, is_printed=True)
        case Move():
            return _Told("", cut_short(before or change.begins), article_address(change.to_id), is_printed=True)
        case Split():
            return _split(one, change, article_id, words)
        case Confirm() | TakeBack():
            return _Told()
    return _Told("" if isinstance(change, Join | Break) else before, _text(change, words), is_printed=True)


def _text(change: Change, words: Interface) -> str:  # noqa: PLR0911  # one for each kind of change
    """Return the printed text that a correction gives."""
    match change:
        case HeadlineChange():
            return change.headline
        case KickerChange() | DeckChange() | LabelChange():
            return getattr(change, change.change) or words("correction.none")
        case BylinesChange():
            signers = (f"{signer.role} {signer.name}".strip() for signer in change.bylines)
            return "；".join(signers) or words("correction.none")
        case ParagraphChange() | CaptionChange():
            return change.text
        case Break():
            return cut_short(change.then)
        case Join():
            return cut_short(change.begins)
    return ""


def _split(one: AppliedCorrection, change: Split, article_id: str, words: Interface) -> _Told:
    made_id = f"{one.article_id.rpartition('/')[0]}/{one.correction_id[:ID_CHARACTERS]}"
    if article_id == made_id:
        parent = article_address(one.article_id)
        return _Told("", words("correction.parent"), parent, what="correction.split_from")
    address = article_address(made_id) if one.state == "applied" else ""
    return _Told("", change.headline or cut_short(change.begins), address, is_printed=True)


def _made(one: AppliedCorrection, article_id: str, labels: Labels, words: Interface) -> MadeCorrection:
    told = _told(one, article_id, labels, words)
    return MadeCorrection(
        correction_id=one.correction_id,
        what=words(told.what or f"correction.{one.change.change}"),
        before=told.before,
        after=told.after,
        address=told.address,
        is_printed=told.is_printed,
        is_elsewhere=article_id not in ("", one.article_id) and not isinstance(one.change, Split),
        by=one.by,
        at=local_time(one.at),
        state=one.state,
        taken_back_by=one.taken_back_by or "",
        taken_back_at=local_time(one.taken_back_at) if one.taken_back_at else "",
    )


def _topics(topics: Sequence[str], labels: Labels, words: Interface) -> str:
    shown = [labels[topic][words.language] if topic in labels else topic for topic in topics]
    return words("correction.between").join(shown) or words("correction.none")


def cut_short(text: str) -> str:
    """Return the beginning of a text, for a list."""
    return text if len(text) <= SHOWN_BEGINNING else text[:SHOWN_BEGINNING] + "…"
