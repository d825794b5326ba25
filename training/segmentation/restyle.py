"""The annotated pages as another paper would set them and another extractor would give them.

`augment.py` moves rows and blank lines. This module changes the text itself, together with its truth: columns of
another width, other forms of bylines, leads, captions and jump lines, headlines broken elsewhere, other punctuation
marks and indents, and omissions. A model that has seen every form a paper may use does not rely on the forms of the
papers it has seen.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from services.segment.evidence.row_features import row_features
from services.segment.page.page import read_page
from services.segment.page.rows import printed_width, rows_of
from services.segment.roles import BODY, BYLINE, CAPTION, CREDIT, HEADING, JUMP, SUBHEAD
from training.segmentation.corpus import NOBODY, AnnotatedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许"
    "傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "司徒", "慕容")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍鹏飞建国志文海波宏宇"
    "辉斌琳雪梅晨曦子轩浩然思远立新春生家豪雨桐卫东晓东红梅"
)
_CITIES = (
    "北京",
    "上海",
    "广州",
    "成都",
    "武汉",
    "西安",
    "沈阳",
    "南京",
    "兰州",
    "昆明",
    "合肥",
    "济南",
    "长沙",
    "福州",
)
_PAPERS = ("晨报", "晚报", "都市报", "日报", "本报", "商报", "时报")
_BYLINES = (
    ("本报记者 {a}",),
    ("本报记者 {a} {b}",),
    ("□本报记者 {a}",),
    ("■记者 {a} 通讯员 {b}",),
    ("●{a}",),
    ("◎{a} {b}",),
    ("□ {a}",),
    ("{a}",),
    ("{a} {b}",),
    ("（{a}）",),
    ("({a} {b})",),
    ("[{a}]",),
    ("【{a}】",),
    ("——{a}",),
    ("文/{a}",),
    ("文/{a} 图/{b}",),
    ("{a}/文 {b}/摄",),
    ("{a} 文/图",),
    ("本报记者 {a} 文/图",),
    ("本报记者 {a}/文 {b}/图",),
    ("记者{a}报道",),
    ("记者/{a}",),
    ("记者 {a} 实习生 {b}",),
    ("通讯员 {a} 记者 {b}",),
    ("撰文 {a} 摄影 {b}",),
    ("采写：本报记者 {a}",),
    ("本报驻{city}记者 {a}",),
    ("新华社记者 {a}、{b}",),
    ("见习记者 {a}",),
    ("作者：{a}",),
    ("{paper}记者 {a}",),
    ("本报首席记者 {a}",),
    ("全媒体记者 {a} 通讯员 {b}",),
    ("{a}（{city}）",),
    ("{city} {a}",),
    ("本报评论员 {a}",),
    ("特约撰稿 {a}",),
    ("编译 {a}",),
    ("整理：{a}",),
    ("本报记者 {a}", "通讯员 {b}"),
    ("记者 {a} {b}", "通讯员 {c}"),
    ("撰文/{a}", "摄影/{b}"),
)
_LEADS = (
    "本报讯 ",
    "本报讯（记者 {a}）",
    "【本报讯】",
    "〔本报讯〕（通讯员 {a} {b}）",
    "本报{city}{month}月{day}日电 记者{a}报道：",
    "本报{city}{month}月{day}日讯（记者{a}、{b}）",
    "新华社{city}{month}月{day}日电 ",
    "新华社{city}{month}月{day}日电（记者 {a}）",
    "据新华社{city}电 ",
    "{paper}讯（记者 {a}）",
    "（记者{a}）",
    "记者{a}{city}报道 ",
    "中新社{city}{month}月{day}日电 ",
)
_CAPTIONS = ("▲{}", "▼{}", "图为{}", "图：{}", "△{}", "右图：{}")
_CREDITS = (
    "{} {a} 摄",
    "{}（{a} 摄）",
    "{}本报记者 {a} 摄",
    "{}新华社记者{a}摄",
    "{}（资料图片）",
    "{}（新华社发）",
    "{} {a}/图",
)
_JUMPS = ("（{}第{}版）", "►{}{}版", "{}第{}版", "({}{}版)", "【{}第{}版】", "→{}{}版", "{} {} 版")
_SUBHEADS = ("■{}", "●{}", "◆{}", "【{}】", "▶{}", "一、{}", "{}：")
_LEAD = re.compile(
    "^[【〔\\[]?(?:本报讯|(?:据)?新华社[^，。]{0,16}?电|本报[^，。]{0,14}?[讯电]|中新社[^，。]{0,14}?电|[^，。]{1,5}讯)"
    "[】〕\\]]?[ \u3000]*(?:[（(\\[][^（）()\\[\\]]{0,40}[)）\\]])?(?:记者[^，。：]{2,14}报道[：:])?[ \u3000]*"
)
_MARKED = re.compile("^[▲▼△▽◀►▶↑↓←→]+|^(?:图为|图[①-⑩\\d]?[:：]|[上下左右]图[:：为])")
_JUMP = re.compile("(下转|上接)\\D*?([A-Z]?\\d{1,2})")
_HALF = str.maketrans("，：；（）！？", ",:;()!?")
_FULL_DIGITS = str.maketrans("0123456789", "".join(chr(0xFF10 + i) for i in range(10)))
_PLAIN_QUOTES, _CORNER_QUOTES = str.maketrans("“”", '""'), str.maketrans("“”‘’", "「」『』")
_HANGING = frozenset("，。、；：！？”’）》」』,;:!?)")
_BRIEF = 24  # characters up to which a heading may be set on one line
_LONG = 9  # number of characters from which a heading may be broken in two


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    gap: int
    indented: bool
    vertical: bool
    role: int
    article: str
    part: int
    start: bool


class _Style:
    """A page's habits, drawn once so that the page is consistent."""

    def __init__(self, random: Random) -> None:
        self.random = random
        draw = random.random
        self.byline = random.choice(_BYLINES) if draw() < 0.6 else None
        self.lead = ("", random.choice(_LEADS))[draw() < 0.6] if draw() < 0.5 else None
        self.width = random.uniform(0.6, 1.7) if draw() < 0.55 else None
        self.caption = random.choice(("{}", *_CAPTIONS)) if draw() < 0.4 else None
        self.credit = random.choice(("{}", *_CREDITS)) if draw() < 0.3 else None
        self.jump = random.choice(_JUMPS) if draw() < 0.5 else None
        self.subhead = random.choice(_SUBHEADS) if draw() < 0.15 else None
        self.breaks = random.choice(("kept", "kept", "split", "merged"))
        self.indent = random.choice((None, None, "", "\u3000\u3000", "    "))
        self.apart = draw() < 0.5  # whether two-character names are set with a space
        self.tables = [
            table
            for table, share in ((_HALF, 0.1), (_FULL_DIGITS, 0.15), (_PLAIN_QUOTES, 0.08), (_CORNER_QUOTES, 0.06))
            if draw() < share
        ]
        self.dropped: set[int] = set()
        for roles, share in (((BYLINE,), 0.12), ((CAPTION, CREDIT), 0.1), ((SUBHEAD,), 0.08), ((CREDIT,), 0.08)):
            if draw() < share:
                self.dropped |= set(roles)
        self.furniture = draw() if draw() < 0.4 else 1.0  # share of the furniture that is kept
        self.kickers = draw() < 0.85

    def name(self) -> str:
        """Return a person's name."""
        random = self.random
        surname = random.choice(_COMPOUND) if random.random() < 0.03 else random.choice(_SURNAMES)
        given = "".join(random.choice(_GIVEN) for _ in range(1 + (random.random() < 0.65)))
        return f"{surname} {given}" if self.apart and len(surname + given) == 2 else surname + given

    def filled(self, form: str) -> str:
        """Return a printed formula with its people and places filled in."""
        random = self.random
        return form.format(
            "{}",
            a=self.name(),
            b=self.name(),
            c=self.name(),
            city=random.choice(_CITIES),
            paper=random.choice(_PAPERS),
            month=random.randint(1, 12),
            day=random.randint(1, 28),
        )


def _lines_of(page: AnnotatedPage) -> list[_Line]:
    return [
        _Line(
            row.text,
            row.gap,
            row.indented,
            row.vertical,
            int(page.classes[k]),
            page.articles[k],
            int(page.parts[k]),
            bool(page.starts[k]),
        )
        for k, row in enumerate(page.page.rows)
    ]


def _thinned(lines: Sequence[_Line], style: _Style) -> list[_Line]:
    """Return the page without some kinds of lines."""
    headed = Counter(x.article for x in lines if x.part == 1)
    return [
        x
        for x in lines
        if x.role not in style.dropped
        and (x.article != NOBODY or style.furniture == 1.0 or style.random.random() < style.furniture)
        and (style.kickers or x.role != HEADING or x.part == 1 or not headed[x.article])
    ]


def _worded(lines: Sequence[_Line], style: _Style) -> list[_Line]:
    """Return bylines, captions, jump lines and subheads in the page's own forms."""
    made: list[_Line] = []
    for k, line in enumerate(lines):
        before, after = lines[k - 1] if k else None, lines[k + 1] if k + 1 < len(lines) else None
        first = before is None or (before.role, before.article) != (line.role, line.article)
        last = after is None or (after.role, after.article) != (line.role, line.article)
        if line.role == BYLINE and style.byline:
            if first:
                forms = [style.filled(form) for form in style.byline]
                made += [replace(line, text=form, gap=line.gap if not j else 0) for j, form in enumerate(forms)]
            continue
        text = line.text
        if line.role == CAPTION and first and style.caption:
            text = style.caption.format(_MARKED.sub("", text) or text)
        if line.role == CAPTION and last and style.credit and CREDIT in style.dropped | {after.role if after else -1}:
            text = style.filled(style.credit).format(text)
        if line.role == JUMP and style.jump and (found := _JUMP.search(text)):
            text = style.jump.format(*found.groups())
        if line.role == SUBHEAD and first and last and style.subhead:
            text = style.subhead.format(text)
        made.append(replace(line, text=text))
    return made


def _broken(lines: Sequence[_Line], style: _Style) -> list[_Line]:
    """Break headlines into lines at other places."""
    made: list[_Line] = []
    for line in lines:
        text = line.text
        if line.role != HEADING or line.vertical or style.breaks == "kept" or style.random.random() < 0.3:
            made.append(line)
        elif style.breaks == "split" and len(text) >= _LONG:
            middle = len(text) // 2
            blanks = [m.start() for m in re.finditer("[ \u3000]", text) if 2 < m.start() < len(text) - 3]
            at = min(blanks, key=lambda b: abs(b - middle)) if blanks else middle
            made += [replace(line, text=text[:at].strip()), replace(line, text=text[at:].strip(), gap=0, start=False)]
        elif (
            style.breaks == "merged"
            and made
            and (made[-1].role, made[-1].article, made[-1].part) == (HEADING, line.article, line.part)
            and not line.gap
            and not made[-1].vertical
            and len(made[-1].text) + len(text) <= _BRIEF
        ):
            made[-1] = replace(made[-1], text=made[-1].text + style.random.choice(("", " ")) + text)
        else:
            made.append(line)
    return made


def _wrapped(text: str, width: float, indent: float) -> list[str]:
    """Set a paragraph in lines of `width` full-width characters; the first line is shorter by `indent`."""
    made: list[str] = []
    current, used, limit = "", 0.0, width - indent
    for character in text:
        wide = printed_width(character)
        if used + wide > limit and current and character not in _HANGING:
            made.append(current)
            current, used, limit = "", 0.0, width
        current += character
        used += wide
    return [*made, current] if current.strip() else made


def _reset(lines: Sequence[_Line], style: _Style) -> list[_Line]:
    """Set running text with another lead and in columns of another width; paragraphs keep their frames' shares."""
    if style.width is None and style.lead is None:
        return list(lines)
    paragraphs: dict[str, list[list[int]]] = {}
    for k, line in enumerate(lines):
        if line.role == BODY and line.article != NOBODY:
            own = paragraphs.setdefault(line.article, [])
            if line.start or not own:
                own.append([])
            own[-1].append(k)
    put: dict[int, list[_Line]] = {}
    for own in paragraphs.values():
        usual = Counter(round(printed_width(lines[k].text)) for rows in own for k in rows).most_common(1)[0][0]
        width = max(7.0, round(usual * style.width)) if style.width else float(max(usual, 7))
        for number, rows in enumerate(own):
            text = "".join(lines[k].text for k in rows)
            if number == 0 and style.lead is not None and style.random.random() < 0.8:
                bare = _LEAD.sub("", text)
                text = (style.filled(style.lead) if style.lead else "") + (bare or text)
            elif not style.width:
                continue
            indent = 2.0 if lines[rows[0]].indented or style.indent else 0.0
            _share(put, lines, rows, _wrapped(text, width, indent))
    return [x for k, line in enumerate(lines) for x in put.get(k, [line])]


def _share(put: dict[int, list[_Line]], lines: Sequence[_Line], rows: Sequence[int], texts: Sequence[str]) -> None:
    """Give the lines `texts` the places of `rows`, in proportion."""
    first = lines[rows[0]]
    for place, k in enumerate(rows):
        low, high = (round(len(texts) * p / len(rows)) for p in (place, place + 1))
        put[k] = [
            replace(
                lines[k],
                text=text,
                gap=first.gap if n == 0 else lines[k].gap if n == low else 0,
                start=first.start and n == 0,
                indented=first.indented and n == 0,
            )
            for n, text in enumerate(texts[low:high], low)
        ]


def _printed(lines: Sequence[_Line], style: _Style) -> tuple[str, dict[int, _Line]]:
    """Return the page's raw text, and the line that each of its line numbers shows."""
    raw: list[str] = []
    shown: dict[int, _Line] = {}
    for line in lines:
        text = line.text
        for table in style.tables:
            text = text.translate(table)
        if not text.strip():
            continue
        raw += [""] * line.gap
        indent = "\u3000\u3000" if line.indented else ""
        if style.indent is not None and line.role == BODY:
            indent = style.indent if line.start else ""
        pieces = [c for c in text if c.strip()] if line.vertical else [indent + text]
        for piece in pieces:
            raw.append(piece)
            shown[len(raw)] = line
    return "\n".join(raw), shown


def restyled(page: AnnotatedPage, seed: str) -> AnnotatedPage:
    """Return the page in another style; the same seed makes the same page; a page without lines stays unchanged."""
    style = _Style(Random(f"restyled/{seed}/{page.issue}/{page.page.number}"))
    lines = _lines_of(page)
    change: Callable[[Sequence[_Line], _Style], list[_Line]]
    for change in (_thinned, _worded, _broken, _reset):
        lines = change(lines, style)
    text, shown = _printed(lines, style)
    rows = rows_of(page.page.number, text)
    if not rows:
        return page
    first: Sequence[_Line] = [shown[row.lines[0]] for row in rows]
    made = read_page(page.page.number, rows)
    holding: Mapping[str, int] = Counter(row.plain for row in rows)
    return replace(
        page,
        issue=f"{page.issue}+{seed}",
        page=made,
        features=row_features(made, holding),
        classes=np.array([x.role for x in first], np.int64),
        articles=tuple(x.article for x in first),
        parts=np.array([x.part for x in first], np.int64),
        starts=np.array([x.start for x in first]),
    )
