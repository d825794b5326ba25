"""A page of an issue: its section and number, such as A1 or B1. In most papers it has no section, such as 1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

LARGEST_NUMBER: Final = 999
LONGEST_SECTION: Final = 2
_STEP: Final = LARGEST_NUMBER + 1
_LETTERS: Final = 26
_LABEL: Final = re.compile(rf"([A-Za-z]{{0,{LONGEST_SECTION}}})0*([1-9]\d{{0,2}})", re.ASCII)


class PageLabel(int):
    """A page's section and number.

    It is an integer that orders pages by section, then by number. Pages without a section come first. A page without a
    section equals its number, and is written as that number in messages. Any other page is written as text, such as
    "A1".
    """

    __slots__ = ()

    @classmethod
    def of(cls, section: str, number: int) -> PageLabel:
        """Return the page `number` (1 to 999) of a section; a section is one or two letters, or empty.

        Raises:
            ValueError: there is no such page.
        """
        return cls.parse(f"{section}{number}")

    @classmethod
    def parse(cls, value: object) -> PageLabel:
        """Return the page that a number or a text such as 1, "01", "A1" or "a01" names.

        Raises:
            ValueError: `value` does not name a page. The text says what does.
        """
        if isinstance(value, cls):
            return value
        text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
        found = _LABEL.fullmatch(text)
        if found is None:
            raise ValueError(
                f"page: {str(value)[:40]!r} is not a page; give a number from 1 to {LARGEST_NUMBER}, "
                "or a section and a number such as A1"
            )
        code = 0
        for letter in found[1].upper():
            code = code * (_LETTERS + 1) + ord(letter) - ord("A") + 1
        return cls(code * _STEP + int(found[2]))

    @property
    def section(self) -> str:
        """Its section, such as A; empty if it has no section."""
        code, letters = int(self) // _STEP, ""
        while code:
            code, letter = divmod(code, _LETTERS + 1)
            letters = chr(ord("A") + letter - 1) + letters
        return letters

    @property
    def number(self) -> int:
        """Its number in its section."""
        return int(self) % _STEP

    @property
    def value(self) -> int | str:
        """Its form in messages: 1, or "A1"."""
        return f"{self.section}{self.number}" if self.section else self.number

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"PageLabel({self.value!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a page from a number or a text, and write it as a number or a text."""

        def read(value: object, as_number: Callable[[object], int]) -> PageLabel:
            return cls.parse(value) if isinstance(value, str | PageLabel) else cls(as_number(value))

        return core_schema.no_info_wrap_validator_function(
            read,
            core_schema.int_schema(ge=1, le=LARGEST_NUMBER, strict=True),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda page: page.value if isinstance(page, PageLabel) else page
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe both forms, number and text."""
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
                {"type": "string", "pattern": "^[A-Z]{1,2}[1-9][0-9]{0,2}$"},
            ]
        }


PageNumber = Annotated[int, PageLabel]
"""A page in a message. When a message is read, it becomes a `PageLabel`."""


def page_value(page: int) -> int | str:
    """Return a page in its form in messages and in the index."""
    return page.value if isinstance(page, PageLabel) else page
