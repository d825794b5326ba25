"""The desk as an ASGI application: pages and API over one archive, every answer with its security headers."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from schemas.raw import RawIssue
from services.desk.archive.archive import Archive
from services.desk.doors.admission import PROBES, Admission, asked_for
from services.desk.doors.hosts import allowed_hosts
from services.desk.doors.rates import Rate
from services.desk.head import HeadAsGet
from services.desk.measures import DeskMeasures
from services.desk.problems import DeskError, Problem, from_validation
from services.desk.publishing.accounts import read_accounts
from services.desk.routes import api, corrections, feeds, made, operations, pages, publishing, watching
from services.desk.routes.api_models import CorrectionRequest
from services.desk.routes.articles import versions
from services.desk.routes.requests import archive_of
from services.desk.topics import routes as topics
from services.desk.views.language import is_api, language_of
from services.desk.views.rendering import page
from services.runtime.elasticsearch.store import connect
from services.runtime.errors import BroadsheetError
from services.runtime.kafka.corrections import CorrectionSender

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from elasticsearch import AsyncElasticsearch
    from fastapi import Response

    from services.desk.publishing.accounts import Account
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

NAME: Final = "desk"
SECONDS_FOR_ELASTICSEARCH: Final = 10
SECURITY: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ROUTERS: Final = (
    corrections.api,
    corrections.pages,
    versions.api,
    versions.pages,
    watching.api,
    watching.pages,
    publishing.api,
    feeds.router,
    api.router,
    operations.api,
    operations.pages,
    made.router,
    topics.router,
    pages.router,
)
"""The routers in this order, because an article's id may contain any characters."""
LOST: Final = DeskError(
    "internal", "Something went wrong here; the desk's log says what.", "服务器内部出错，详情见日志。"
)
STATUS_WORDS: Final = {
    404: ("no-page", "There is no such page.", "没有这个页面。"),
    405: ("method", "This address does not take such a request.", "此地址不接受这种请求。"),
}


def create_app(settings: Settings, client: AsyncElasticsearch | None = None) -> FastAPI:
    """Return the application; without a `client`, it creates one from the settings and closes it at the end."""
    elasticsearch = client or connect(settings).options(request_timeout=SECONDS_FOR_ELASTICSEARCH, max_retries=0)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.sender.stop()
        await elasticsearch.close()

    app = FastAPI(
        title="Broadsheet",
        version="1",
        description="Articles of Chinese newspapers, found, read and corrected.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.settings = settings
    app.state.archive = Archive(elasticsearch, settings)
    app.state.sender = CorrectionSender(settings)
    app.state.publishers = _publishers(settings)
    app.state.measures = DeskMeasures()
    app.state.receiving = asyncio.Semaphore(publishing.MOST_AT_ONCE)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("services.desk", "static")]), name="static")
    app.add_api_route("/live", _live, include_in_schema=False)
    app.add_api_route("/ready", _ready, include_in_schema=False)
    app.add_exception_handler(DeskError, _explain)
    app.add_exception_handler(RequestValidationError, _explain)
    app.add_exception_handler(HTTPException, _explain)
    app.add_middleware(HeadAsGet)
    app.add_middleware(
        Admission,
        hosts=allowed_hosts(settings.desk_host, settings.desk_hosts),
        rates={
            "search": Rate(settings.desk_searches_per_minute),
            "export": Rate(settings.desk_exports_per_minute),
            "correction": Rate(settings.desk_corrections_per_minute),
            "issue": Rate(settings.desk_issues_per_minute),
        },
        said=_said,
    )
    app.middleware("http")(_guard)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _publishers(settings: Settings) -> tuple[Account, ...]:
    """Return the accounts that may publish; none if no file is named.

    Raises:
        BroadsheetError: the file cannot be read, or is not valid.
    """
    file = settings.desk_publishers
    if file is None:
        return ()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BroadsheetError(f"BROADSHEET_DESK_PUBLISHERS: {file} cannot be read: {error}") from None
    return read_accounts(text, str(file))


async def _guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the security headers, log the request, and never send a traceback."""
    started = time.perf_counter()
    path: str = request.scope["path"]
    try:
        response = await answer(request)
    except ClientDisconnect:
        log.info("the client left before its request was whole", method=request.method, path=path)
        return PlainTextResponse("", status_code=HTTPStatus.BAD_REQUEST)
    except Exception:
        log.exception("request failed", path=path)
        response = _said(request, LOST)
    response.headers.update(SECURITY)
    if path.startswith("/static/") and request.scope["query_string"]:
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
    if path not in PROBES:
        seconds = time.perf_counter() - started
        request.app.state.measures.answered(request.method, path, response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            path=path,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
            client=request.client.host if request.client else None,
        )
    return response


async def _explain(request: Request, error: Exception) -> Response:
    """Answer with the error: under /api as a problem (RFC 9457), elsewhere as a page."""
    if isinstance(error, RequestValidationError):
        return _said(request, from_validation(error.errors()))
    if isinstance(error, HTTPException):
        code, english, chinese = STATUS_WORDS.get(error.status_code, ("refused", error.detail, error.detail))
        described = DeskError(code, english, chinese)
        described.status = error.status_code
        headers = dict(error.headers or {})
        if "Allow" in headers:
            headers["Allow"] = _methods_at(request.scope["path"]) or headers["Allow"]
        return _said(request, described, headers)
    assert isinstance(error, DeskError)
    return _said(request, error)


def _methods_at(path: str) -> str:
    """Return the methods of every route at the address, for Allow; the framework names only the first route's."""
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, Route))
    return ", ".join(sorted({method for one in routes if one.path_regex.match(path) for method in one.methods or ()}))


def _said(request: Request, error: DeskError, headers: dict[str, str] | None = None) -> Response:
    language = language_of(request)
    if is_api(request):
        problem = Problem(
            title=HTTPStatus(error.status).phrase,
            status=error.status,
            detail=error.words[language],
            code=error.code,
            position=error.position,
        )
        response: Response = JSONResponse(
            problem.model_dump(), status_code=error.status, media_type=api.PROBLEM_TYPE, headers=headers
        )
    else:
        query = request.query_params.get("q", "")
        response = page(request, "problem.html", status=error.status, error=error, query=query)
        response.headers.update(headers or {})
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["www-authenticate"] = "Bearer"
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["retry-after"] = "5"
    return response


async def _live() -> PlainTextResponse:
    return PlainTextResponse("alive\n")


async def _ready(request: Request) -> PlainTextResponse:
    obstacle = await archive_of(request).obstacle()
    return PlainTextResponse(f"{obstacle or 'ready'}\n", status_code=503 if obstacle else 200)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description: FastAPI's, with our own form of errors."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schemas = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for model in (CorrectionRequest, RawIssue):
            asked = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= asked.pop("$defs") | {model.__name__: asked}
        made["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                answers = operation["responses"]
                answers["421"] = api.problem_answer("The request is for another host.")
                if asked_for(method.upper(), path) is not None:
                    answers["429"] = api.problem_answer("Too many requests of this kind; Retry-After says when again.")
        app.openapi_schema = made
    return app.openapi_schema
