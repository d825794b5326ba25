"""Middleware that admits requests, or answers instead of the application."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

from starlette.requests import Request

from services.desk.doors.hosts import host_in
from services.desk.doors.rates import client_of
from services.desk.problems import Away, DeskError, Misdirected, TooMany

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from services.desk.doors.rates import Rate

Asked = Literal["search", "export", "correction", "issue"]

MOST_AT_ONCE: Final = 200
"""The largest number of requests at once; further requests get 503, so that memory stays bounded."""
PROBES: Final = ("/live", "/ready")
"""Addresses that are always admitted: they disclose nothing, and an orchestrator asks for them by IP address."""
SEARCHES: Final = ("/", "/watching", "/api/search", "/api/facets", "/api/suggest", "/api/new")
FEEDS: Final = "/feeds/"
EXPORTS: Final = ("/export/", "/api/export/")
PUBLISHING: Final = "/api/issues"
READING: Final = ("GET", "HEAD", "OPTIONS")


class Admission:
    """Refuses requests for a foreign host, from a client that asks too often, and above the number at once.

    Args:
        app: the application.
        hosts: see `allowed_hosts`.
        rates: how often a client may ask for each kind of work.
        said: makes the answer for an error, with more headers.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        rates: Mapping[Asked, Rate],
        said: Callable[[Request, DeskError, dict[str, str]], Response],
    ) -> None:
        self.app = app
        self._hosts = hosts
        self._rates = rates
        self._said = said
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            self._check(request)
        except DeskError as error:
            headers = {"retry-after": str(error.seconds)} if isinstance(error, TooMany) else {}
            await self._said(request, error, headers)(scope, receive, send)
            return
        self._inside += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._inside -= 1

    def _check(self, request: Request) -> None:
        host = host_in(request.headers.get("host", ""))
        if host not in self._hosts:
            raise Misdirected(
                "foreign-host",
                f"This desk does not answer under the name {host or 'in this request'}. Open it under its own name; "
                "its operator lists further names in BROADSHEET_DESK_HOSTS.",
                f"本站不以“{host or '此请求中的名称'}”之名提供服务。请用本站自己的地址访问；"
                "其他名称由管理员在 BROADSHEET_DESK_HOSTS 中列出。",
            )
        if self._inside >= MOST_AT_ONCE:
            raise Away(
                "busy",
                f"The desk is answering {MOST_AT_ONCE} requests already; please try again in a moment.",
                f"本站正在处理 {MOST_AT_ONCE} 个请求，请稍后再试。",
            )
        kind = asked_for(request.method, request.scope["path"])
        if kind is not None and kind in self._rates:
            client = client_of(request.client.host if request.client else "")
            seconds = self._rates[kind].wait(client, time.monotonic())
            if seconds:
                raise TooMany(
                    "too-many",
                    f"Too many requests of this kind from your address; ask again in {seconds} s.",
                    f"来自您地址的同类请求过多，请 {seconds} 秒后再试。",
                    seconds=seconds,
                )


def asked_for(method: str, path: str) -> Asked | None:
    """Return what kind of work a request asks for; None if its rate is not limited."""
    if method not in READING:
        return "issue" if path == PUBLISHING else "correction"
    if path in SEARCHES or path.startswith(FEEDS):
        return "search"
    return "export" if path.startswith(EXPORTS) else None
