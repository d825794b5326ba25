"""Apply editors' corrections to an issue: a pure function of the segmentation, its ids and all corrections sent.

Only the times of corrections count, not the order in which they arrived. Ids belong to the articles as segmented, so
taking a correction back restores what was there before. Merges and splits rearrange the articles first. Then each
article gets the headline, the kind and the topics that were chosen last for its id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from schemas.correction import (
    AppliedCorrection,
    BylinesChange,
    Confirm,
    Correction,
    HeadlineChange,
    Merge,
    Move,
    Split,
    TakeBack,
    TopicsChange,
)
from services.segment.article import Byline, LineRef
from services.segment.articles.assembly import quality_of
from services.segment.edition.editing import with_headline
from services.segment.edition.paragraphs import TextChange
from services.segment.edition.rearrangement import Rearrangement
from services.segment.edition.shown import seen, text_of
from services.text.cleaning import clean_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from schemas.correction import Change
    from services.segment.article import FurnitureLine, Quality, SegmentedArticle, SegmentedIssue
    from services.segment.edition.identity import KnownArticle

CHOSEN: Final = ("kind", "kicker", "deck", "label", "bylines", "pages")
"""What an editor replaces as a whole, beside the headline and the topics; the names of changes and of fields."""

State = Literal["applied", "superseded", "taken_back", "without_effect"]


@dataclass(frozen=True, slots=True)
class CorrectedArticle:
    """An article after corrections, with its id.

    Attributes:
        topics: ids of the topics that an editor chose; None where the tagger decides.
        corrections: all corrections that concern it, including those that no longer hold.
    """

    article_id: str
    article: SegmentedArticle
    topics: tuple[str, ...] | None
    corrections: tuple[AppliedCorrection, ...]


@dataclass(frozen=True, slots=True)
class CorrectedIssue:
    """An issue after corrections.

    Attributes:
        withdrawn: sorted ids of earlier articles, and of splits that have no effect.
        homeless: corrections whose article is missing, so that no article can show them.
    """

    articles: tuple[CorrectedArticle, ...]
    withdrawn: tuple[str, ...]
    homeless: tuple[AppliedCorrection, ...]
    furniture: tuple[FurnitureLine, ...]
    quality: Quality


@dataclass(frozen=True, slots=True)
class CorrectionLog:
    """All corrections of an issue, sorted and indexed.

    Attributes:
        changes: all corrections by time, without those that only take another correction back.
        taken_back: id of a correction -> the first correction that takes it back.
        last: for each thing decided, the last correction that decides it and is not taken back.
    """

    changes: tuple[Correction, ...]
    taken_back: Mapping[str, Correction]
    last: Mapping[tuple[str, str], Correction]

    @classmethod
    def of(cls, corrections: Iterable[Correction]) -> CorrectionLog:
        """Return the log of `corrections`, given in any order; a correction that takes back cannot be taken back."""
        by_time = sorted(corrections, key=lambda one: (one.at, one.correction_id))
        taken_back: dict[str, Correction] = {}
        for one in by_time:
            if isinstance(one.change, TakeBack):
                taken_back.setdefault(one.change.taken_back, one)
        changes = tuple(one for one in by_time if not isinstance(one.change, TakeBack))
        return cls(changes, taken_back, {_decides(c): c for c in changes if c.correction_id not in taken_back})

    def holds(self, correction: Correction) -> bool:
        """Tell whether the correction is neither taken back nor superseded by a later correction."""
        return self.last.get(_decides(correction)) is correction

    def headline(self, article_id: str) -> str | None:
        """Return the headline chosen for an article."""
        one = self.last.get((article_id, "headline"))
        return one.change.headline if one and isinstance(one.change, HeadlineChange) else None

    def topics(self, article_id: str) -> tuple[str, ...] | None:
        """Return the topics chosen for an article, without repetitions."""
        one = self.last.get((article_id, "topics"))
        return tuple(dict.fromkeys(one.change.topics)) if one and isinstance(one.change, TopicsChange) else None


def correct(
    segmented: SegmentedIssue,
    known: Sequence[KnownArticle],
    corrections: Iterable[Correction],
    pages: Mapping[int, str],
) -> CorrectedIssue:
    """Return the issue as corrected.

    Args:
        segmented: the issue as segmented.
        known: what `assign_ids` returned for it: its articles in their order, then the articles that are gone.
        corrections: all corrections that were sent for the issue.
        pages: page number -> the text that was segmented.
    """
    ids = [one.article_id for one in known]
    log = CorrectionLog.of(corrections)
    splits = {one.split_off_id: one.article_id for one in reversed(log.changes) if isinstance(one.change, Split)}
    arranged = Rearrangement(dict(zip(ids, segmented.articles, strict=False)), splits, _reader(pages))
    effective = _rearrange(arranged, log, frozenset(ids))
    final = {each: _chosen(each, article, log) for each, article in arranged.in_order()}
    shown: dict[str | None, list[AppliedCorrection]] = {}
    for one in log.changes:
        state = _state(one, log, arranged, effective, final)
        applied = _applied(one, log, state, effective.get(one.correction_id) or _before(one, log, arranged))
        for home in _homes(one, arranged, effective):
            shown.setdefault(home, []).append(applied)
    articles = tuple(
        CorrectedArticle(each, article, log.topics(each), tuple(shown.get(each, ()))) for each, article in final.items()
    )
    before = segmented.quality
    return CorrectedIssue(
        articles,
        tuple(sorted({*ids, *splits} - arranged.articles.keys())),
        tuple(shown.get(None, ())),
        segmented.furniture,
        quality_of([one.article for one in articles], segmented.furniture, before.lines, before.damage),
    )


def _reader(pages: Mapping[int, str]) -> Callable[[LineRef], str]:
    @cache
    def lines(page: int) -> Mapping[int, str]:
        return {number: line.text for line in clean_page(pages[page]) for number in line.numbers}

    return lambda ref: lines(ref.page)[ref.line]


def _rearrange(arranged: Rearrangement, log: CorrectionLog, used: frozenset[str]) -> Mapping[str, str]:
    """Apply the changes of the body, the merges and the splits that hold, by time.

    Returns:
        The id of each correction that had an effect -> the text that stood there; empty for merges and splits.
    """
    effective: dict[str, str] = {}
    for one in log.changes:
        change, done, stood = one.change, False, None
        if not log.holds(one):
            continue
        if isinstance(change, Merge):
            done = arranged.merge(one.article_id, change.other_id, log.headline(change.other_id))
        elif isinstance(change, Split) and one.split_off_id not in used:
            done = arranged.split(one.article_id, one.split_off_id, change.begins, change.headline)
        elif isinstance(change, Move):
            stood = arranged.move(one.article_id, change)
        elif isinstance(change, TextChange):
            stood = arranged.change(one.article_id, change)
        if done or stood is not None:
            effective[one.correction_id] = stood or ""
    return effective


def _chosen(article_id: str, article: SegmentedArticle, log: CorrectionLog) -> SegmentedArticle:
    headline = log.headline(article_id)
    if headline is not None:
        article = with_headline(article, headline)
    for name in CHOSEN:
        one = log.last.get((article_id, name))
        if one is not None:
            article = replace(article, **{name: _chosen_value(one.change)})
    return article


def _chosen_value(change: Change) -> Any:
    if isinstance(change, BylinesChange):
        return tuple(Byline(one.name, one.role) for one in change.bylines)
    return getattr(change, change.change)


def _applied(correction: Correction, log: CorrectionLog, state: State, before: str | None) -> AppliedCorrection:
    taking_back = log.taken_back.get(correction.correction_id)
    return AppliedCorrection(
        correction_id=correction.correction_id,
        article_id=correction.article_id,
        by=correction.by,
        at=correction.at,
        change=correction.change,
        state=state,
        taken_back_by=taking_back.by if taking_back else None,
        taken_back_at=taking_back.at if taking_back else None,
        before=before,
    )


def _state(
    correction: Correction,
    log: CorrectionLog,
    arranged: Rearrangement,
    effective: Mapping[str, str],
    final: Mapping[str, SegmentedArticle],
) -> State:
    if correction.correction_id in log.taken_back:
        return "taken_back"
    if not log.holds(correction):
        return "superseded"
    change, article_id = correction.change, correction.article_id
    if isinstance(change, Merge | Split | Move | TextChange):
        has_effect = correction.correction_id in effective
    elif isinstance(change, Confirm):
        has_effect = article_id in final and seen(final[article_id]) == change.seen
    else:
        # When an article was merged into another, its headline is a subhead there.
        as_subhead = isinstance(change, HeadlineChange) and arranged.is_absorbed(article_id)
        has_effect = article_id in arranged.articles or as_subhead
    return "applied" if has_effect else "without_effect"


def _before(correction: Correction, log: CorrectionLog, arranged: Rearrangement) -> str | None:
    """Return what the choice replaced: the last earlier choice that was not taken back, else the segmented value.

    The result is None for merges and splits. It is also None for topics that the tagger would give, because only the
    tagger knows them.
    """
    article = arranged.articles.get(correction.article_id)
    if article is None or correction.correction_id in log.taken_back:
        return None
    before = text_of(getattr(article, correction.change.change, None))
    for one in log.changes:
        if one is correction:
            break
        if _decides(one) == _decides(correction) and one.correction_id not in log.taken_back:
            before = _value(one)
    return before


def _value(correction: Correction) -> str | None:
    return text_of(getattr(correction.change, correction.change.change, None))


def _homes(correction: Correction, arranged: Rearrangement, effective: Mapping[str, str]) -> tuple[str | None, ...]:
    """Return the articles that show the correction: the article that has its text now, and any article it made.

    The result contains None where there is no such article.
    """
    homes = {arranged.home(correction.article_id): None}
    change = correction.change
    if isinstance(change, Split) and correction.correction_id in effective:
        homes[arranged.home(correction.split_off_id)] = None
    if isinstance(change, Merge) and None in homes:
        homes = {arranged.home(change.other_id): None}
    return tuple(homes)


def _decides(correction: Correction) -> tuple[str, str]:
    """Return what the correction decides; of two corrections that decide the same, the later correction holds."""
    change = correction.change
    if isinstance(change, Merge):
        return change.other_id, change.change
    if isinstance(change, Split | Move | TextChange):
        return correction.correction_id, change.change
    return correction.article_id, change.change
