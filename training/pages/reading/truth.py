"""Truth: line records and article records in the bench's format, derived from aligned glyphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.pages.typesetting.typeset import Glyph
    from training.pages.writing.story import Story

Record = dict[str, Any]


@dataclass(slots=True)
class Told:
    """What is known about an article beyond its lines: its stories, one on each page, in reading order."""

    stories: list[tuple[int, Story]] = field(default_factory=list)
    continues: list[list[int]] = field(default_factory=list)
    cut_mid_sentence: bool = False
    out_of_order: bool = False
    last_later: bool = False


def line_record(number: int, found: Sequence[Glyph]) -> Record:
    """Return an extracted line's record: the article and role of most of its characters, others under `also`."""
    counts = Counter((g.tag.article, g.tag.role) for g in found)
    first = {key: i for i, key in reversed(list(enumerate((g.tag.article, g.tag.role) for g in found)))}
    article, role = max(counts, key=lambda key: (counts[key], -first[key]))
    own = [g for g in found if (g.tag.article, g.tag.role) == (article, role)]
    record: Record = {"line": number, "article": article, "role": role}
    if role == "body":
        record["para"] = own[0].tag.para
        if any(g.starts for g in own):
            record["para_start"] = True
            record["para"] = next(g.tag.para for g in own if g.starts)
    if article == "furniture":
        record["kind"] = own[0].tag.kind
    others = [
        [a, r, n] for (a, r), n in sorted(counts.items(), key=lambda item: first[item[0]]) if (a, r) != (article, role)
    ]
    if others:
        record["also"] = others
    return record


def page_records(lines: Sequence[Sequence[Glyph]]) -> tuple[list[Record], dict[int, int]]:
    """Return the record of each line with glyphs, and each body or subhead line's place in its article's flow."""
    records: list[Record] = []
    order: dict[int, int] = {}
    for number, found in enumerate(lines, 1):
        if not found:
            continue
        record = line_record(number, found)
        records.append(record)
        if record["role"] in ("body", "subhead"):
            order[number] = min(
                g.tag.order for g in found if (g.tag.article, g.tag.role) == (record["article"], record["role"])
            )
    return records, order


def article_record(
    article: str, told: Told, pages: Mapping[int, list[Record]], order: Mapping[int, dict[int, int]]
) -> Record:
    """Return the article's record; its lines are the lines where it has most of the characters."""
    story = told.stories[0][1]
    numbers = [page for page, _ in told.stories]
    lines: dict[str, list[list[int]]] = {}
    flow: list[tuple[int, int, int]] = []
    for rank, page in enumerate(numbers):
        for record in pages[page]:
            if record["article"] == article:
                lines.setdefault(record["role"], []).append([page, record["line"]])
                if record["role"] in ("body", "subhead"):
                    flow.append((rank, order[page][record["line"]], record["line"]))
    out: Record = {
        "id": article,
        "pages": numbers,
        "headline": story.headline_text,
        "headline_lines": list(story.headline),
        "headline_alts": [],
        "kicker": story.kicker,
        "deck": story.deck,
        "bylines": [{"name": name, "role": role} for name, role in story.names],
        "byline_form": story.byline_form,
        "paragraphs": [text for kind, text in story.flow if kind == "para"],
        "subheads": [text for kind, text in story.flow if kind == "subhead"],
        "flow": [{"kind": kind, "text": text} for kind, text in story.flow],
        "captions": [c.text for _, s in told.stories for c in s.captions],
        "label": story.label,
        "kind": story.kind,
        "continues": told.continues,
        "lines": lines,
        "reading_order": [[numbers[rank], line] for rank, _, line in sorted(flow)],
        "source": {"key": story.source},
    }
    if told.continues:
        out["jump_headline"] = "".join(told.stories[1][1].headline)
        out["cut_mid_sentence"] = told.cut_mid_sentence
    if told.out_of_order:
        out["frames_out_of_order"] = True
    if told.last_later:
        out["last_frame_drawn_later"] = True
    return out


def as_prediction(truth: Record) -> Record:
    """Return the truth in the form of a prediction, as a perfect segmenter would make it."""
    furniture: dict[str, list[list[int]]] = {}
    starts: dict[str, list[list[int]]] = {}
    for page, records in truth["pages"].items():
        for record in records:
            if record["article"] == "furniture":
                furniture.setdefault(record["role"], []).append([int(page), record["line"]])
            elif record.get("para_start"):
                starts.setdefault(record["article"], []).append([int(page), record["line"]])
    articles = []
    for article in truth["articles"]:
        lines = {role: places for role, places in article["lines"].items() if role not in ("body", "subhead")}
        roles = {(page, line): role for role, places in article["lines"].items() for page, line in places}
        for role in ("body", "subhead"):
            lines[role] = [place for place in article["reading_order"] if roles[tuple(place)] == role]
        articles.append(
            {
                "lines": lines,
                "headline": article["headline"],
                "bylines": article["bylines"],
                "para_starts": starts.get(article["id"], []),
            }
        )
    return {"articles": articles, "furniture": furniture}
