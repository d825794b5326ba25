"""Recognises lines that credit people and say nothing else: 渔港融媒体中心记者 周启明, or names alone (裴  桐)."""

from __future__ import annotations

import re
from typing import Final

from services.segment.formulas.byline_words import PUBLISHER, RANK
from services.segment.formulas.person_names import COMMON, COMPOUND, is_surnamed
from services.text.names import DOTS, is_name
from services.text.names import HAN_CHARACTER as HAN
from services.text.patterns import when_used

MOST_NAMES: Final = 5
# Words of two characters that begin with a surname and are set apart as headings of columns.
_COLUMNS: Final = frozenset(
    re.findall(
        "..",
        "文化文艺文学文苑文摘文体国际国内法治法制广告安全和谐时评时政时尚应用经济经典家园高端高考成长成果关注关爱房产金融车市"
        "康乐万象万家方圆方志方向温暖乐活乐园雷达钱包马上强军党建党史农业农村农经言论言路欧洲简讯简报路况苏南江南江北江海荣誉明星",
    )
)
_BLANKS: Final = " \u3000\xa0"
_SPACED: Final = re.compile(f"{HAN}(?:[{_BLANKS}]{{1,4}}{HAN}){{1,2}}")
_APART: Final = re.compile(f"[{_BLANKS}]+")
_LISTED: Final = re.compile(f"[{_BLANKS}、，,/]+")
_NEWS: Final = re.compile(f"讯|电(?!视|台)|消息|{HAN}(?:报|社|网)(?=[{_BLANKS}]|$)")  # a lead, not a credit, or no name
_MARK: Final = re.compile("^[□■●○◎◆◇▲△▼★☆▶►※▍—─－|｜丨]+")
_AROUND: Final = re.compile("[【［\\[](.+)[】］\\]]")
_CALLED: Final = "(?:记者|通讯员|特派员|实习生|报道员|评论员)"
_NOT_NAMED: Final = "。！？；（）()“”《》"
_CREDIT: Final = when_used(
    f"(?:{PUBLISHER}|[{HAN[1:-1]}·]{{2,12}})?(?:{RANK}){{0,3}}{_CALLED}[:：/]?[{_BLANKS}]*(?P<names>[^{_NOT_NAMED}]+?)"
    "(?<![摄影图文])"
)
_NEXT: Final = when_used(
    f"[{_BLANKS}]*(?:(?:{PUBLISHER}[{_BLANKS}]*|本报)?(?:{RANK}){{0,3}}{_CALLED}[:：/]?"
    f"|(?<=[{_BLANKS}])(?:摄影|图片|图|整理)[{_BLANKS}]*[/／:：|｜丨])[{_BLANKS}]*"
)
_PICTURED: Final = f"(?:文[{_BLANKS}]*[/／、&]?[{_BLANKS}]*[图摄]|图[{_BLANKS}]*[/／、&]?[{_BLANKS}]*文)"
_BEFORE: Final = when_used(
    f"(?:{_PICTURED}|采写|撰文|文字|文|采访|撰稿|执笔|作者|整理)[{_BLANKS}]*[/／:：|｜丨{_BLANKS}][{_BLANKS}]*"
)
_BEHIND: Final = when_used(f"[{_BLANKS}/／]*(?:{_PICTURED}|(?:摄影|综合)?报道|采写|整理|发自{HAN}{{2,6}})$")


def is_credit_line(text: str) -> bool:
    """Tell whether a printed line, in simplified script, is a credit and nothing else.

    记者 or a similar word, or 文/图, credits the names beside it. A line without such a word must print a name with
    blanks inside (裴  桐), or several names apart, of which half have a common surname.
    """
    text = _bare(text)
    named = _BEFORE().match(text)
    behind = _BEHIND().search(text)
    text = text[named.end() if named else 0 : behind.start() if behind else None].strip(_BLANKS)
    credit = _CREDIT().fullmatch(text)
    before = text[: credit.start("names")] if credit else text
    if _NEWS.search(before.replace("通讯员", "")):
        return False
    if credit or named or behind:
        called = _NEXT().split(credit["names"] if credit else text)
        return any(called) and all(_are_names(_parts(names, _LISTED)) for names in called if names)
    parts = _parts(text, _APART)
    set_apart = len(parts) == 1 and _SPACED.fullmatch(text) is not None
    return _are_names(parts) and (set_apart or (len(parts) > 1 and _common(parts)))


def _bare(text: str) -> str:
    """Return a line without the mark before it and the square brackets around it."""
    text = _MARK.sub("", text.strip(_BLANKS)).strip(_BLANKS)
    around = _AROUND.fullmatch(text)
    return (around[1] if around else text).strip(_BLANKS)


def _parts(text: str, apart: re.Pattern[str]) -> list[str]:
    """Return what `apart` separates; characters set apart (裴  桐, 余 知 味) are the parts of a single name."""
    text = text.strip(_BLANKS)
    name = "".join(_APART.split(text))
    if _SPACED.fullmatch(text):
        return [name] if name[:2] not in _COLUMNS else list(name)
    parts: list[str] = []
    half = False
    for part in filter(None, apart.split(text)):
        if half and len(part) == 1:
            parts[-1] += part
        else:
            parts.append(part)
        half = len(parts[-1]) == 1
    return parts


def _are_names(parts: list[str]) -> bool:
    return 0 < len(parts) <= MOST_NAMES and all(_is_full_name(part) for part in parts)


def _is_full_name(part: str) -> bool:
    usual = 4 if part[:2] in COMPOUND else 3  # characters of the longest usual name
    return is_name(part) and is_surnamed(part) and (len(part) <= usual or any(dot in part for dot in DOTS))


def _common(parts: list[str]) -> bool:
    return 2 * sum(part[0] in COMMON or part[:2] in COMPOUND for part in parts) >= len(parts)
