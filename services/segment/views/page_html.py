"""A page of segmented text as a picture a person can judge in a second.

Each article has a colour, each role a shape of type; headline blocks are tied to their bodies by drawn lines. One
self-contained file, no script.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from services.segment.page.rows import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.segment.article import SegmentedArticle, SegmentedIssue

_LINE = 21  # height of a printed line in pixels
_TOP = 12
_GUTTER = 150
_CHARACTERS = 46  # longer lines are cut for the eye; the full text is in the title
_HUES = (211, 14, 140, 275, 45, 185, 325, 95, 240, 0, 165, 300, 70, 225, 30, 120)
_ROLE_NAMES = (
    "headline",
    "kicker",
    "deck",
    "subhead",
    "byline",
    "body",
    "caption",
    "credit",
    "jump",
    "label",
    "weather",
    "furniture",
)
_STYLE = """
:root { color-scheme: light; }
body {
  margin: 0;
  font: 14px/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  color: #1d2330;
  background: #f4f5f7;
}
header { padding: 18px 24px 10px; }
h1 { font-size: 20px; margin: 0 0 4px; }
header p { margin: 2px 0; color: #566; }
.legend span {
  display: inline-block;
  margin: 6px 10px 0 0;
  padding: 0 6px;
  border-radius: 3px;
  background: #fff;
  border: 1px solid #d8dbe2;
  font-size: 12px;
}
.pages {
  display: flex;
  flex-wrap: wrap;
  gap: 18px;
  padding: 12px 24px 32px;
  align-items: flex-start;
}
.page {
  position: relative;
  background: #fff;
  border: 1px solid #d5d9e0;
  border-radius: 6px;
  box-shadow: 0 1px 3px #0001;
  width: 900px;
}
.page h2 {
  font-size: 14px;
  margin: 0;
  padding: 8px 14px;
  border-bottom: 1px solid #e4e7ec;
  background: #fafbfc;
  border-radius: 6px 6px 0 0;
}
.sheet { position: relative; }
.line {
  position: absolute;
  left: 150px;
  right: 8px;
  height: 20px;
  line-height: 20px;
  white-space: pre;
  overflow: hidden;
  border-left: 5px solid hsl(var(--h) 60% 55%);
  background: hsl(var(--h) 70% 97%);
  padding-left: 6px;
}
.line i {
  position: absolute;
  right: 6px;
  font-style: normal;
  font-size: 11px;
  color: #8a90a0;
  background: inherit;
  padding-left: 8px;
}
.line b { display: inline-block; width: 34px; font-weight: 400; font-size: 11px; color: #9aa0ad; }
.headline { font-weight: 700; background: hsl(var(--h) 75% 86%); }
.kicker, .deck { font-weight: 600; background: hsl(var(--h) 70% 91%); }
.subhead { font-weight: 600; text-decoration: underline dotted hsl(var(--h) 60% 45%); }
.byline { color: hsl(var(--h) 65% 32%); font-style: italic; background: hsl(var(--h) 70% 93%); }
.caption, .credit {
  background: repeating-linear-gradient(135deg, hsl(var(--h) 70% 93%) 0 6px, hsl(var(--h) 70% 97%) 6px 12px);
}
.jump, .label, .weather { font-weight: 600; color: #fff; background: hsl(var(--h) 45% 48%); }
.furniture { border-left-color: #c3c8d0; background: #eef0f2; color: #78808c; }
.start { box-shadow: inset 0 1px 0 hsl(var(--h) 45% 70%); }
svg { position: absolute; left: 0; top: 0; pointer-events: none; }
.tag { font-size: 11px; font-weight: 600; }
@media (max-width: 940px) { .pages { padding: 12px 8px; } .page { width: 100%; } }
"""


def render(pages: Mapping[int, str], issue: SegmentedIssue, title: str) -> str:
    """One HTML document showing every line of `pages` with the place `issue` gives it.

    Args:
        pages: page number to raw text, as given to `segment_issue`.
        issue: its result.
        title: heading of the document.
    """
    owner = {(line.page, line.line): (k, line.role) for k, a in enumerate(issue.articles) for line in a.lines}
    kinds = {(line.page, line.line): line.kind for line in issue.furniture}
    starts = {
        (b.lines[0].page, b.lines[0].line)
        for a in issue.articles
        for b in a.blocks
        if b.kind == "paragraph" and b.lines
    }
    quality = issue.quality
    facts = (
        f"{quality.articles} articles, {quality.placed} of {quality.lines} lines placed, "
        f"{quality.title_only} without a body, "
        f"{quality.body_only} without a headline, {quality.orphan_captions} loose captions"
    )
    legend = "".join(f"<span>{name}</span>" for name in _ROLE_NAMES)
    sheets = "".join(_page(number, pages[number], issue, owner, kinds, starts) for number in sorted(pages))
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f'<header><h1>{escape(title)}</h1><p>{facts}</p><p class="legend">{legend}</p></header>'
        f'<main class="pages">{sheets}</main></body></html>\n'
    )


def _page(  # noqa: PLR0913, PLR0917
    number: int,
    text: str,
    issue: SegmentedIssue,
    owner: Mapping[tuple[int, int], tuple[int, str]],
    kinds: Mapping[tuple[int, int], str],
    starts: set[tuple[int, int]],
) -> str:
    place: dict[int, int] = {}
    drawn = []
    top, gap = _TOP, False
    for line, raw in enumerate(text.split("\n"), 1):
        if not squeeze(raw):
            gap = bool(place)
            continue
        top += 7 if gap else 0
        gap = False
        place[line] = top
        article, role = owner.get((number, line), (-1, "furniture"))
        name = kinds.get((number, line), "") if article < 0 else role
        hue = _HUES[article % len(_HUES)] if article >= 0 else 220
        css = f"line {role}" + (" start" if (number, line) in starts else "")
        shown = raw.strip("\r\f\n")
        cut = shown if len(shown) <= _CHARACTERS else shown[:_CHARACTERS] + "…"
        note = f"{article + 1:02d} {name}" if article >= 0 else name
        drawn.append(
            f'<div class="{css}" style="top:{top}px;--h:{hue}" title="{escape(shown[:400], quote=True)}">'
            f"<b>{line}</b>{escape(cut)}<i>{escape(note)}</i></div>"
        )
        top += _LINE
    links = "".join(_link(a, k, number, place) for k, a in enumerate(issue.articles))
    height = top + _TOP
    return (
        f'<section class="page"><h2>{number}</h2><div class="sheet" style="height:{height}px">'
        f'<svg width="{_GUTTER}" height="{height}" aria-hidden="true">{links}</svg>{"".join(drawn)}</div></section>'
    )


def _link(article: SegmentedArticle, number: int, page: int, place: Mapping[int, int]) -> str:
    """A curve from the headline block to the body, fainter ones from bylines and captions."""
    hue = _HUES[number % len(_HUES)]
    body = [
        place[x.line] for x in article.lines if x.page == page and x.role in {"body", "subhead"} and x.line in place
    ]
    if not body:
        return ""
    low, high = min(body), max(body) + _LINE - 1
    lane = 96 - (number * 17) % 80
    drawn = [
        f'<path d="M{lane} {low} V{high}" stroke="hsl({hue} 60% 55%)" stroke-width="3" fill="none"/>',
        f'<text class="tag" x="{lane - 4}" y="{low + 12}" text-anchor="end">{number + 1:02d}</text>',
    ]
    for roles, width in ((("headline", "kicker", "deck"), 2.5), (("byline",), 1.2), (("caption", "credit"), 1.2)):
        for y in sorted(
            place[x.line] + _LINE / 2 for x in article.lines if x.page == page and x.role in roles and x.line in place
        ):
            target = min(max(y, low), high)
            drawn.append(
                f'<path d="M{_GUTTER} {y} C{lane + 30} {y} {lane + 30} {target} {lane} {target}" '
                f'stroke="hsl({hue} 60% 50%)" stroke-width="{width}" fill="none" opacity="0.75"/>'
            )
    return "".join(drawn)
