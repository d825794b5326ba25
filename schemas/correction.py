"""An editor's correction of an article: the messages of the topic `corrections`, keyed by issue id and never deleted.

A correction names the article by its id, which is stable across revisions. It replaces what was read from the page, and
applies to every later revision until an editor takes it back. If the article no longer has what the correction names,
the correction has no effect and says so. For example, the other article of a merge is gone, or the paragraph of a split
is not found.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from schemas.changes import (
    ANCHOR_CHARACTERS,
    ArticleId,
    Break,
    BylinesChange,
    CaptionChange,
    Change,
    Confirm,
    CorrectionId,
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
    Signer,
    Split,
    TakeBack,
    TopicsChange,
    seen_of,
)
from schemas.contract import Contract, Inbound
from schemas.names import PERSON_PATTERN, person_name

__all__ = [
    "ANCHOR_CHARACTERS",
    "EARLIEST",
    "ID_CHARACTERS",
    "LATEST",
    "AppliedCorrection",
    "ArticleId",
    "Break",
    "BylinesChange",
    "CaptionChange",
    "Change",
    "Confirm",
    "Correction",
    "CorrectionId",
    "DeckChange",
    "Editor",
    "HeadlineChange",
    "Join",
    "KickerChange",
    "KindChange",
    "LabelChange",
    "Merge",
    "Moment",
    "Move",
    "PagesChange",
    "ParagraphChange",
    "Signature",
    "Signer",
    "Split",
    "TakeBack",
    "TopicsChange",
    "seen_of",
]

ID_CHARACTERS = 12
"""Number of hexadecimal digits in an article's id after the issue's id."""

EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def _in_utc(at: dt.datetime) -> dt.datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"at: {at.isoformat()} is not in this century; set the sender's clock")
    return at.astimezone(dt.UTC)


Signature = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")
]
"""An editor's name in a correction from any release: a name that was stored is never refused later."""
Editor = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(person_name),
    Field(json_schema_extra={"pattern": PERSON_PATTERN}),
]
"""An editor's name as the desk and the command line accept it."""
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Correction(Inbound):
    """One change to one article, by one person."""

    correction_id: CorrectionId = Field(description="An id of the sender's own; a correction sent twice counts once.")
    article_id: ArticleId
    by: Signature = Field(description="Name of the editor.")
    at: Moment = Field(
        description="Time by the sender's clock; of two contradicting corrections, the later one applies."
    )
    change: Change

    @property
    def issue_id(self) -> str:
        """The id of the issue whose article it corrects. It is also the key of the correction's record."""
        return self.article_id.rpartition("/")[0]

    @property
    def paper(self) -> str:
        """The issue's paper."""
        return self.article_id.split("/")[0]

    @property
    def date(self) -> dt.date:
        """The issue's date."""
        return dt.date.fromisoformat(self.article_id.split("/")[1])

    @property
    def split_off_id(self) -> str:
        """The id of the new article, if the correction is a split."""
        return f"{self.issue_id}/{self.correction_id[:ID_CHARACTERS]}"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        try:
            _ = self.date
        except ValueError as error:
            raise ValueError(f"article_id: {error}; copy the id from the article") from None
        change = self.change
        if isinstance(change, Merge):
            if change.other_id == self.article_id:
                raise ValueError("change.other_id: an article cannot be merged with itself; name the other one")
            if change.other_id.rpartition("/")[0] != self.issue_id:
                raise ValueError("change.other_id: belongs to another issue; merge articles of one issue")
        if isinstance(change, Move) and (
            change.to_id == self.article_id or change.to_id.rpartition("/")[0] != self.issue_id
        ):
            raise ValueError("change.to_id: is this article, or of another issue; name another article of the issue")
        if isinstance(change, Split) and self.split_off_id == self.article_id:
            raise ValueError("correction_id: begins with the article's own id; choose another")
        if isinstance(change, TakeBack) and change.taken_back == self.correction_id:
            raise ValueError("change.taken_back: a correction cannot take back itself; name the other one")
        return self


class AppliedCorrection(Contract):
    """A correction as the article shows it, with its state."""

    correction_id: str
    article_id: str = Field(description="The article it was made on; another one after a merge or a split.")
    by: str
    at: dt.datetime
    change: Change
    state: Literal["applied", "superseded", "taken_back", "without_effect"] = Field(
        description="superseded: a later one of its kind applies; without_effect: this version lacks what it names."
    )
    taken_back_by: str | None = None
    taken_back_at: dt.datetime | None = None
    before: str | None = Field(
        None, description="What stood there: the title, bylines, pages, topic ids (with commas) or text."
    )
