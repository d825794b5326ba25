"""What can go wrong when the desk is asked, in words for a person; no server's own text ever gets out.

DeskError                a status, a code for programs, and what is wrong in English and in Chinese
├── NotFound             there is no such article or issue (404)
├── Gone                 it was withdrawn (410)
├── BadRequest           the request asks for what cannot be (400)
├── Invalid              a parameter or a field does not fit (422)
├── Forbidden            it may not be done from there, or not by this person (403)
├── Conflict             what is to be changed has changed meanwhile (409)
├── TooLarge             more was sent than is read (413)
├── Unsupported          it was sent in a form that is not read (415)
└── Away                 a server cannot be reached, or is not there yet (503)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.search.cursor import CursorError
    from services.search.query.errors import QueryError

Language = Literal["zh", "en"]
SHOWN: Final = 3


class DeskError(Exception):
    """A request that cannot be answered.

    `position` counts characters of the query from 0 where there is one; `leads_to` is the address and title of what
    there is instead.
    """

    status = 500

    def __init__(self, code: str, english: str, chinese: str, *, position: int | None = None) -> None:
        super().__init__(english)
        self.code = code
        self.words: dict[Language, str] = {"en": english, "zh": chinese}
        self.position = position
        self.leads_to: tuple[str, str] | None = None


class NotFound(DeskError):
    """There is no such thing."""

    status = 404


class Gone(DeskError):
    """There was such a thing."""

    status = 410


class BadRequest(DeskError):
    """The request is at fault."""

    status = 400


class Invalid(DeskError):
    """A parameter does not fit."""

    status = 422


class Forbidden(DeskError):
    """It may not be done from there, or not by this person."""

    status = 403


class Conflict(DeskError):
    """What is to be changed has changed meanwhile."""

    status = 409


class TooLarge(DeskError):
    """More was sent than is read."""

    status = 413


class Unsupported(DeskError):
    """It was sent in a form that is not read."""

    status = 415


class Away(DeskError):
    """A server is away."""

    status = 503


class Problem(BaseModel):
    """An error as RFC 9457 has it (application/problem+json)."""

    type: Literal["about:blank"] = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong and what to do.")
    code: str = Field(description="For programs; it does not change with the language.")
    position: int | None = Field(None, description="Where in the query, in characters from 0.")


def from_query(error: QueryError) -> BadRequest:
    """Return the error for a query that cannot be understood."""
    return BadRequest(error.code, str(error), error.chinese, position=error.position)


def from_cursor(error: CursorError) -> BadRequest:
    """Return the error for a cursor that leads nowhere."""
    return BadRequest("bad-cursor", f"after: {error}", f"翻页标记无效：{error}。请从第一页重新开始")


def from_validation(errors: Sequence[Any]) -> Invalid:
    """Return the error for parameters that do not fit; at most three are named."""
    named = [_described(error) for error in errors[:SHOWN]]
    return Invalid(
        "bad-parameter",
        "; ".join(english for english, _ in named) or "a parameter does not fit",
        "；".join(chinese for _, chinese in named) or "参数有误",
    )


def _described(error: Any) -> tuple[str, str]:
    name = next((str(step) for step in error["loc"] if step not in ("query", "path", "body")), "parameters")
    name = name[:40]
    if error["type"] == "extra_forbidden":
        return f"{name}: no such parameter", f"没有名为 {name} 的参数"
    if error["type"] == "value_error":
        return f"{name}: {error['ctx']['error']}", f"参数 {name}：日期请写成 2023-08-04 这样"
    return f"{name}: {error['msg']}", f"参数 {name} 的值不合要求"
