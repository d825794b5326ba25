"""Outlines: the part of a stored article that lists need, and no less than the whole article would tell them."""

from __future__ import annotations

from typing import Any

from schemas.article import printed_place
from schemas.correction import KindChange
from services.desk.archive.outlines import OUTLINED, read_outline
from services.desk.archive.titles import title_of
from tests.unit.desk.edition import applied, article, forecast


def read(whole: dict[str, Any]) -> dict[str, Any]:
    """Return what Elasticsearch returns of a document when only `OUTLINED` is asked for."""
    found: dict[str, Any] = {}
    for name in OUTLINED:
        outer, _, inner = name.partition(".")
        value = whole[outer]
        if not inner or value is None:
            found.setdefault(outer, value)
        elif isinstance(value, dict):
            found.setdefault(outer, {})[inner] = value[inner]
        else:
            for one, kept in zip(value, found.setdefault(outer, [{} for _ in value]), strict=True):
                kept[inner] = one[inner]
    return found


def test_an_outline_says_of_an_article_what_the_whole_of_it_says() -> None:
    change = KindChange(change="kind", kind="brief")
    for whole in (article(corrections=(applied(1, change),)), forecast(), article(headline="", kicker="", deck="")):
        outline = read_outline({"article": read(whole.model_dump(mode="json"))})
        assert (outline.article_id, outline.corrections) == (whole.article_id, whole.corrections)
        assert printed_place(outline) == printed_place(whole)
        assert title_of(outline) == title_of(whole)
