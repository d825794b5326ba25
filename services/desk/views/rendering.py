"""Pages from templates: Jinja2 with everything escaped, texts in one language, and no inline script or style."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.desk.addresses.links import article_address, issue_address, line_anchor
from services.desk.archive.titles import title_of
from services.desk.views.interface import TAGS, interface
from services.desk.views.language import LANGUAGE_COOKIE, language_of
from services.desk.views.made import duration, is_corrected, moment, published
from services.drawing.draw import draw

if TYPE_CHECKING:
    from fastapi import Request

    from services.desk.problems import Language

YEAR_SECONDS: Final = 365 * 86_400


@cache
def environment() -> Environment:
    """Return the templates; every value is escaped, and a missing name is an error."""
    made = Environment(
        loader=PackageLoader("services.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        article_address=article_address,
        issue_address=issue_address,
        line_anchor=line_anchor,
        asset=asset,
        draw=draw,
        is_corrected=is_corrected,
        published=published,
        duration=duration,
        moment=moment,
        clip_title=title_of,
    )
    return made


@cache
def asset(name: str) -> str:
    """Return the address of a packaged file, which changes with its content so that browsers may keep it."""
    content = (files("services.desk") / "static" / name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the request's language; a cookie remembers a choice by `lang`."""
    language = language_of(request)
    text = (
        environment()
        .get_template(template)
        .render(
            t=interface(language),
            language=language,
            tag=TAGS[language],
            in_language={other: _in_language(request, other) for other in TAGS},
            **values,
        )
    )
    response = HTMLResponse(text, status_code=status)
    if request.query_params.get("lang") == language:
        secure = request.scope["scheme"] == "https"
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure
        )
    return response


def _in_language(request: Request, language: Language) -> str:
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"?{urlencode([*pairs, ('lang', language)])}"
