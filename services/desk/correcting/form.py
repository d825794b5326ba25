"""The form for correcting an article: what it offers, what the editor typed, and the resulting changes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from schemas.contract import ArticleKind
from schemas.correction import (
    ANCHOR_CHARACTERS,
    Break,
    CaptionChange,
    Change,
    Confirm,
    Join,
    Merge,
    Move,
    ParagraphChange,
    Split,
    TakeBack,
    TopicsChange,
)
from services.desk.correcting.body import BodyDraft, body_changes, letters, place_of, read_body
from services.desk.correcting.partners import partner_in
from services.desk.correcting.values import TITLES, Values, seen, signers_in, state_of, values_in, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.tagged import TaggedArticle

CHANGE: Final[TypeAdapter[Change]] = TypeAdapter(Change)
ARTICLE_KINDS: Final[tuple[str, ...]] = get_args(ArticleKind)


@dataclass(frozen=True, slots=True)
class OtherItem:
    """Another article of the issue that may be merged into this article; `title` is its headline or beginning."""

    article_id: str
    page: int
    title: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices for a correction: topics (id to labels), and the issue's other articles in printed order."""

    topics: Mapping[str, Mapping[str, str]]
    others: Sequence[OtherItem]


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled-in form; `seen` and `state` have the article's values and complete state when the form was made."""

    values: Values
    seen: Values
    state: str
    other: str = ""
    begins: str = ""
    split_headline: str = ""
    by: str = ""
    take_back: str = ""
    token: str = ""
    body: BodyDraft = field(default_factory=BodyDraft)
    confirm: bool = False
    then: str = ""


def blank(article: TaggedArticle) -> Draft:
    """Return the empty form."""
    values = values_of(article)
    return Draft(values, values, state_of(article))


def read(pairs: Iterable[tuple[str, str]]) -> Draft:
    """Return the form that was sent as `pairs`; a missing field is empty, and a repeated field has its last value."""
    single: dict[str, str] = {}
    topics: dict[str, list[str]] = {"topic": [], "seen_topic": []}
    for name, value in pairs:
        if name in topics:
            topics[name].append(value)
        else:
            single[name] = value
    return Draft(
        values=values_in(single, "", topics["topic"]),
        seen=values_in(single, "seen_", topics["seen_topic"]),
        state=single.get("state", ""),
        other=single.get("other", ""),
        begins=single.get("begins", ""),
        split_headline=single.get("split_headline", "").strip(),
        by=single.get("by", "").strip(),
        take_back=single.get("take_back", ""),
        token=single.get("token", ""),
        body=read_body(single),
        confirm="confirm" in single,
        then=single.get("then", ""),
    )


def renewed(draft: Draft, article: TaggedArticle) -> Draft:
    """Return the form for the current article: it keeps typed values and takes all others from the article."""
    now = values_of(article)
    typed, seen = draft.values, draft.seen
    kept = Values(
        **{
            one.name: getattr(now if getattr(typed, one.name) == getattr(seen, one.name) else typed, one.name)
            for one in fields(Values)
        }
    )
    begins = draft.begins if draft.begins in beginnings(article) else ""
    return replace(draft, values=kept, seen=now, state=state_of(article), begins=begins)


def beginnings(article: TaggedArticle) -> dict[str, int]:
    """Return the beginning of each block where the article may be split, and its place in the body.

    It leaves out the first block. It also leaves out a block that begins like an earlier block, because the article is
    split at the first block with that beginning. Beginnings are compared without marks and spaces.
    """
    found: dict[str, int] = {}
    before: list[str] = []
    for place, block in enumerate(article.body):
        anchor = block.text.strip()[:ANCHOR_CHARACTERS].strip()
        wanted = letters(anchor)
        if wanted and anchor.isprintable() and before and not any(text.startswith(wanted) for text in before):
            found[anchor] = place
        before.append(letters(block.text))
    return found


def changes_of(draft: Draft, article: TaggedArticle, offered: Offer) -> tuple[tuple[Change, ...], dict[str, str]]:
    """Return the changes that the form asks for, and its mistakes (name of a field to key of the words)."""
    faults: dict[str, str] = {}
    changes: list[Change] = []
    if draft.take_back:
        wanted = [("take_back", {"change": "take_back", "taken_back": draft.take_back})]
    elif draft.confirm:
        wanted = [("confirm", {"change": "confirm", "seen": seen(article)})]
    else:
        wanted = _wanted(draft, offered)
        text, faults = body_changes(draft.body, article, partner_in(draft.body.to, offered.others))
        changes, wrong = _checked(text)
        faults = faults | wrong
    for name, asked in wanted:
        try:
            change = CHANGE.validate_python(asked)
        except ValidationError:
            faults[name] = f"correct.fault.{name}"
            continue
        fault = fault_of(change, article, offered)
        if fault:
            faults[name] = fault
        else:
            changes.append(change)
    if not (wanted or changes or faults):
        faults["nothing"] = "correct.fault.nothing"
    return tuple(changes), faults


def _checked(wanted: Iterable[tuple[str, dict[str, Any]]]) -> tuple[list[Change], dict[str, str]]:
    """Return changes of the body, whose places were checked already, and those that are not well formed."""
    changes: list[Change] = []
    faults: dict[str, str] = {}
    for name, asked in wanted:
        try:
            changes.append(CHANGE.validate_python(asked))
        except ValidationError:
            faults[name] = "correct.fault.body"
    return changes, faults


def fault_of(change: Change, article: TaggedArticle, offered: Offer) -> str | None:
    """Return the key of the words that say why a change has no effect; None if it has an effect."""
    fault = None
    if isinstance(change, TopicsChange):
        known = set(offered.topics) | values_of(article).topics
        fault = None if set(change.topics) <= known else "correct.fault.topics"
    elif isinstance(change, Merge):
        known = {other.article_id for other in offered.others}
        fault = None if change.other_id in known else "correct.fault.other"
    elif isinstance(change, Split):
        fault = None if change.begins in beginnings(article) else "correct.fault.begins"
    elif isinstance(change, CaptionChange):
        fault = _unless(place_of((one.text for one in article.captions), change.begins) is not None)
    elif isinstance(change, ParagraphChange | Join | Break | Move):
        place = place_of((block.text for block in article.body), change.begins)
        found = place is not None and (place > 0 or not isinstance(change, Join))
        if found and place is not None and isinstance(change, Break):
            found = article.body[place].text.find(change.then, 1) > 0
        if isinstance(change, Move):
            found = found and change.to_id in {other.article_id for other in offered.others}
        fault = _unless(found)
    elif isinstance(change, Confirm):
        fault = None if change.seen == seen(article) else "correct.fault.version"
    elif isinstance(change, TakeBack):
        held = {one.correction_id for one in article.corrections if one.state != "taken_back"}
        fault = None if change.taken_back in held else "correct.fault.take_back"
    return fault


def correction_id(token: str, state: str, change: Change) -> str:
    """Return the id of a change sent by a form; it is the same if the form is sent again, as by a second click."""
    what = f"{token}\n{state}\n{change.model_dump_json()}"
    return hashlib.blake2b(what.encode(), digest_size=16).hexdigest()


def _unless(found: bool) -> str | None:  # noqa: FBT001  # whether it was found is all there is to say
    return None if found else "correct.fault.body"


def _wanted(draft: Draft, offered: Offer) -> list[tuple[str, dict[str, Any]]]:
    typed, seen = draft.values, draft.seen
    order = {topic: place for place, topic in enumerate(offered.topics)}
    topics = tuple(sorted(typed.topics, key=lambda topic: (order.get(topic, len(order)), topic)))
    wanted: list[tuple[str, dict[str, Any]]] = []
    wanted += [
        (name, {"change": name, name: getattr(typed, name)})
        for name in ("headline", *TITLES)
        if getattr(typed, name) != getattr(seen, name)
    ]
    if typed.bylines != seen.bylines:
        wanted.append(("bylines", {"change": "bylines", "bylines": signers_in(typed.bylines)}))
    if typed.pages != seen.pages:
        pages = [page for page in re.split(r"[,，、;；\s]+", typed.pages) if page]
        wanted.append(("pages", {"change": "pages", "pages": tuple(pages)}))
    if typed.kind != seen.kind:
        wanted.append(("kind", {"change": "kind", "kind": typed.kind}))
    if typed.topics != seen.topics:
        wanted.append(("topics", {"change": "topics", "topics": topics}))
    if draft.other:
        wanted.append(("other", {"change": "merge", "other_id": partner_in(draft.other, offered.others)}))
    if draft.begins:
        wanted.append(("begins", {"change": "split", "begins": draft.begins, "headline": draft.split_headline}))
    return wanted
