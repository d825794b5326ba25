"""Change the blocks and captions of an article as a correction asks; every line keeps exactly one place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.correction import Break, CaptionChange, Join, ParagraphChange
from services.segment.article import Block, LineRef, SegmentedArticle
from services.segment.edition.editing import TEXT, judged, of_its_kind
from services.segment.edition.identity import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schemas.article import Role

TextChange = CaptionChange | ParagraphChange | Join | Break


def place_of(texts: Iterable[str], begins: str) -> int | None:
    """Return the index of the first text that starts with `begins`, ignoring marks and spaces.

    Extractors change marks and spaces.
    """
    wanted = letters(begins)
    for place, text in enumerate(texts):
        if letters(text).startswith(wanted) if wanted else text.strip().startswith(begins):
            return place
    return None


def changed(
    article: SegmentedArticle, change: TextChange, text_of: Callable[[LineRef], str]
) -> tuple[SegmentedArticle, str] | None:
    """Return the article after a change of its text, and what stood there; None if it has not what the change names."""
    if isinstance(change, CaptionChange):
        return _with_caption(article, change)
    place = place_of((block.text for block in article.blocks), change.begins)
    if place is None:
        return None
    block = article.blocks[place]
    if isinstance(change, ParagraphChange):
        return _with_blocks(article, place, 1, (replace(block, text=change.text),)), block.text
    if isinstance(change, Join):
        return _joined(article, place)
    at = block.text.find(change.then, 1)
    if at < 0:
        return None
    first, second = _lines_at(block, at, text_of)
    parts = (
        replace(block, text=block.text[:at].rstrip(), lines=first),
        replace(block, kind="paragraph", text=block.text[at:].lstrip(), lines=second),
    )
    return _with_blocks(article, place, 1, parts), block.text


def taken_out(article: SegmentedArticle, begins: str) -> tuple[SegmentedArticle, SegmentedArticle] | None:
    """Return the article without a block, and the block as an article of its own; None if nothing would stay."""
    place = place_of((block.text for block in article.blocks), begins)
    if place is None:
        return None
    block = article.blocks[place]
    rest = _with_blocks(article, place, 1, ())
    elsewhere = {ref for other in rest.blocks for ref in other.lines}
    elsewhere |= {ref for caption in rest.captions for ref in caption.lines}
    goes = {ref for ref in block.lines if ref not in elsewhere}
    going = tuple(line for line in article.lines if LineRef(line.page, line.line) in goes and line.role in TEXT)
    staying = tuple(line for line in article.lines if line not in going)
    if not staying or not (rest.blocks or rest.captions or rest.headline):
        return None
    on_pages = {line.page for line in staying}
    rest = replace(rest, lines=staying, pages=tuple(page for page in article.pages if page in on_pages))
    return _settled(rest), replace(article, blocks=(block,), lines=going)


def put_in(article: SegmentedArticle, block_alone: SegmentedArticle, before: str) -> SegmentedArticle | None:
    """Return the article with the block of `block_alone`, before the block that begins with `before` or at the end."""
    place: int | None = len(article.blocks)
    if before:
        place = place_of((block.text for block in article.blocks), before)
    if place is None:
        return None
    pages = dict.fromkeys((*article.pages, *(line.page for line in block_alone.lines)))
    found = replace(article, lines=(*article.lines, *block_alone.lines), pages=tuple(pages))
    return _with_blocks(found, place, 0, block_alone.blocks)


def _with_caption(article: SegmentedArticle, change: CaptionChange) -> tuple[SegmentedArticle, str] | None:
    place = place_of((caption.text for caption in article.captions), change.begins)
    if place is None:
        return None
    old = article.captions[place]
    new = replace(old, text=change.text, credit=change.credit or None)
    captions = (*article.captions[:place], new, *article.captions[place + 1 :])
    before = f"{old.text}（{old.credit}）" if old.credit else old.text
    return _settled(replace(article, captions=captions)), before


def _joined(article: SegmentedArticle, place: int) -> tuple[SegmentedArticle, str] | None:
    if place == 0:
        return None
    above, block = article.blocks[place - 1 : place + 1]
    kind = above.kind if above.kind == block.kind else "paragraph"
    lines = tuple(dict.fromkeys((*above.lines, *block.lines)))
    joined = Block(kind, above.text + block.text, lines)
    found = _with_blocks(article, place - 1, 2, (joined,))
    own = frozenset(lines)
    role: Role = "subhead" if kind == "subhead" else "body"
    placed = tuple(
        replace(line, role=role) if LineRef(line.page, line.line) in own and line.role in TEXT else line
        for line in found.lines
    )
    return replace(found, lines=placed), f"{above.text} / {block.text}"


def _with_blocks(article: SegmentedArticle, place: int, count: int, new: Iterable[Block]) -> SegmentedArticle:
    """Return the article with `new` instead of `count` blocks from `place` on."""
    blocks = (*article.blocks[:place], *new, *article.blocks[place + count :])
    return _settled(replace(article, blocks=blocks))


def _settled(article: SegmentedArticle) -> SegmentedArticle:
    """Return the article with the kind and the flags that follow from its parts."""
    return judged(of_its_kind(article), unresolved="jump-unresolved" in article.flags)


def _lines_at(
    block: Block, at: int, text_of: Callable[[LineRef], str]
) -> tuple[tuple[LineRef, ...], tuple[LineRef, ...]]:
    """Return the lines of the two parts of a block broken at character `at`; a line with both is in both.

    If the printed lines are not the block's text (an editor changed it), both parts have all lines.
    """
    sizes = [len("".join(text_of(ref).split())) for ref in block.lines]
    before = len("".join(block.text[:at].split()))
    if sum(sizes) != len("".join(block.text.split())):
        return block.lines, block.lines
    first, second, passed = [], [], 0
    for ref, size in zip(block.lines, sizes, strict=True):
        if passed < before:
            first.append(ref)
        if passed + size > before:
            second.append(ref)
        passed += size
    return tuple(first), tuple(second)
