"""The text of an article without marks and line references, and the line that cites it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.desk.problems import Language


def plain_text(article: TaggedArticle) -> str:
    """Return the article as a person would type it: titles, bylines, paragraphs, captions, a blank line between."""
    bylines = "　".join(f"{byline.role} {byline.name}".strip() for byline in article.bylines)
    weather = article.weather.text if article.weather else ""
    captions = [f"{one.text}（{one.credit}）" if one.credit else one.text for one in article.captions]
    titles = [article.kicker, article.headline, article.deck, bylines]
    parts = [*titles, *(block.text for block in article.body), weather, *captions]
    return "\n\n".join(part for part in parts if part)


def citation(article: TaggedArticle, language: Language) -> str:
    """Return where the article was printed, as a footnote names it: authors, headline, paper, date, page.

    The Chinese form follows GB/T 7714—2015, 4.5 (newspaper articles: [N]).
    """
    authors = [byline.name for byline in article.bylines]
    title = article.headline or article.deck or article.label
    page = ",".join(map(str, article.pages))
    if language == "zh":
        opening = f"{','.join(authors)}." if authors else ""
        return f"{opening}{title}[N].{article.paper},{article.date.isoformat()}({page})."
    opening = f"{', '.join(authors)}. " if authors else ""
    numbered = f"p. {page}" if len(article.pages) == 1 else f"pp. {page}"
    return f"{opening}“{title}”, {article.paper}, {article.date.isoformat()}, {numbered}."


def cited_text(article: TaggedArticle, language: Language) -> str:
    """Return the text with its citation on the last line, for the clipboard."""
    return f"{plain_text(article)}\n\n{citation(article, language)}\n"
