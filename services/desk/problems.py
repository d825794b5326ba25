"""The tree of the desk's errors, with messages for a person; they never contain a server's own text.

DeskError                a status, a code for programs, and what is wrong in English and in Chinese
├── NotFound             there is no such article or issue (404)
├── Gone                 it was withdrawn (410)
├── BadRequest           the request cannot be carried out (400)
├── Invalid              a parameter or a field is wrong (422)
├── Unauthorized         the request names no account (401)
├── Forbidden            the request is not allowed from its site, or for this person (403)
├── Conflict             the thing to change has changed in the meantime (409)
├── Late                 the request's body does not arrive (408)
├── TooLarge             the request is too large (413)
├── Unsupported          the request has the wrong content type (415)
├── Misdirected          the request is for another host (421)
├── TooMany              the client asks too often (429)
└── Away                 a server cannot be reached, is not set up yet, or the desk has too much to do (503)
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

    `position` is the place of the mistake in the query, if there is one, in characters from 0.
    """

    status = 500

    def __init__(self, code: str, english: str, chinese: str, *, position: int | None = None) -> None:
        super().__init__(english)
        self.code = code
        self.words: dict[Language, str] = {"en": english, "zh": chinese}
        self.position = position


class NotFound(DeskError):
    """The thing does not exist."""

    status = 404


class Gone(DeskError):
    """The thing existed and was withdrawn."""

    status = 410


class BadRequest(DeskError):
    """The request is wrong."""

    status = 400


class Invalid(DeskError):
    """A parameter is wrong."""

    status = 422


class Unauthorized(DeskError):
    """The request names no account."""

    status = 401


class Forbidden(DeskError):
    """The request is not allowed from its site, or for this person."""

    status = 403


class Conflict(DeskError):
    """The thing to change has changed in the meantime."""

    status = 409


class Late(DeskError):
    """The request's body does not arrive."""

    status = 408


class TooLarge(DeskError):
    """The request is too large."""

    status = 413


class Unsupported(DeskError):
    """The request has the wrong content type."""

    status = 415


class Misdirected(DeskError):
    """The request is for another host."""

    status = 421


class TooMany(DeskError):
    """The client asks too often; it may ask again after `seconds`."""

    status = 429

    def __init__(self, code: str, english: str, chinese: str, *, seconds: int) -> None:
        super().__init__(code, english, chinese)
        self.seconds = seconds


class Away(DeskError):
    """A server cannot be reached, or the desk has too much to do."""

    status = 503


class Problem(BaseModel):
    """An error in the form of RFC 9457 (application/problem+json)."""

    type: Literal["about:blank"] = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong and what to do.")
    code: str = Field(description="A code for programs, the same in every language.")
    position: int | None = Field(None, description="The place of the mistake in the query, in characters from 0.")


def from_query(error: QueryError) -> BadRequest:
    """Return the error for a query that cannot be understood."""
    return BadRequest(error.code, str(error), error.chinese, position=error.position)


def from_cursor(error: CursorError) -> BadRequest:
    """Return the error for an invalid cursor."""
    return BadRequest("bad-cursor", f"after: {error}", f"翻页标记无效：{error}。请从第一页重新开始")


def from_validation(errors: Sequence[Any]) -> Invalid:
    """Return the error for wrong parameters; it names at most three."""
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
        said = str(error["ctx"]["error"]).removeprefix(f"{name}: ")
        remedy = "请删去姓名中的控制字符和方向字符" if name == "by" else "日期请写成 2023-08-04 这样"
        return f"{name}: {said}", f"参数 {name}：{remedy}"
    return f"{name}: {error['msg']}", f"参数 {name} 的值不合要求"
