"""What an editor corrects in an article: the messages of the topic `corrections`, keyed by issue id, kept for ever.

A correction names the article by its id, which is stable across revisions, and says what shall hold instead of what was
understood from the page. It holds for every later revision too, until it is taken back. Where the article no longer
offers what it names (the other part of a merge is gone, the paragraph of a split is not found), it has no effect and
says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from schemas.article import ArticleKind
from schemas.contract import Contract, Inbound
from schemas.raw import Paper

CorrectionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[^/\x00-\x1f]{1,60}/\d{4}-\d\d-\d\d/[0-9a-f]{12}$")]
Editor = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
MOST_TOPICS = 20
ANCHOR_CHARACTERS = 30


class HeadlineChange(Inbound):
    """The headline shall read so."""

    change: Literal["headline"] = "headline"
    headline: Line


class TopicsChange(Inbound):
    """The article has these topics and no others; none at all is a choice too."""

    change: Literal["topics"] = "topics"
    topics: Annotated[tuple[TopicId, ...], Field(max_length=MOST_TOPICS)]


class KindChange(Inbound):
    """The article is of this kind."""

    change: Literal["kind"] = "kind"
    kind: ArticleKind


class Merge(Inbound):
    """Another item of the same issue is the continuation of this one: its text follows, and it is withdrawn."""

    change: Literal["merge"] = "merge"
    other_id: ArticleId


class Split(Inbound):
    """From this block of the body on, it is an item of its own, under an id made from the correction's."""

    change: Literal["split"] = "split"
    begins: Line = Field(description="How the block begins: its first 30 characters, or all of a shorter one.")
    headline: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class TakeBack(Inbound):
    """An earlier correction holds no longer."""

    change: Literal["take_back"] = "take_back"
    taken_back: CorrectionId


Change = Annotated[
    HeadlineChange | TopicsChange | KindChange | Merge | Split | TakeBack, Field(discriminator="change")
]


class Correction(Inbound):
    """One change to one article, by one person."""

    correction_id: CorrectionId = Field(description="Chosen by the sender; the same one sent again counts once.")
    paper: Paper
    date: dt.date
    article_id: ArticleId
    by: Editor = Field(description="Who corrected it.")
    at: AwareDatetime = Field(description="When, as the sender's clock had it; of two that contradict, the later holds.")
    change: Change


class AppliedCorrection(Contract):
    """A correction as it stands at an article, for those who read it."""

    correction_id: str
    by: str
    at: dt.datetime
    change: Change
    state: Literal["applied", "superseded", "taken_back", "without_effect"]
    taken_back_by: str | None = None
    taken_back_at: dt.datetime | None = None
    before: str | None = Field(None, description="The headline, kind or topic ids (with commas) that it replaced.")
