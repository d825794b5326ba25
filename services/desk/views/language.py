"""The language of the answer to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.desk.views.interface import LANGUAGES, interface, preferred

if TYPE_CHECKING:
    from fastapi import Request

    from services.desk.problems import Language
    from services.desk.views.interface import Interface

LANGUAGE_COOKIE: Final = "broadsheet-lang"


def is_api(request: Request) -> bool:
    """Return whether a program sent the request."""
    path: str = request.scope["path"]
    return path.startswith(("/api/", "/feeds/"))


def language_of(request: Request) -> Language:
    """Return the language of the answer: the parameter `lang`, else the cookie, else what Accept-Language prefers.

    Without any of them, pages are in Chinese and the API is in English.
    """
    accepted = request.headers.get("accept-language", "")
    if is_api(request):
        return preferred(accepted, "en")
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in LANGUAGES:
            return next(language for language in LANGUAGES if language == asked)
    return preferred(accepted, "zh")


def words_of(request: Request) -> Interface:
    """Return the interface in the request's language."""
    return interface(language_of(request))
