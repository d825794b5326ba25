"""The mistakes in a query, with messages in English and Chinese that tell an editor how to correct them."""

from __future__ import annotations

from typing import Final

DATES: Final = "2023-08-04, 2023-08, 2023, 2023年8月4日"
MESSAGES: Final = {
    "too-long": ("the query is longer than {limit} characters; shorten it", "查询超过{limit}个字符，请缩短"),
    "too-many-terms": ("the query has more than {limit} terms; leave some out", "查询词超过{limit}个，请减少"),
    "too-heavy": ("the query has too many words and phrases; leave some out", "查询内容过多，请减少词语"),
    "too-deep": ("parentheses are nested more than {limit} deep; simplify", "括号嵌套超过{limit}层，请简化"),
    "unclosed-quote": (
        "the quotation mark {found} is never closed; add the closing one",
        "引号 {found} 没有配对，请补上后引号",
    ),
    "empty-quote": (
        "{found} has nothing to look for between the quotation marks; write some words",
        "引号 {found} 内没有可查的内容，请填写词语",
    ),
    "unclosed-parenthesis": ("a parenthesis is never closed; add )", "括号没有配对，请补上右括号"),
    "stray-parenthesis": ("a ) has no ( before it; remove it", "多了一个右括号，请删去"),
    "missing-operand": ("{found} needs a word on each side it joins", "{found} 前后缺少查询词"),
    "missing-value": ("{found} needs a value after it", "{found} 后面缺少内容"),
    "bad-date": (
        f"{{found}} is not a date; write {DATES} or a range such as 2023-08-01..2023-08-31",
        f"{{found}} 不是日期；可写 {DATES}，或范围 2023-08-01..2023-08-31",
    ),
    "bad-page": (
        "{found} is not a page; write a page such as 1 or A1, or a range such as 1-4",
        "{found} 不是版次；可写 1、A1 或 1-4",
    ),
}
"""Code of an error to its messages in English and in Chinese."""


class QueryError(ValueError):
    """A query that cannot be understood: `code` is a key of `MESSAGES`, `position` counts characters from 0."""

    def __init__(self, code: str, position: int, *, found: str = "", limit: int = 0) -> None:
        english, chinese = (text.format(found=found, limit=limit) for text in MESSAGES[code])
        super().__init__(f"{english} (at character {position + 1})")
        self.code = code
        self.position = position
        self.chinese = f"{chinese}（第{position + 1}个字符）"
