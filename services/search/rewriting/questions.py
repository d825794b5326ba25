"""Reduce a question to the words it asks about: 大桥塌了死了多少人 asks about 大桥塌了."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LEAST: Final = 2
"""Number of characters that must be left to search for."""
WHICH: Final = "(?:什么|哪些|哪种|哪类|哪个|哪几个|哪一个|怎样的|怎么样的|啥)"
WHEN: Final = "(?:什么时候|什么时间|何时|哪一?天|哪一?年|哪个月|几月几[号日]|几[号月]|多会儿)"
WHERE: Final = "(?:什么地方|在?哪里|在?哪儿|何处|哪个(?:城市|国家|地方|省))"
WHY: Final = "(?:为什么会?|为何|为啥|怎么会|怎么|怎样|如何|咋)"
MEASURE: Final = "(?:个|名|位|人|钱|元|次|天|年|岁|起|家|所|辆|架|吨|公里|米|度|级|%)"
HOW_MANY: Final = f"(?:多少(?:万|亿)?{MEASURE}*|几(?:万|亿)?{MEASURE}+)"
TOLL: Final = (
    "(?:一?共|总共|到底|已经?|大约)?(?:造成|导致|致使|致|有|死|伤|死亡|遇难|受伤|伤亡|损失|花|需要?|要|是|达到?|增长|上涨|下降)*"
    f"了?(?:{HOW_MANY})(?:人)?(?:死亡|死伤|伤亡|遇难|受伤|丧生|失踪|被困)*"
)
"""What asks for a number, with the verbs that belong to it: 死了多少人, 造成多少人伤亡."""
OPENING: Final = re.compile(
    r"^(?:请问|请帮我|帮我|我想知道|我想了解|想知道|想了解|查一下|查找一下|查找|查询|搜索|搜一下|找一下|看看|有没有|有无|是否有)+"
    r"(?:关于|有关|对于)?"
    r"|^(?:关于|有关|涉及)(?=.{3})"
)
CLOSING: Final = re.compile(
    r"(?:的)?(?:相关|有关|最新)?(?:新闻报道|新闻|报道|消息|文章|稿件|稿子|资料|内容|进展|情况)[吗呢？?。]*$"
    r"|(?:是什么意思|是怎么回事|怎么回事|是谁|怎么样了?|怎么办|有哪些|有什么)[吗呢？?。]*$"
    r"|(?:了|过)?[吗呢吧]?[？?]+$"
    r"|(?:了|过)?[吗呢]$"
)
INSIDE: Final = re.compile(
    rf"(?:是|在|于)?(?:{WHEN}|{WHERE}|{WHY})(?:才|会|能|要|就|的)?"
    rf"|(?P<toll>{TOLL})"
    rf"|(?:是|有|患|得)?了?{WHICH}(?:病|原因|时候|事|样)?"
    r"|(?:是|由|被|叫)?谁(?:是|在)?|还是|多(?:久|长时间|长|高|远|大)"
)
"""What asks, anywhere in a question."""
LOST: Final = re.compile("[死伤亡]|遇难|丧生")
LOSSES: Final = ("死亡", "受伤")
"""What an article says that answers how many were lost."""


class Asked(NamedTuple):
    """What a question asks about, and words that an answer is likely to have."""

    about: str
    wished: tuple[str, ...] = ()


def asked_about(text: str) -> Asked:
    """Return `text` without the words that only make it a question, as long as enough is left to search for.

    What stood before and after a question word is left as words apart.
    """
    rest = text
    while True:
        shorter = CLOSING.sub("", OPENING.sub("", rest)).strip("，,：: ")
        if shorter == rest or len(shorter) < LEAST:
            break
        rest = shorter
    shorter = " ".join(INSIDE.sub(" ", rest).split())
    if len(shorter) < LEAST:
        return Asked(rest)
    lost = any(LOST.search(found["toll"] or "") for found in INSIDE.finditer(rest))
    return Asked(shorter, LOSSES if lost else ())
