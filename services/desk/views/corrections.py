"""What the page of an article shows about corrections: the corrections made, and the form for a new correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schemas.correction import Confirm
from services.desk.correcting.form import ARTICLE_KINDS, beginnings
from services.desk.correcting.partners import partner_text
from services.desk.views.made import MadeCorrection, cut_short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.correction import AppliedCorrection
    from schemas.tagged import TaggedArticle
    from services.desk.correcting.form import Draft, Offer
    from services.desk.views.interface import Interface


CHARACTERS_IN_A_ROW: Final = 36
MOST_ROWS: Final = 12


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
class Choice:
    """Something to choose."""

    value: str
    label: str
    chosen: bool
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class BlockField:
    """A block of the body in the form: its text as typed, how many rows it takes, and whether it joins the one before.

    `was` is the text as it stands.
    """

    place: int
    kind: str
    was: str
    text: str
    rows: int
    joined: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class CaptionField:
    """A caption in the form."""

    place: int
    text: str
    credit: str


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The form as shown; `faults` has the message for each field with a mistake."""

    draft: Draft
    token: str
    editor: str | None
    by: str
    kinds: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    others: tuple[Choice, ...]
    splits: tuple[Choice, ...]
    blocks: tuple[BlockField, ...]
    captions: tuple[CaptionField, ...]
    can_confirm: bool
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
            Choice(partner_text(other), words("page.number", page=other.page), chosen=False) for other in offered.others
        ),
        splits=tuple(
            Choice(begins, cut_short(article.body[place].text), begins == draft.begins, f"body-{place}")
            for begins, place in anchored.items()
        ),
        blocks=tuple(_block(place, block.kind, block.text, draft) for place, block in enumerate(article.body)),
        captions=tuple(
            CaptionField(
                place,
                draft.body.captions.get(place, caption.text),
                draft.body.credits.get(place, caption.credit or ""),
            )
            for place, caption in enumerate(article.captions)
        ),
        can_confirm=not any(isinstance(one.change, Confirm) and one.state == "applied" for one in article.corrections),
        faults={name: words(key) for name, key in faults.items()},
        is_open=(bool(faults) or bool(draft.other)) and not draft.take_back,
    )


def _block(place: int, kind: str, was: str, draft: Draft) -> BlockField:
    text = draft.body.texts.get(place, was)
    rows = min(MOST_ROWS, 1 + len(text) // CHARACTERS_IN_A_ROW + text.count("\n"))
    moved = draft.body.moved == str(place)
    return BlockField(place, kind, was, text, rows, joined=place in draft.body.joins, moved=moved)
