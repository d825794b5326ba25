"""Finds the people that a story credits in its own text: in its lead, 本报讯（记者 …）, and in its last words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.segment.formulas.byline_words import MARKS, PUBLISHER, RANK
from services.segment.formulas.bylines import parse_byline, simplified, tokens
from services.segment.formulas.person_names import is_surnamed, split_names
from services.text.names import DOTS, LATIN, is_name
from services.text.names import HAN_CHARACTER as HAN
from services.text.patterns import when_used

if TYPE_CHECKING:
    from services.segment.article import Byline

LEAD = 120  # characters at each end of a story that may credit people
LONGEST_RUN = 6  # most characters of names run together in a signature; a longer run is a remark
_OPEN, _CLOSE, _INSIDE = r"[（(\[［【〔]", r"[)）\]］】〕]", r"[^（）()\[\]［］【】〔〕]"
_CREDITED = "(?:记者|通讯员|特派员|实习生)"
_LEAD = re.compile(f"{_OPEN}({_INSIDE}{{0,40}}?(?:记者|通讯员|特派员){_INSIDE}{{0,60}}){_CLOSE}")
_NAMES = f"(?:(?!从|报道|报导){HAN}|{LATIN}|[、 \u3000{DOTS}])"
_REPORT = when_used(
    f"(?:讯|电|消息|^)[】\\]〕]?[：:]?[ \u3000]*(?:据)?({HAN}{{0,8}}{_CREDITED}{_NAMES}{{2,40}}?)"
    "(?=报道|报导|从|获悉|摄影|发自)"
)
_WHEN = re.compile("(?:今[天日晨晚]|昨[天日晨晚]|日前|近日|独家|专电|综合|摄影)+$")
_SIGNED = re.compile(f"{_OPEN}({_INSIDE}{{2,100}}){_CLOSE}。?$")
_SIGNED_OPENLY = when_used(
    f"[。！？…”』」）)][ \u3000]*[□■●—]*({PUBLISHER}?(?:{RANK}){{0,3}}{_CREDITED}"
    f"(?:{HAN}|[、， \u3000{DOTS}]){{2,24}})(?<![摄图影])$"
)
_BARE = when_used(f"[。！？…”』」][ \u3000]+((?:{HAN}{{2,4}}[ \u3000、]+){{0,3}}{HAN}{{2,4}})$")
_MAY_CREDIT = re.compile("记者|記者|通讯员|通訊員|特派")
_MAY_SIGN = re.compile(f"{_CLOSE}。?$|[。！？…”』」][ \u3000]+(?:{HAN}|[ \u3000、]){{2,19}}$")
_NOT_NAMES = (
    *(
        "据",
        "完",
        "全文",
        "新华",
        "图",
        "待续",
        "未完",
        "编者",
        "略",
        "下转",
        "上接",
        "摘",
        "原载",
        "本报",
        "来源",
        "题",
        "转",
    ),
    *("连载", "之", "相关", "详见", "参与", "综合", "资料"),
)
_ABOUT = re.compile("作者 ?(?:单位|系|为|是|简介|地址|电话)")


def people_in_text(first: str, last: str) -> tuple[Byline, ...]:
    """Return the people credited inside a story: in its lead, 本报讯（记者 …） or 记者…报道, and at its end.

    The credit at the end is usually in brackets, but may have none.

    Args:
        first: the first paragraph.
        last: the last paragraph.
    """
    people: list[Byline] = []
    head = first[:LEAD]
    plain = simplified(head) if _MAY_CREDIT.search(head) else ""
    for match in _LEAD.finditer(plain):
        people += _called(head[slice(*match.span(1))])
    if not people:
        report = _REPORT().search(plain)
        if report:
            first_named, last_named = report.span(1)
            last_named -= len(m.group()) if (m := _WHEN.search(report.group(1))) else 0
            people += _called(head[first_named:last_named])
    tail = last.rstrip(" \u3000")[-LEAD:]
    plain = simplified(tail) if _MAY_SIGN.search(tail) or _MAY_CREDIT.search(tail) else ""
    if signed := _SIGNED.search(plain):
        inside = tail[slice(*signed.span(1))]
        called = _called(inside)
        people += called or _signature(inside, signed.group(1))
    elif openly := _SIGNED_OPENLY().search(plain):
        people += _called(tail[slice(*openly.span(1))])
    elif bare := _BARE().search(plain):
        people += _signature(tail[slice(*bare.span(1))], bare.group(1))
    return tuple(dict.fromkeys(people))


def _called(text: str) -> list[Byline]:
    """Return the people to whom a credit gives a role: 记者, 通讯员, ..."""
    return [p for p in parse_byline(text) if p.role != "作者"]


def _signature(inside: str, plain: str) -> list[Byline]:
    """Return the people of a signature at the end of a story, and nobody if it is a source or a remark."""
    if plain.startswith(_NOT_NAMES) or _ABOUT.search(plain) or "《" in plain:
        return []
    if plain.startswith(("作者", "本文作者")):
        return list(parse_byline(inside))
    parts = [plain[a:b] for a, b in tokens(plain, 0, len(plain)) if plain[a:b] not in MARKS]
    if any(len(t) > LONGEST_RUN and not set(t) & set(DOTS) for t in parts):
        return []
    names = [n for t in parts for n in split_names(t)]
    known = sum(is_surnamed(n) for n in names)
    if not names or known * 2 < len(names) or not all(is_name(n) for n in names):
        return []
    return list(parse_byline(inside))
