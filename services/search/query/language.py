"""What an editor may type: words, "phrases", AND/OR/NOT, field prefixes and parentheses, in either punctuation.

    台风 广东                     both, anywhere in the article
    "零关税"  「零关税」          this exact wording
    台风 OR 暴雨, -演习, NOT 演习  either; without
    标题:台风  记者：王小明       only in that part (Chinese or English names, see `FIELDS`)
    日期:2023年8月  版:1-4        dates, months, years, ranges; pages and ranges of pages

A colon after any other word than a field's name is punctuation, so that a headline can be pasted in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from services.search.query.errors import QueryError
from services.search.query.nodes import (
    All,
    AnyOf,
    Dates,
    Node,
    Not,
    Pages,
    Phrase,
    TextField,
    Value,
    ValueField,
    Words,
)
from services.search.query.ranges import RangeError, date_range, page_range

__all__ = ["FIELDS", "QueryError", "parse"]

LONGEST_QUERY: Final = 500
MOST_TERMS: Final = 40
DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Text:
    """A part of an article that can be searched."""

    name: TextField


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet whose values can be searched."""

    name: ValueField


Field = Text | Facet | Literal["date", "page"]

NAMES: Final[tuple[tuple[Field, str], ...]] = (
    (Text("headline"), "标题 主标题 title headline"),
    (Text("kicker"), "引题 肩题 眉题 kicker"),
    (Text("deck"), "副题 副标题 deck subtitle"),
    (Text("label"), "栏目 专栏 column label"),
    (Text("byline"), "记者 作者 通讯员 署名 摄影 reporter author byline"),
    (Text("source"), "电头 来源 source dateline"),
    (Text("body"), "正文 内文 body text"),
    (Text("caption"), "图说 图片说明 图注 caption"),
    (Facet("topic"), "主题 话题 topic"),
    (Facet("kind"), "体裁 类型 kind type"),
    (Facet("place"), "地点 地名 place location"),
    (Facet("organisation"), "机构 单位 organisation organization"),
    (Facet("person"), "人物 人名 person people"),
    (Facet("paper"), "报纸 报名 paper newspaper"),
    (Facet("flag"), "标记 flag"),
    (Facet("correction"), "更正 correction"),
    ("date", "日期 date"),
    ("page", "版 版面 版次 page"),
)
FIELDS: Final[dict[str, Field]] = {name: field for field, names in NAMES for name in names.split()}
"""Name of a field, Chinese or English, to the field."""
OPENING, CLOSING = "(（", ")）"
COLONS = ":："
QUOTES: Final = {'"': '"”＂', "＂": '＂"', "“": '”"', "”": '”"', "„": '”“"', "「": "」", "『": "』"}
"""Opening quotation mark to the marks that may close it; people also open with ”."""
OPERATORS: Final = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR", "|": "OR", "NOT": "NOT"}
NEGATION = re.compile(r"[-－!！](?=[^\s\d\-－!！])")
TRADITIONAL: Final = "標題專欄記訊員攝電頭來內圖說話體類點機構單報紙註"
SIMPLIFIED: Final = "标题专栏记讯员摄电头来内图说话体类点机构单报纸注"
SIMPLER: Final = str.maketrans(TRADITIONAL, SIMPLIFIED)
"""The characters of fields' names to those that `FIELDS` has; a typist may mix both."""
EITHER: Final = str.maketrans(
    {simple: f"[{simple}{other}]" for simple, other in zip(SIMPLIFIED, TRADITIONAL, strict=True)}
)
LONGEST_FIRST = "|".join(name.translate(EITHER) for name in sorted(FIELDS, key=len, reverse=True))
PREFIX = re.compile(rf"({LONGEST_FIRST})\s?[{COLONS}]\s*", re.IGNORECASE)


def parse(query: str) -> Node | None:
    """Return the tree of `query`; None if it is blank.

    Raises:
        QueryError: the query cannot be understood. No other error is raised.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError("too-long", LONGEST_QUERY, limit=LONGEST_QUERY)
    return _Parser(query).parse()


class _Parser:
    """Recursive descent over the characters of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.position = 0
        self.terms = 0
        self.depth = 0

    def parse(self) -> Node | None:
        node = self._alternatives(None)
        if self.position < len(self.query):
            raise QueryError("stray-parenthesis", self.position)
        return node

    def _alternatives(self, field: Field | None) -> Node | None:
        parts = [self._conjunction(field)]
        while (operator := self._peek_operator()) and OPERATORS[operator] == "OR":
            at = self.position
            self.position += len(operator)
            parts.append(self._conjunction(field))
            if parts[-1] is None or parts[-2] is None:
                raise QueryError("missing-operand", at, found=operator)
        present = tuple(part for part in parts if part is not None)
        return AnyOf(present) if len(present) > 1 else present[0] if present else None

    def _conjunction(self, field: Field | None) -> Node | None:
        parts: list[Node] = []
        joined: tuple[int, str] | None = None
        while True:
            operator = self._peek_operator()
            if operator and OPERATORS[operator] == "OR":
                break
            if operator and OPERATORS[operator] == "AND":
                if not parts or joined:
                    raise QueryError("missing-operand", self.position, found=operator)
                joined = (self.position, operator)
                self.position += len(operator)
                continue
            part = self._negatable(field)
            if part is None:
                break
            parts.append(part)
            joined = None
        if joined:
            raise QueryError("missing-operand", joined[0], found=joined[1])
        return All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def _negatable(self, field: Field | None) -> Node | None:
        negations = 0
        while True:
            operator = self._peek_operator()
            mark = NEGATION.match(self.query, self.position) if self._begins_a_piece() else None
            if operator == "NOT" or mark:
                at, found = self.position, operator or self.query[self.position]
                self.position += len(found)
                negations += 1
                if negations > DEEPEST:
                    raise QueryError("too-deep", at, limit=DEEPEST)
                continue
            break
        part = self._primary(field)
        if part is None and negations:
            raise QueryError("missing-operand", at, found=found)
        return Not(part) if part is not None and negations % 2 else part

    def _begins_a_piece(self) -> bool:
        """Whether nothing stands right before: a mark that follows a word or quotation is that text's punctuation."""
        before = self.query[self.position - 1 : self.position]
        return (
            not before or before.isspace() or before in OPENING or bool(NEGATION.match(self.query, self.position - 1))
        )

    def _primary(self, field: Field | None) -> Node | None:
        self._skip_space()
        if self.position >= len(self.query) or self.query[self.position] in CLOSING:
            return None
        start = self.position
        character = self.query[start]
        if character in OPENING:
            return self._group(field)
        prefix = PREFIX.match(self.query, start) if field is None else None
        if prefix:
            self.position = prefix.end()
            node = self._primary(FIELDS[prefix[1].lower().translate(SIMPLER)]) if self._value_follows() else None
            if node is None:
                raise QueryError("missing-value", start, found=prefix[0].strip())
            return node
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise QueryError("too-many-terms", start, limit=MOST_TERMS)
        if character in QUOTES:
            quoted = self._quoted()
            if not any(map(str.isalnum, quoted)):
                raise QueryError("empty-quote", start, found=self.query[start : self.position])
            return _node(quoted, field, start, quoted=True)
        return _node(self._word(), field, start, quoted=False)

    def _group(self, field: Field | None) -> Node | None:
        at = self.position
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError("too-deep", at, limit=DEEPEST)
        self.position += 1
        node = self._alternatives(field)
        if self.position >= len(self.query):
            raise QueryError("unclosed-parenthesis", at)
        self.position += 1
        self.depth -= 1
        return node if node is not None else self._primary(field)

    def _quoted(self) -> str:
        at = self.position
        closing = QUOTES[self.query[at]]
        end = at + 1
        while end < len(self.query) and self.query[end] not in closing:
            end += 1
        if end >= len(self.query):
            raise QueryError("unclosed-quote", at, found=self.query[at])
        self.position = end + 1
        return self.query[at + 1 : end]

    def _word(self) -> str:
        """Take characters up to a space, a quotation mark or the end of a group; brackets inside belong to it."""
        start = self.position
        inner = 0
        while self.position < len(self.query):
            character = self.query[self.position]
            if character.isspace() or (character in QUOTES and self.position > start):
                break
            if character in OPENING:
                inner += 1
            elif character in CLOSING:
                if not inner:
                    break
                inner -= 1
            self.position += 1
        return self.query[start : self.position]

    def _value_follows(self) -> bool:
        self._skip_space()
        return self.position < len(self.query) and not self._peek_operator()

    def _peek_operator(self) -> str:
        """Return the operator here, between spaces or brackets; an empty string if there is none."""
        self._skip_space()
        end = self.position
        while end < len(self.query) and not self.query[end].isspace() and self.query[end] not in OPENING + CLOSING:
            end += 1
        word = self.query[self.position : end]
        if word in OPERATORS:
            return word
        return next((sign for sign in ("&&", "||") if word.startswith(sign)), "")

    def _skip_space(self) -> None:
        while self.position < len(self.query) and self.query[self.position].isspace():
            self.position += 1


def _node(text: str, field: Field | None, start: int, *, quoted: bool) -> Node:
    shown = text.strip()
    if field is None or isinstance(field, Text):
        part = field.name if field else None
        return Phrase(shown, part) if quoted else Words(shown, part)
    if isinstance(field, Facet):
        return Value(field.name, shown)
    try:
        return Dates(date_range(shown)) if field == "date" else Pages(page_range(shown))
    except RangeError:
        raise QueryError("bad-date" if field == "date" else "bad-page", start, found=shown) from None
