"""Change articles as a correction asks: join two, split one, or set a headline. Every line keeps exactly one place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.segment.article import Block, LineRef, SegmentedArticle
from services.segment.articles.damage import OF_DAMAGE
from services.segment.articles.rendering import flags_of, kind_of, source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from schemas.article import Flag, Role
    from schemas.contract import ArticleKind
    from services.segment.article import PlacedLine

HEADING: tuple[Role, ...] = ("kicker", "headline", "deck")
TEXT: frozenset[Role] = frozenset(("body", "subhead"))
BEFORE_TEXT: frozenset[Role] = frozenset(("byline", "label"))
"""Roles of lines that are before the text they belong to; captions, credits and jumps are after it."""


def with_headline(article: SegmentedArticle, headline: str) -> SegmentedArticle:
    """Return the article with another headline."""
    return judged(
        replace(article, headline=headline, headline_confidence=1.0), unresolved="jump-unresolved" in article.flags
    )


def join(first: SegmentedArticle, other: SegmentedArticle) -> SegmentedArticle:
    """Return `first` with `other` as its continuation.

    If `first` has no headline, it takes the headline of `other`. Otherwise the headline of `other` becomes a subhead
    before the text of `other`, unless both headlines are the same.
    """
    heading = {part: _part(first, part) or ("" if first.headline else _part(other, part)) for part in HEADING}
    left = [part for part in HEADING if _part(other, part) not in ("", heading[part])]
    subheads = [Block("subhead", _part(other, part), _refs(other.lines, part)) for part in left]
    roles: dict[Role, Role] = dict.fromkeys(left, "subhead")
    blocks = [*first.blocks, *subheads, *other.blocks]
    weather = first.weather or other.weather
    if first.weather and other.weather:
        blocks.append(Block("paragraph", other.weather.text, _refs(other.lines, "weather")))
        roles["weather"] = "body"
    joined = replace(
        first,
        pages=tuple(dict.fromkeys((*first.pages, *other.pages))),
        headline=heading["headline"],
        kicker=heading["kicker"],
        deck=heading["deck"],
        label=first.label or other.label,
        bylines=tuple(dict.fromkeys((*first.bylines, *other.bylines))),
        source=first.source or other.source,
        blocks=tuple(blocks),
        captions=(*first.captions, *other.captions),
        jumps=(*first.jumps, *other.jumps),
        weather=weather,
        lines=(*first.lines, *(replace(line, role=roles.get(line.role, line.role)) for line in other.lines)),
        confidence=min(first.confidence, other.confidence),
        headline_confidence=first.headline_confidence if first.headline else other.headline_confidence,
        flags=tuple(dict.fromkeys((*first.flags, *other.flags))),
    )
    return judged(of_its_kind(joined), unresolved=False)


def split(
    article: SegmentedArticle, place: int, headline: str, text_of: Callable[[LineRef], str]
) -> tuple[SegmentedArticle, SegmentedArticle] | None:
    """Return what stays of the article, and the article made of its blocks from `place` on; None if nothing stays.

    Captions, bylines and jumps go with the text that they are next to on the page. The heading stays.

    Args:
        article: an article with at least `place` + 1 blocks.
        place: index of the first block that goes.
        headline: the headline of the new article. If it is empty and the first block is a subhead, the subhead becomes
            the headline.
        text_of: returns the text of a line of the page.
    """
    goes = _going(article, {ref for block in article.blocks[place:] for ref in block.lines})
    stays = tuple(line for line in article.lines if _ref(line) not in goes)
    if not stays:
        return None
    blocks, lines = article.blocks[place:], tuple(line for line in article.lines if _ref(line) in goes)
    if blocks[0].kind == "subhead":
        heading = frozenset(blocks[0].lines)
        lines = tuple(replace(line, role="headline") if _ref(line) in heading else line for line in lines)
        headline, blocks = headline or blocks[0].text, blocks[1:]
    rest = judged(
        of_its_kind(_share(article, article.blocks[:place], stays)), unresolved="jump-unresolved" in article.flags
    )
    bare = replace(article, kind="notice", headline="", kicker="", deck="", weather=None, headline_confidence=None)
    part = replace(_share(bare, blocks, lines), headline=headline, source=source_of(blocks))
    part = judged(of_its_kind(part), unresolved="jump-unresolved" in article.flags)
    return _shared_bylines(article, rest, part, text_of)


def _share(article: SegmentedArticle, blocks: tuple[Block, ...], lines: tuple[PlacedLine, ...]) -> SegmentedArticle:
    """Return `article` reduced to these blocks and lines."""
    there = {_ref(line) for line in lines}
    on_pages = {line.page for line in lines}
    labelled = any(line.role == "label" for line in lines) or not any(line.role == "label" for line in article.lines)
    return replace(
        article,
        pages=tuple(page for page in article.pages if page in on_pages),
        label=article.label if labelled else "",
        source=article.source if blocks else "",
        blocks=blocks,
        captions=tuple(caption for caption in article.captions if not caption.lines or caption.lines[0] in there),
        jumps=tuple(jump for jump in article.jumps if jump.line in there),
        lines=lines,
    )


def _going(article: SegmentedArticle, moved: set[LineRef]) -> set[LineRef]:
    """Return the lines that go with the `moved` lines of text; the lines of a caption go together."""
    places = {_ref(line): place for place, line in enumerate(article.lines)}
    text = sorted(_ref(line) for line in article.lines if line.role in TEXT)
    goes = moved & places.keys()
    captions = [caption.lines for caption in article.captions if caption.lines]
    together = {ref: refs for refs in captions for ref in refs}
    backwards = {jump.line for jump in article.jumps if jump.direction == "from"}
    for line in article.lines:
        ref = _ref(line)
        if line.role in TEXT or line.role in HEADING or line.role == "weather":
            continue
        at = together.get(ref, (ref,))[0]
        before = line.role in BEFORE_TEXT or ref in backwards
        beside = _beside(text, at, before=before)
        if beside in moved:
            goes.add(ref)
    return goes


def _beside(text: Sequence[LineRef], ref: LineRef, *, before: bool) -> LineRef | None:
    """Return the line of text on the same page that `ref` belongs to.

    With `before`, this is the next line of text, or the last line above if there is none below. Otherwise it is the
    last line of text above, or the next line below if there is none above.
    """
    above = [one for one in text if one.page == ref.page and one < ref]
    below = [one for one in text if one.page == ref.page and one > ref]
    if before:
        return below[0] if below else (above[-1] if above else None)
    return above[-1] if above else (below[0] if below else None)


def _shared_bylines(
    article: SegmentedArticle, rest: SegmentedArticle, part: SegmentedArticle, text_of: Callable[[LineRef], str]
) -> tuple[SegmentedArticle, SegmentedArticle]:
    """Return both articles with their bylines.

    A byline goes to the article whose lines name the person. It stays with `rest` where the lines of neither do.
    """
    staying, going = (_squeezed(text_of(_ref(line)) for line in one.lines) for one in (rest, part))
    signs = tuple(byline for byline in article.bylines if byline.name in going)
    stays = tuple(byline for byline in article.bylines if byline.name in staying or byline not in signs)
    return replace(rest, bylines=stays), replace(part, bylines=signs)


def _squeezed(texts: Iterable[str]) -> str:
    return "".join("".join(text.split()) for text in texts)


def of_its_kind(article: SegmentedArticle) -> SegmentedArticle:
    """Return the article with the kind that follows from its parts; a weather item stays a weather item."""
    kind: ArticleKind = "weather" if article.kind == "weather" else kind_of(article.blocks, article.captions)
    return replace(article, kind=kind)


def judged(article: SegmentedArticle, *, unresolved: bool) -> SegmentedArticle:
    """Return the article with the flags that follow from its parts."""
    unresolved = unresolved and bool(article.jumps)
    flags = flags_of(article.headline, article.blocks, article.captions, article.confidence, unresolved=unresolved)
    unread: tuple[Flag, ...] = ("weather-unread",) if article.weather and not article.weather.whole else ()
    return replace(article, flags=(*flags, *unread, *(flag for flag in OF_DAMAGE if flag in article.flags)))


def _part(article: SegmentedArticle, part: Role) -> str:
    return {"kicker": article.kicker, "headline": article.headline, "deck": article.deck}[part]


def _refs(lines: Iterable[PlacedLine], role: Role) -> tuple[LineRef, ...]:
    return tuple(_ref(line) for line in lines if line.role == role)


def _ref(line: PlacedLine) -> LineRef:
    return LineRef(line.page, line.line)
