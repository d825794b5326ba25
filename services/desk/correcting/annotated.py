"""Pages on which editors answered for every article, annotated line by line, so that models can be trained on them.

The form is that of a folder for each issue: `page-01.txt` with the text byte for byte, `truth.json` with a record for
each line and each article, `meta.json` with paper and date. A page counts only if an editor said of every article on it
that it is right as it is now (`Confirm`), after any corrections; a page that nobody looked at would teach a model its
own mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.desk.archive.provenance import places_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.article import IssueRecord
    from schemas.tagged import TaggedArticle


def is_answered(article: TaggedArticle) -> bool:
    """Return whether an editor said that the article is right as it is, and it has not changed since."""
    return any(one.state == "applied" and one.change.change == "confirm" for one in article.corrections)


def answered_pages(articles: Sequence[TaggedArticle], pages: Sequence[int]) -> tuple[int, ...]:
    """Return the pages on which there are articles and every one was answered for."""
    on = {page: [one for one in articles if any(span.page == page for span in one.spans)] for page in pages}
    return tuple(page for page, there in on.items() if there and all(map(is_answered, there)))


def truth_of(record: IssueRecord, articles: Sequence[TaggedArticle], pages: Mapping[int, str]) -> dict[str, Any]:
    """Return the content of truth.json for `pages` (number to text), in lines counted from 1 at line feeds."""
    lines: dict[int, dict[int, dict[str, Any]]] = {page: {} for page in pages}
    for span in record.furniture:
        role = span.kind if span.kind in ("weather", "slogan") else "furniture"
        for place in places_of([span]):
            if place.page in lines:
                entry = {"line": place.line, "article": "furniture", "role": role, "kind": span.kind}
                lines[place.page][place.line] = entry
    there = [one for one in articles if any(span.page in pages for span in one.spans)]
    for number, article in enumerate(there, start=1):
        _place(f"a{number:02}", article, lines)
    return {
        "issue": record.issue_id.replace("/", "_"),
        "pages": {str(page): [found[line] for line in sorted(found)] for page, found in lines.items()},
        "articles": [_record(f"a{number:02}", article, pages) for number, article in enumerate(there, start=1)],
    }


def _place(name: str, article: TaggedArticle, lines: Mapping[int, dict[int, dict[str, Any]]]) -> None:
    for span in article.spans:
        for place in places_of([span]):
            if place.page in lines:
                lines[place.page][place.line] = {"line": place.line, "article": name, "role": span.role}
    for number, block in enumerate(article.body):
        for at, place in enumerate(places_of(block.spans)):
            entry = lines.get(place.page, {}).get(place.line)
            if entry is not None and entry["role"] in ("body", "subhead") and "para" not in entry:
                entry |= {"para": number, **({"para_start": True} if at == 0 else {})}


def _record(name: str, article: TaggedArticle, pages: Mapping[int, str]) -> dict[str, Any]:
    roles: dict[str, list[list[int]]] = {}
    for span in article.spans:
        found = roles.setdefault(span.role, [])
        found += [[place.page, place.line] for place in places_of([span]) if place.page in pages]
    order = dict.fromkeys((place.page, place.line) for block in article.body for place in places_of(block.spans))
    return {
        "id": name,
        "pages": [int(page) for page in article.pages if page in pages],
        "headline": article.headline,
        "kicker": article.kicker,
        "deck": article.deck,
        "label": article.label,
        "kind": {"photo": "photonews"}.get(article.kind, "story"),
        "bylines": [{"name": one.name, "role": one.role} for one in article.bylines],
        "paragraphs": [block.text for block in article.body if block.kind == "paragraph"],
        "subheads": [block.text for block in article.body if block.kind == "subhead"],
        "flow": [block.text for block in article.body],
        "captions": [caption.text for caption in article.captions],
        "continues": [],
        "lines": {role: found for role, found in roles.items() if found},
        "reading_order": [[page, line] for page, line in order if page in pages],
    }
