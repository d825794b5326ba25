"""What the page of an article shows about corrections: the corrections made, and the form for a new correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from schemas.correction import ID_CHARACTERS, HeadlineChange, KindChange, Merge, Split, TakeBack, TopicsChange
from services.desk.addresses.links import article_address
from services.desk.correcting.form import ARTICLE_KINDS, beginnings
from services.newsitems.ninjs import created

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.correction import AppliedCorrection, CorrectionId
    from schemas.tagged import TaggedArticle
    from services.desk.correcting.form import Draft, Offer, OtherItem
    from services.desk.views.interface import Interface

Labels = Mapping[str, Mapping[str, str]]

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
"""The papers' local time, the only one in China since 1991."""
SHOWN_BEGINNING: Final = 24


@dataclass(frozen=True, slots=True)
class SentCorrections:
    """Corrections in progress: the article will show these ids, or will show them as taken back."""

    ids: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    def arrived(self, corrections: Sequence[AppliedCorrection]) -> bool:
        """Return whether the article shows all these corrections."""
        states = {one.correction_id: one.state for one in corrections}
        return set(self.ids) <= set(states) and all(states.get(one) == "taken_back" for one in self.taken_back)


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose."""

    value: str
    label: str
    chosen: bool
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The form as shown; `faults` has the message for each field with a mistake."""

    draft: Draft
    token: str
    editor: str | None
    by: str
    kinds: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    others: tuple[tuple[int, tuple[Choice, ...]], ...]
    splits: tuple[Choice, ...]
    faults: Mapping[str, str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """The section of corrections; `form` is None if the desk is read-only."""

    made: tuple[MadeCorrection, ...]
    form: CorrectionForm | None
    sent: SentCorrections | None
    arrived: bool

    @property
    def split_at(self) -> frozenset[str]:
        """The anchors of the blocks at which the article may be split."""
        return frozenset(split.anchor for split in self.form.splits) if self.form else frozenset()


def is_corrected(article: TaggedArticle) -> bool:
    """Return whether an editor corrected the article."""
    return any(one.state == "applied" for one in article.corrections)


def local_time(moment: dt.datetime) -> str:
    """Return a time in the papers' time zone, to the minute."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def published(revision: int) -> str | None:
    """Return the time of a revision in the papers' time zone; None if the revision is a count."""
    moment = created(revision)
    return local_time(dt.datetime.fromisoformat(moment)) if moment else None


def form_view(  # noqa: PLR0913  # a form's ingredients
    draft: Draft,
    article: TaggedArticle,
    offered: Offer,
    words: Interface,
    *,
    token: str,
    editor: str | None,
    by: str,
    faults: Mapping[str, str],
) -> CorrectionForm:
    """Return the form with its choices."""
    anchored = beginnings(article)
    return CorrectionForm(
        draft=draft,
        token=token,
        editor=editor,
        by=by,
        kinds=tuple(Choice(kind, words(f"kind.{kind}"), kind == draft.values.kind) for kind in ARTICLE_KINDS),
        topics=tuple(
            Choice(topic, labels[words.language], topic in draft.values.topics)
            for topic, labels in offered.topics.items()
        ),
        others=tuple(
            (page, tuple(_other(other, draft) for other in others))
            for page, others in groupby(offered.others, key=lambda other: other.page)
        ),
        splits=tuple(
            Choice(begins, _cut(article.body[place].text), begins == draft.begins, f"body-{place}")
            for begins, place in anchored.items()
        ),
        faults={name: words(key) for name, key in faults.items()},
        is_open=bool(faults) and not draft.take_back,
    )


def made_view(
    article_id: str, corrections: Sequence[AppliedCorrection], labels: Labels, words: Interface
) -> tuple[MadeCorrection, ...]:
    """Return the corrections shown at an article (or, with no id, at an issue), the newest first."""
    newest = sorted(corrections, key=lambda one: (one.at, one.correction_id), reverse=True)
    return tuple(_made(one, article_id, labels, words) for one in newest if not isinstance(one.change, TakeBack))


def _made(one: AppliedCorrection, article_id: str, labels: Labels, words: Interface) -> MadeCorrection:
    what, before, after, address, printed = f"correction.{one.change.change}", one.before or "", "", "", False
    if isinstance(one.change, HeadlineChange):
        after, printed = one.change.headline, True
    elif isinstance(one.change, KindChange):
        before = words.or_value(f"kind.{before}", before)
        after = words(f"kind.{one.change.kind}")
    elif isinstance(one.change, TopicsChange):
        if one.before is not None:
            before = _topics([topic for topic in before.split(",") if topic], labels, words)
        after = _topics(one.change.topics, labels, words)
    elif isinstance(one.change, Merge):
        before, after, printed = "", before or one.change.other_id, True
        if one.state != "applied":
            address = article_address(one.change.other_id)
    elif isinstance(one.change, Split):
        before, after, printed = "", one.change.headline or _cut(one.change.begins), True
        made_id = f"{one.article_id.rpartition('/')[0]}/{one.correction_id[:ID_CHARACTERS]}"
        if article_id == made_id:
            what, after, printed = "correction.split_from", words("correction.parent"), False
            address = article_address(one.article_id)
        elif one.state == "applied":
            address = article_address(made_id)
    return MadeCorrection(
        correction_id=one.correction_id,
        what=words(what),
        before=before,
        after=after,
        address=address,
        is_printed=printed,
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


def _other(other: OtherItem, draft: Draft) -> Choice:
    return Choice(other.article_id, other.title, other.article_id == draft.other)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_BEGINNING else text[:SHOWN_BEGINNING] + "…"
