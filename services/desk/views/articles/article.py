"""What the page of an article shows: its text with the evidence for each topic, beside its printed lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from services.desk.addresses.links import issue_address, line_anchor
from services.desk.archive.provenance import Place, lines_of, places_of, read_lines_of, sentences
from services.desk.views.marks import Mark, Segment, merged, segments
from services.desk.views.printed import page_of_article, story_key
from services.desk.views.search import HIT
from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.article import LineSpan
    from schemas.tagged import Figure, Part, TaggedArticle, Topic
    from services.desk.archive.archive import PageTexts
    from services.drawing.sheet import Sheet
    from services.search.highlight import Highlighter

SEARCHED: Final[dict[Part, str]] = {
    "headline": fields.HEADLINE,
    "kicker": fields.KICKER,
    "deck": fields.DECK,
    "label": fields.LABEL,
    "body": fields.BODY,
    "caption": fields.CAPTION,
    "byline": fields.BYLINE,
    "weather": fields.BODY,
}
"""Maps a part of an article to the name of that part in a query."""
SHOWN_EVIDENCE: Final = 12


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence, cut at its marks, and the ids of its printed lines."""

    segments: tuple[Segment, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A paragraph, a subhead or a caption."""

    anchor: str
    kind: str
    sentences: tuple[SentenceView, ...]
    places: tuple[tuple[int, int, int], ...]
    credit: str = ""


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic, its words with their counts (the strongest first), and the mark that shows them."""

    topic: Topic
    mark: int
    evidence: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure, and its place in the article."""

    figure: Figure
    value: str
    anchor: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A printed line; `role` is empty if the line is not this article's."""

    anchor: str
    number: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as published, with this article's lines marked; `sheet` is the printed page, if its geometry is known."""

    number: int
    lines: tuple[LineView, ...]
    first: str
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """Everything on the page; `stale` says that the pages were replaced after this version of the article."""

    article: TaggedArticle
    issue: str
    headline: tuple[Segment, ...]
    kicker: tuple[Segment, ...]
    deck: tuple[Segment, ...]
    label: tuple[Segment, ...]
    weather: tuple[Segment, ...]
    body: tuple[BlockView, ...]
    captions: tuple[BlockView, ...]
    topics: tuple[TopicView, ...]
    figures: tuple[FigureView, ...]
    pages: tuple[PageView, ...]
    stale: bool


def article_view(
    article: TaggedArticle, texts: PageTexts | None, highlighter: Highlighter, newest: int | None = None
) -> ArticleView:
    """Return what the page shows; without `texts`, it shows no printed pages.

    Args:
        article: the article.
        texts: the pages of its issue.
        highlighter: marks what was searched for.
        newest: the version of its issue that was indexed last; None: the article's own.
    """
    printed = {number: lines_of(text) for number, text in texts.pages.items()} if texts else {}
    read = {number: read_lines_of(text) for number, text in texts.pages.items()} if texts else {}
    marker = _Marker(article, highlighter)
    return ArticleView(
        article=article,
        issue=issue_address(article.issue_id, article.pages[0] if article.pages else None, story_key(article)),
        headline=marker.cut("headline", article.headline),
        kicker=marker.cut("kicker", article.kicker),
        deck=marker.cut("deck", article.deck),
        label=marker.cut("label", article.label),
        weather=marker.cut("weather", article.weather.sky) if article.weather else (),
        body=tuple(
            marker.block("body", index, block.kind, block.text, block.spans, read)
            for index, block in enumerate(article.body)
        ),
        captions=tuple(
            marker.block("caption", index, "caption", caption.text, caption.spans, read, caption.credit or "")
            for index, caption in enumerate(article.captions)
        ),
        topics=tuple(_topic(topic, number) for number, topic in enumerate(article.topics)),
        figures=tuple(
            FigureView(figure, shown_value(figure.value), f"{figure.span.part}-{figure.span.index}")
            for figure in article.figures
        ),
        pages=tuple(_page(number, texts, article) for number in article.pages if texts and number in printed),
        stale=texts is not None and texts.version != (article.version if newest is None else newest),
    )


def shown_value(value: float) -> str:
    """Return a figure's value with separators of thousands, without an exponent or trailing zeros."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class _Marker:
    article: TaggedArticle
    highlighter: Highlighter

    def cut(self, part: Part, text: str) -> tuple[Segment, ...]:
        return segments(text, self.marks(part, 0, text))

    def marks(self, part: Part, index: int, text: str) -> tuple[Mark, ...]:
        """Return the marks of a part: the words searched for, and each topic's evidence by the topic's number."""
        found = [Mark(match.start, match.end, HIT) for match in self.highlighter.matches(SEARCHED[part], text)]
        for number, topic in enumerate(self.article.topics):
            found += [
                Mark(word.start, word.end, f"topic-{number % 6}")
                for word in topic.evidence
                if (word.part, word.index) == (part, index) and text[word.start : word.end] == word.text
            ]
        return merged(found)

    def block(  # noqa: PLR0913, PLR0917  # a block's own fields
        self,
        part: Part,
        index: int,
        kind: str,
        text: str,
        spans: Sequence[LineSpan],
        read: Mapping[int, Sequence[str]],
        credit: str = "",
    ) -> BlockView:
        marks = self.marks(part, index, text)
        return BlockView(
            anchor=f"{part}-{index}",
            kind=kind,
            sentences=tuple(
                SentenceView(
                    segments(text, marks, sentence.start, sentence.end),
                    tuple(line_anchor(place.page, place.line) for place in sentence.places if place.page in read),
                )
                for sentence in sentences(text, spans, read)
            ),
            places=tuple((span.page, span.first, span.last) for span in spans if span.page in read),
            credit=credit,
        )


def _topic(topic: Topic, number: int) -> TopicView:
    weights: dict[str, float] = {}
    for word in topic.evidence:
        weights[word.text] = max(word.weight, weights.get(word.text, word.weight))
    counts = Counter(word.text for word in topic.evidence)
    heaviest = sorted(weights, key=lambda text: (-weights[text], text))
    return TopicView(topic, number % 6, tuple((text, counts[text]) for text in heaviest[:SHOWN_EVIDENCE]))


def _page(number: int, texts: PageTexts, article: TaggedArticle) -> PageView:
    lines = lines_of(texts.pages[number])
    roles = {place: span.role for span in article.spans for place in places_of([span]) if span.page == number}
    views = tuple(
        LineView(line_anchor(number, line), line, text, roles.get(Place(number, line), ""))
        for line, text in enumerate(lines, start=1)
        if text.strip()
    )
    return PageView(
        number, views, next((view.anchor for view in views if view.role), ""), page_of_article(number, texts, article)
    )
