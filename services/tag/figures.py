"""The figures an article gives: a number, its unit, what it counts, and whether it rose or fell."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from schemas.tagged import Figure
from services.tag.amounts import NUMBER, amount

if TYPE_CHECKING:
    from services.tag.document import Document, Words

MEASURES = (
    "元 美元 欧元 港元 日元 英镑 卢布 人民币 吨 公吨 千克 公斤 市斤 斤 克 标准箱 公里 千米 英里 海里 里 米 厘米 毫米 平方公里 平方千米 平方米 公顷 亩 立方米 升 桶 "
    "千瓦时 度 千瓦 兆瓦 吉瓦 瓦 °c 摄氏度 吨位 标准煤"
).split()
RATES = ("%", "个百分点", "百分点", "‰")
COUNTERS = (
    "人次 人 户 家 个 项 件 台 辆 艘 架 起 批 头 只 株 间 所 座 处 名 位 支 款 部 套 张 场 种 条 份 篇 宗 列 班 趟 口 匹 册 门 尊 幅 顶 双 例"
).split()
UNITS = sorted({*MEASURES, *RATES, *COUNTERS}, key=lambda unit: (-len(unit), unit))
FIGURE = re.compile(
    rf"(?<![\d.a-z第一二三四五六七八九十百千万亿几数])(?:百分之(?P<hundredths>{NUMBER})"
    rf"|(?P<number>{NUMBER})[多余]?(?P<unit>{'|'.join(map(re.escape, UNITS))}))"
)
RISE = re.compile(r"增长|上升|提高|增加|上涨|回升|增幅|涨幅|扩大|攀升|提升|加快")
FALL = re.compile(r"下降|减少|下滑|降低|回落|下跌|降幅|跌幅|缩减|收窄|萎缩")
SHARE = re.compile(r"占|比重|比例|率[达为是]?$|率(?:达到|超过|约)?$")
CLAUSE = re.compile(r"[,，。；;:：!?！？\n]")
QUALIFIERS = ("规模以上", "规上", "限额以上", "全年", "全社会")
"""What is printed before a figure's name and belongs to it, though it is no noun."""
NOUNS = frozenset({"n", "nz", "nt", "j", "vn", "b", "l", "ng", "an", "ns", "nrt"})
FILLERS = frozenset(
    "约 超 超过 达 达到 为 共 共计 累计 总计 近 仅 已 实现 完成 同比 环比 比 增长 下降 实际 名义 分别 平均 又 逾 突破 至 到 了 增至 升至 降至 预计 总 力争 计划 约合 出资 比达 去年同期 上年同期 同期 上年 去年 上月 今年 当年 增幅 涨幅 降幅 跌幅 其中 高达 多达 合计 总共 一共 新增".split()
)
LONGEST = 16
LEAST_COUNT = 2
STATIVE = frozenset("重 长 高 宽 深".split())


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Return the figures of `document` in order.

    Taken are amounts with a unit of measure, rates, and counts of two or more whose noun is printed; ordinals, dates,
    versions and the first half of a range (2至3级) are no figures.
    """
    figures = []
    text = document.text
    carried, carried_sentence = "", (-1, -1)
    for match in FIGURE.finditer(text):
        start, end = match.span()
        unit = match["unit"] or "%"
        value = amount(match["number"] or match["hundredths"])
        if value is None or (unit in COUNTERS and value < LEAST_COUNT):
            continue
        if not text[start].isdecimal() and (value < LEAST_COUNT or not document.edges.issuperset((start, end))):
            continue
        sentence = document.sentence_at(start)
        clause = _clause(text, sentence[0], start)
        before, after = _noun_before(document, clause, start), _noun_after(document, end, measured=unit not in COUNTERS)
        change = _change(text[clause:start]) if unit in RATES else None
        if unit in COUNTERS:
            what = after or (before if CLAUSE.match(text, end) else "")
            if not what:
                continue
        else:
            what = before or ("" if change else after)
        if not what and sentence == carried_sentence:
            what = carried
        if what and unit not in COUNTERS:
            carried, carried_sentence = what, sentence
        span = document.span(start, end)
        if span is not None:
            figures.append(Figure(value=float(value), unit=_unit(unit), what=what, change=change, span=span))
    return tuple(figures)


def _unit(unit: str) -> str:
    return {"°c": "℃", "百分点": "个百分点"}.get(unit, unit)


def _clause(text: str, sentence: int, position: int) -> int:
    """Return where the clause begins that ends at `position`."""
    begin = sentence
    for match in CLAUSE.finditer(text, sentence, position):
        begin = match.end()
    return begin


def _change(clause: str) -> Literal["rise", "fall"] | None:
    """Return whether a rate at the end of `clause` is one of rise or fall: by the last verb, unless it is a share."""
    rises = [match.start() for match in RISE.finditer(clause)]
    falls = [match.start() for match in FALL.finditer(clause)]
    last = max([*rises, *falls], default=-1)
    if last < 0 or any(match.start() > last for match in SHARE.finditer(clause)):
        return None
    return "rise" if last in rises else "fall"


def _noun_before(document: Document, clause: int, position: int) -> str:
    """Return the noun phrase that a figure at `position` belongs to, from the words of its clause before it."""
    words = document.words
    number = bisect_left(words.bounds, position) - 1
    while number >= 0 and words.bounds[number] >= clause and not _names(words, number):
        if words.texts[number] in "、的()":
            return ""
        number -= 1
    end = number
    while number >= 0 and words.bounds[number] >= clause and _names(words, number):
        number -= 1
    start = words.bounds[number + 1]
    stop = words.bounds[end + 1] if end >= 0 else 0
    while start < stop and stop - start > LONGEST:
        number += 1
        start = words.bounds[number + 1]
    if start >= stop:
        return ""
    for qualifier in QUALIFIERS:
        if document.text.endswith(qualifier, clause, start):
            start -= len(qualifier)
            break
    return document.text[start:stop].strip()


def _noun_after(document: Document, position: int, *, measured: bool) -> str:
    """Return the noun phrase right after a figure that ends at `position`; after 的 only, where it is `measured`."""
    words, text = document.words, document.text
    number = bisect_left(words.bounds, position)
    if number < len(words.texts) and words.texts[number] == "的":
        number += 1
    elif measured:
        return ""
    start = end = words.bounds[min(number, len(words.texts))]
    last_noun = start
    while number < len(words.texts) and end - start < LONGEST:
        kind = words.kinds[number]
        if kind not in NOUNS and kind != "a":
            break
        end = words.bounds[number + 1]
        if kind != "a":
            last_noun = end
        number += 1
    return text[start:last_noun] if last_noun - start > 1 else ""


def _names(words: Words, number: int) -> bool:
    word = words.texts[number]
    return (words.kinds[number] in NOUNS and word not in FILLERS) or word in STATIVE
