"""The editor's name, from the sign-on or from the editor, and the check that a form comes from the desk."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from pydantic import TypeAdapter, ValidationError

from schemas.correction import Editor
from services.desk.problems import Forbidden
from services.desk.routes.origin import is_foreign

if TYPE_CHECKING:
    from fastapi import Request, Response

    from services.runtime.settings import Settings

EDITOR_COOKIE: Final = "broadsheet-editor"
TOKEN_COOKIE: Final = "broadsheet-form"  # noqa: S105  # a cookie's name
TOKEN: Final = re.compile(r"[0-9a-f]{32}")
YEAR_SECONDS: Final = 365 * 86_400

NAME: Final[TypeAdapter[str]] = TypeAdapter(Editor)


def refuse_unless_ours(request: Request, settings: Settings) -> None:
    """Refuse a request from another site's page, or any correction if this desk is read-only.

    Raises:
        Forbidden: another site made the request, or this desk is read-only.
    """
    if not settings.desk_corrections:
        raise Forbidden("read-only", "This desk only reads; corrections are turned off.", "本站只供查阅，未开放更正。")
    refuse_foreign(request)


def refuse_foreign(request: Request) -> None:
    """Refuse a request from another site's page.

    Raises:
        Forbidden: another site made the request.
    """
    if is_foreign(request.headers):
        raise Forbidden(
            "other-site",
            "This was sent from a page of another site. Open the article on the desk and correct it there.",
            "此请求来自其他网站的页面。请在本站打开稿件后更正。",
        )


def may_correct(request: Request, settings: Settings) -> bool:
    """Return whether to show the form: the desk accepts corrections, and the sign-on, if any, names the person."""
    if not settings.desk_corrections:
        return False
    try:
        signed_on(request, settings)
    except Forbidden:
        return False
    return True


def signed_on(request: Request, settings: Settings) -> str | None:
    """Return the name from the sign-on; None if there is no sign-on, so that the editor must give a name.

    Raises:
        Forbidden: there is a sign-on, but it names nobody.
    """
    if settings.desk_editor_header is None:
        return None
    name = named(_as_sent(request.headers.get(settings.desk_editor_header, "")))
    if name is None:
        raise Forbidden(
            "no-editor",
            f"The sign-on before this desk names nobody (header {settings.desk_editor_header}).",
            f"登录系统没有告知您的身份（请求头 {settings.desk_editor_header}）。",
        )
    return name


def remembered(request: Request) -> str:
    """Return the name that an editor gave before, from the cookie; empty if there is none."""
    return named(unquote(request.cookies.get(EDITOR_COOKIE, ""))) or ""


def named(text: str) -> str | None:
    """Return a name in the form that corrections need; None if it is invalid."""
    try:
        return NAME.validate_python(text)
    except ValidationError:
        return None


def remember(response: Response, request: Request, name: str) -> None:
    """Store an editor's name in the browser."""
    _set(response, request, EDITOR_COOKIE, quote(name))


def token_of(request: Request) -> str:
    """Return the browser's token, or a new one; a form must return it."""
    token = request.cookies.get(TOKEN_COOKIE, "")
    return token if TOKEN.fullmatch(token) else secrets.token_hex(16)


def keep_token(response: Response, request: Request, token: str) -> None:
    """Store the token in the browser, if the browser has another token or none."""
    if request.cookies.get(TOKEN_COOKIE) != token:
        _set(response, request, TOKEN_COOKIE, token)


def is_token(request: Request, given: str) -> bool:
    """Return whether a form returned the token of its browser."""
    kept = request.cookies.get(TOKEN_COOKIE, "")
    return bool(TOKEN.fullmatch(kept)) and secrets.compare_digest(kept.encode(), given.encode())


def _set(response: Response, request: Request, name: str, value: str) -> None:
    secure = request.scope["scheme"] == "https"
    response.set_cookie(name, value, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure)


def _as_sent(text: str) -> str:
    """Return a header's text, as UTF-8 if its bytes are valid UTF-8; the protocol reads them as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
