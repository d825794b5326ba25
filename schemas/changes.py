"""What an editor can change in an article: one model a change, told apart by its field `change`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from schemas.contract import ArticleKind, Inbound
from schemas.page import PageNumber

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TOPICS = 20
ANCHOR_CHARACTERS = 30
"""How many characters of a block's beginning a change names: enough to be unique in its article."""

MOST_BYLINES = 20
LONGEST_TEXT = 5000
"""The longest paragraph or caption that an editor can write, in characters."""

PLAIN = r"^[^\x00-\x1f]*$"

CorrectionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[^/\x00-\x1f]{1,60}/\d{4}-\d\d-\d\d/[0-9a-f]{12}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00-\x1f]+$")
]
Headline = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class HeadlineChange(Inbound):
    """Replace the headline."""

    change: Literal["headline"]
    headline: Line


class TopicsChange(Inbound):
    """Replace the topics; the list may be empty."""

    change: Literal["topics"]
    topics: Annotated[tuple[TopicId, ...], Field(max_length=MOST_TOPICS)]


class KindChange(Inbound):
    """Replace the kind."""

    change: Literal["kind"]
    kind: ArticleKind


class Merge(Inbound):
    """Append another article of the same issue, which continues this one; the other article is withdrawn."""

    change: Literal["merge"]
    other_id: ArticleId


class Split(Inbound):
    """Start a new article at this block of the body; its id is the issue's and the beginning of the correction's.

    If the block is a subhead, it becomes the new article's headline, unless one is given.
    """

    change: Literal["split"]
    begins: Line = Field(description="The first 30 characters of the block, or all of a shorter one.")
    headline: Headline = ""


class KickerChange(Inbound):
    """Replace the kicker; empty for none."""

    change: Literal["kicker"]
    kicker: Headline


class DeckChange(Inbound):
    """Replace the deck; empty for none."""

    change: Literal["deck"]
    deck: Headline


class LabelChange(Inbound):
    """Replace the column label; empty for none."""

    change: Literal["label"]
    label: Headline


class Signer(Inbound):
    """A person who signs, with the role as printed."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=PLAIN)]
    role: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=PLAIN)] = ""


class BylinesChange(Inbound):
    """Replace all bylines; the list may be empty."""

    change: Literal["bylines"]
    bylines: Annotated[tuple[Signer, ...], Field(max_length=MOST_BYLINES)]


class PagesChange(Inbound):
    """Replace the pages that the article counts as printed on, in reading order; its lines keep their places."""

    change: Literal["pages"]
    pages: Annotated[tuple[PageNumber, ...], Field(min_length=1, max_length=MOST_BYLINES)]


class CaptionChange(Inbound):
    """Replace a caption and its credit."""

    change: Literal["caption"]
    begins: Line = Field(description="The first 30 characters of the caption, or all of a shorter one.")
    text: Text
    credit: Headline = ""


class ParagraphChange(Inbound):
    """Replace the text of a block of the body."""

    change: Literal["paragraph"]
    begins: Line = Field(description="The first 30 characters of the block, or all of a shorter one.")
    text: Text


class Join(Inbound):
    """Join a block of the body to the block before it."""

    change: Literal["join"]
    begins: Line = Field(description="The first 30 characters of the block, or all of a shorter one.")


class Break(Inbound):
    """Break a block of the body in two."""

    change: Literal["break"]
    begins: Line = Field(description="The first 30 characters of the block, or all of a shorter one.")
    then: Line = Field(description="The words with which the second part begins; the first place after the beginning.")


class Move(Inbound):
    """Move a block of the body to another article of the same issue."""

    change: Literal["move"]
    begins: Line = Field(description="The first 30 characters of the block, or all of a shorter one.")
    to_id: ArticleId
    before: Headline = Field("", description="The beginning of the block there that follows it; empty: at the end.")


class Confirm(Inbound):
    """Say that the article is right as it is; this holds until the article changes."""

    change: Literal["confirm"]
    seen: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] = Field(
        description="What was looked at: `seen_of` the article."
    )


class TakeBack(Inbound):
    """End an earlier correction of the same issue, for good; to apply it again, send it again."""

    change: Literal["take_back"]
    taken_back: CorrectionId


Change = Annotated[
    HeadlineChange
    | KickerChange
    | DeckChange
    | LabelChange
    | BylinesChange
    | PagesChange
    | TopicsChange
    | KindChange
    | CaptionChange
    | ParagraphChange
    | Join
    | Break
    | Move
    | Merge
    | Split
    | Confirm
    | TakeBack,
    Field(discriminator="change"),
]


class Readable(Protocol):
    """What an editor sees of an article, beside its body."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def headline(self) -> str:
        """Its headline."""

    @property
    def kicker(self) -> str:
        """Its kicker."""

    @property
    def deck(self) -> str:
        """Its deck."""

    @property
    def label(self) -> str:
        """Its column label."""


def seen_of(article: Readable, signers: Iterable[str], blocks: Iterable[str], captions: Iterable[str]) -> str:
    """Return a short text that names an article's content: it differs after any change that a reader can see.

    Args:
        article: its titles and its kind.
        signers: role and name of each byline.
        blocks: the texts of its body.
        captions: the texts of its captions.
    """
    titles = (article.kind, article.headline, article.kicker, article.deck, article.label)
    parts = ("\x1f".join(part) for part in (titles, signers, blocks, captions))
    return hashlib.blake2b("\x1e".join(parts).encode(), digest_size=16).hexdigest()
