"""Answer HEAD like GET, but without the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Middleware that lets the application answer HEAD like GET, and sends everything except the body.

    It stops the application at the first piece of the body, so that no long file is made in vain.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            raise _Answered

        try:
            await self.app({**scope, "method": "GET"}, receive, without_body)
        except _Answered:
            return


class _Answered(Exception):
    """The part of the answer that HEAD needs was sent."""
