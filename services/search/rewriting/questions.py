"""Reduce a question to the words it asks about: 有没有关于房价上涨的报道 asks about 房价上涨."""

from __future__ import annotations

import re
from typing import Final

LEAST: Final = 2
"""Number of characters that must be left to search for."""
OPENING: Final = re.compile(
    r"^(?:请问|请帮我|帮我|我想知道|我想了解|想知道|想了解|查一下|查找一下|查找|查询|搜索|搜一下|找一下|看看|有没有|有无|是否有)+"
    r"(?:关于|有关|对于)?"
    r"|^(?:关于|有关|涉及)(?=.{3})"
)
CLOSING: Final = re.compile(
    r"(?:的)?(?:相关|有关|最新)?(?:新闻报道|新闻|报道|消息|文章|稿件|稿子|资料|内容|进展|情况)[吗呢？?。]*$"
    r"|(?:是什么意思|是什么|是怎么回事|怎么回事|是谁|怎么样了?|如何|怎么办|有哪些|有什么|在哪里?|为什么|是多少|有多少)[吗呢？?。]*$"
    r"|[吗呢吧]?[？?]+$"
    r"|[吗呢]$"
)


def asked_about(text: str) -> str:
    """Return `text` without the words that only make it a question, as long as enough is left to search for."""
    rest = text
    while True:
        shorter = CLOSING.sub("", OPENING.sub("", rest)).strip("，,：: ")
        if shorter == rest or len(shorter) < LEAST:
            return rest
        rest = shorter
