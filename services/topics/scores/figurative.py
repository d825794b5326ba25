"""Where a topic's word is not about the topic: in a title, a comparison, a name, or as a part of another word."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.topics.document import Document

TITLE = re.compile(r"《([^《》\n]{1,40})》")
OFFICIAL = re.compile(
    "法|条例|办法|规定|规则|意见|通知|公告|规划|方案|纲要|报告|白皮书|决定|决议|协定|宣言|公报|令|通报|预案|标准|目录|清单|指南|计划|要点|细则|公约"
)
"""Words in titles of laws and state papers, which are about what they name; titles of works of art are not."""
LIKENED = re.compile(
    "(?:如同|仿佛|犹如|宛如|好似|好像|好比|恰似|恰如|堪称|俨然|像是?|似|被誉为|比作|[一这那]道)[^,。;、]{0,3}$"
)
LIKENING = re.compile("(?:般|似的|一样|过境般|式)(?!的?天气)")
NAMED = re.compile("乐队|战队|组合|俱乐部|画社|诗社|剧团|大厦|大楼|餐厅|酒吧|咖啡|奶茶|牌[^照]|杯|轩|阁|主题")
"""Words that make the word before them the name of a band, a house or a brand."""
SURNAMES = frozenset("王李张刘陈杨赵吴徐孙胡朱何郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅曾彭吕苏卢蒋蔡贾魏薛")
"""Surnames that do not begin another word before a noun: 王小雨 is a person."""
SHORT = 2


def is_figurative(document: Document, start: int, end: int, *, whole: bool) -> bool:
    """Return whether the word at `start` to `end` of the normalised text means something other than the topic.

    Examples: a single character inside a longer word (江阴, 晴雯), if it has to be `whole`; a word in the title of a
    work (话剧《雷雨》); a word in a comparison (如同台风过境, 洪水般); a name (王小雨, 沙尘暴乐队).
    """
    text = document.text
    if whole and end - start == 1 and not document.edges.issuperset((start, end)):
        return True
    if LIKENING.match(text, end) or NAMED.match(text, end) or LIKENED.search(text, max(start - 8, 0), start):
        return True
    return _in_title(text, start, end) or (end - start <= SHORT and _is_given(document, start))


def _in_title(text: str, start: int, end: int) -> bool:
    opened = text.rfind("《", max(start - 40, 0), start)
    if opened < 0:
        return False
    title = TITLE.match(text, opened)
    return title is not None and title.end() > end and not OFFICIAL.search(title[1])


def _is_given(document: Document, start: int) -> bool:
    """Return whether a surname comes right before `start` as a separate word."""
    bounds = document.words.bounds
    number = bisect_left(bounds, start)
    return number > 0 and bounds[number] == start and document.words.texts[number - 1] in SURNAMES
