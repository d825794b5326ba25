"""A page of an issue, known by its section and number: A1, B1; without a section 1, as most papers count."""

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

    It is a whole number, so that pages are ordered by section, then by number, pages without a section first, and a
    page without a section is its number. In messages it is that number, else a text such as "A1".
    """

    __slots__ = ()

    @classmethod
    def of(cls, section: str, number: int) -> PageLabel:
        """Return the page `number` (1 to 999) of a section: one or two letters, or empty.

        Raises:
            ValueError: there is no such page.
        """
        return cls.parse(f"{section}{number}")

    @classmethod
    def parse(cls, value: object) -> PageLabel:
        """Return the page that a number or a text such as 1, "01", "A1" or "a01" names.

        Raises:
            ValueError: it names none; the text says what does.
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
        """Its section, such as A; empty without one."""
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
        """As it stands in messages: 1, or "A1"."""
        return f"{self.section}{self.number}" if self.section else self.number

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"PageLabel({self.value!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read it from a number or a text, and write it as one."""

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
        """Describe both forms."""
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
                {"type": "string", "pattern": "^[A-Z]{1,2}[1-9][0-9]{0,2}$"},
            ]
        }


PageNumber = Annotated[int, PageLabel]
"""A page in a message; read, it is a `PageLabel`."""


def page_value(page: int) -> int | str:
    """Return a page as it stands in messages and in the index."""
    return page.value if isinstance(page, PageLabel) else page
