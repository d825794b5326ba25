"""The mistakes in a taxonomy, with messages in English and Chinese that name the line, the field and the remedy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from schemas.contract import shorten

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MESSAGES: Final = {
    "not-yaml": (
        "not valid YAML: {found}; check indentation, brackets and quotes",
        "不是有效的 YAML，请检查缩进、括号和引号（{found}）",
    ),
    "too-deep": ("nested too deeply; see seeds/taxonomy.yaml for the form", "嵌套太深，写法请看 seeds/taxonomy.yaml"),
    "no-document": (
        "expected the fields `version` and `topics`; see seeds/taxonomy.yaml",
        "应有 version 和 topics 两个字段，写法请看 seeds/taxonomy.yaml",
    ),
    "alias": (
        "anchors (&) and aliases (*) are not allowed; write the words again",
        "不能使用锚点（&）和引用（*），请把词语再写一遍",
    ),
    "repeated-key": ("is also on line {other}; keep one of the two", "与第 {other} 行重复，请只留一处"),
    "repeated-word": (
        "{found!r} is also on line {other}; keep one of the two",
        "“{found}”与第 {other} 行重复，请只留一处",
    ),
    "repeated-id": (
        "{found!r} is also used on line {other}; rename one",
        "“{found}”已用于第 {other} 行，请改用别的名称",
    ),
    "term-lookalike": (
        "{found!r} is a term on line {other}; a lookalike is a longer phrase",
        "“{found}”是第 {other} 行的用词；lookalikes 应是包含用词的更长的词语",
    ),
    "weak": (
        "no term can make the topic; give one a weight of {found} or more",
        "没有一个词足以定出主题，请给其中一个 {found} 以上的权重",
    ),
    "unknown-field": ("unknown field; use one of {found}", "没有这个字段，可用的有：{found}"),
    "extra_forbidden": (
        "unknown field; remove it or correct its spelling",
        "没有这个字段，请删去或改正拼写",
    ),
    "missing": ("missing; add this field", "缺少这个字段，请补上"),
    "string_pattern_mismatch": ("{found} does not have the form {limit}", "{found} 不合规定的写法 {limit}"),
    "string_type": ("expected text, got {found}; put it in quotes", "这里应是文字，写的却是 {found}，请加引号"),
    "string_too_short": (
        "the text is too short (at least {limit}), got {found}",
        "文字太短（至少 {limit} 字）：{found}",
    ),
    "string_too_long": ("the text is too long (at most {limit}), got {found}", "文字太长（至多 {limit} 字）：{found}"),
    "too_short": ("the list is too short (at least {limit}), got {found}", "列表太短（至少 {limit} 项）：{found}"),
    "greater_than_equal": ("must be {limit} or more, got {found}", "不得小于 {limit}，写的是 {found}"),
    "less_than_equal": ("must be {limit} or less, got {found}", "不得大于 {limit}，写的是 {found}"),
    "literal_error": ("use one of {limit}, got {found}", "只能是 {limit}，写的是 {found}"),
    "float_type": ("expected a number, got {found}", "这里应是数字，写的是 {found}"),
    "tuple_type": ("expected a list, got {found}", "这里应是列表，写的是 {found}"),
    "model_type": ("expected fields and values, got {found}", "这里应是字段和值，写的是 {found}"),
    "no-message": (
        "not a taxonomy: {found}; push it again with `broadsheet taxonomy push`",
        "不是主题表，请用 broadsheet taxonomy push 重新发布（{found}）",
    ),
    "other-version": (
        "version {found}: the content makes it {limit}; push it again",
        "版本 {found} 与内容不符，应为 {limit}，请重新发布",
    ),
    "unfit": ("this value does not fit, got {found}", "这个值不合要求：{found}"),
}
"""Code of a fault, or of pydantic's, to its messages in English and in Chinese."""
PYDANTIC_LIMITS: Final = ("pattern", "ge", "le", "min_length", "max_length", "expected")
"""The names under which pydantic says what would have been allowed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a text: its place (line and column from 1, 0 where unknown; field), and what is wrong.

    `code` is a key of `MESSAGES`; `other` is another line that matters, `found` and `limit` what the message quotes.
    """

    code: str
    line: int = 1
    field: str = ""
    column: int = 0
    found: str = ""
    limit: str = ""
    other: int = 0

    @property
    def english(self) -> str:
        """The fault in a line: line 5: topics[1].label: missing; add this field."""
        column = f", column {self.column}" if self.column else ""
        place = (f"line {self.line}{column}",) if self.line else ()
        return ": ".join((*place, *filter(None, [self.field]), self._text(0)))

    @property
    def chinese(self) -> str:
        """The fault in a line, in Chinese."""
        column = f"第 {self.column} 列" if self.column else ""
        place = (f"第 {self.line} 行{column}",) if self.line else ()
        return "：".join((*place, *filter(None, [self.field]), self._text(1)))

    def moved(self, lines: int) -> Self:
        """Return the fault in a text that begins `lines` lines later; no place is before its first line."""
        return replace(self, line=self.line and max(1, self.line + lines), other=self.other and self.other + lines)

    def _text(self, language: int) -> str:
        return MESSAGES[self.code][language].format(found=self.found, limit=self.limit, other=self.other)


class TaxonomyError(ValueError):
    """A taxonomy that cannot be used; each line of the text names the line, field and remedy of a mistake."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.english)))
        super().__init__("\n".join(fault.english for fault in self.faults))


def misfit(detail: ErrorDetails) -> dict[str, Any]:
    """Return the code, `found` and `limit` of the fault that pydantic found in a value."""
    context = detail.get("ctx", {})
    code = detail["type"] if detail["type"] in MESSAGES else "unfit"
    limit = next((context[name] for name in PYDANTIC_LIMITS if name in context), "")
    shown = f"{limit:g}" if isinstance(limit, float) else str(limit)
    return {"code": code, "found": shorten(detail["input"]), "limit": shown}
