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
_SPACED: Final = re.compile(f"({HAN})[{_BLANKS}]{{1,4}}({HAN})")
_APART: Final = re.compile(f"[{_BLANKS}]+")
_LISTED: Final = re.compile(f"[{_BLANKS}、，,/]+")
_NEWS: Final = re.compile(f"讯|电(?!视|台)|消息|{HAN}(?:报|社|网)(?=[{_BLANKS}]|$)")  # a lead, not a credit, or no name
_MARK: Final = re.compile("^[□■●○◎◆◇▲△▼★☆▶►※—─－|｜丨]+")
_CALLED: Final = "(?:记者|通讯员|特派员|实习生|报道员)"
_CREDIT: Final = when_used(
    f"(?:{PUBLISHER}|{HAN}{{2,6}}报)?(?:{RANK}){{0,3}}{_CALLED}[:：/]?[{_BLANKS}]*(?P<names>[^。！？；：:（）()“”《》]+?)(?<![摄影图文])"
)
_NEXT: Final = when_used(f"[{_BLANKS}]*(?:{PUBLISHER})?(?:{RANK}){{0,3}}{_CALLED}[:：/]?[{_BLANKS}]*")


def is_credit_line(text: str) -> bool:
    """Tell whether a printed line, in simplified script, is a credit and nothing else.

    A line that begins with 记者 or a similar word credits the names after it. A line without such a word must print a
    name with blanks inside (裴  桐), or several names apart, of which half have a common surname.
    """
    text = _MARK.sub("", text.strip(_BLANKS)).strip(_BLANKS)
    credit = _CREDIT().fullmatch(text)
    before = text[: credit.start("names")] if credit else text
    if _NEWS.search(before.replace("通讯员", "")):
        return False
    if credit:
        return all(_are_names(_parts(called, _LISTED)) for called in _NEXT().split(credit["names"]) if called)
    parts = _parts(text, _APART)
    set_apart = len(parts) == 1 and _SPACED.fullmatch(text) is not None
    return _are_names(parts) and (set_apart or (len(parts) > 1 and _common(parts)))


def _parts(text: str, apart: re.Pattern[str]) -> list[str]:
    """Return what `apart` separates; the two characters of a name set apart (裴  桐) are a single part."""
    pair = _SPACED.fullmatch(text.strip(_BLANKS))
    if pair and pair[1] + pair[2] not in _COLUMNS:
        return [pair[1] + pair[2]]
    return [part for part in apart.split(text.strip(_BLANKS)) if part]


def _are_names(parts: list[str]) -> bool:
    return 0 < len(parts) <= MOST_NAMES and all(_is_full_name(part) for part in parts)


def _is_full_name(part: str) -> bool:
    usual = 4 if part[:2] in COMPOUND else 3  # characters of the longest usual name
    return is_name(part) and is_surnamed(part) and (len(part) <= usual or any(dot in part for dot in DOTS))


def _common(parts: list[str]) -> bool:
    return 2 * sum(part[0] in COMMON or part[:2] in COMPOUND for part in parts) >= len(parts)
