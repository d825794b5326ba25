"""The body of a request, within its limits of size and time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from services.desk.problems import BadRequest, Late, TooLarge, Unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request


FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 500


def fields_in(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form.

    Raises:
        BadRequest: the body is not a form.
    """
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadRequest("bad-form", "The form cannot be read.", "表单内容无法读取。") from None


def kind_of(request: Request, kinds: Sequence[str]) -> str:
    """Return the content type of a request's body, without its parameters.

    Raises:
        Unsupported: it is none of `kinds`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        listed = ", ".join(kinds)
        raise Unsupported("media-type", f"Send it as {listed}.", f"请以 {listed} 格式发送。")
    return kind


async def body_of(request: Request, most: int, seconds: float) -> bytes:
    """Return the body of a request.

    Args:
        request: the request.
        most: the largest size, in bytes.
        seconds: how long the body may take to arrive.

    Raises:
        TooLarge: the body is too long.
        Late: the body does not arrive.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _received(request, most)
    except TimeoutError:
        raise Late(
            "too-late",
            f"The request did not come within {seconds:g} s; send it again.",
            f"请求未在 {seconds:g} 秒内送达，请重新发送。",
        ) from None


async def _received(request: Request, most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge(
                "too-large",
                f"The request is too large; send at most {most} bytes.",
                f"内容过长，最多 {most} 字节。",
            )
    return bytes(body)
