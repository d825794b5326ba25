"""Corrections by editors: from the form on an article's page, and over the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import unquote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import QueryParams

from schemas.correction import AppliedCorrection, Correction, TakeBack
from services.desk.addresses.links import article_address
from services.desk.archive.archive import Archive
from services.desk.archive.identifiers import is_article_id
from services.desk.correcting.form import changes_of, correction_id, fault_of, read, renewed
from services.desk.correcting.offers import offered_for
from services.desk.correcting.values import state_of
from services.desk.problems import (
    Away,
    Conflict,
    Forbidden,
    Invalid,
    from_validation,
)
from services.desk.routes.api import GONE, Id, problem_answer
from services.desk.routes.api_models import CorrectionAccepted, CorrectionRequest
from services.desk.routes.articles.article_page import article_page
from services.desk.routes.articles.results import list_pairs
from services.desk.routes.bodies import FORM, body_of, fields_in, kind_of
from services.desk.routes.editors import is_token, named, refuse_unless_ours, remember, remembered, signed_on
from services.desk.routes.requests import archive_of, sender_of, settings_of
from services.desk.views.corrections import SentCorrections
from services.desk.views.interface import interface
from services.runtime.errors import Rejected, Unavailable
from services.runtime.kafka.corrections import CorrectionSender, new_correction

if TYPE_CHECKING:
    from schemas.correction import Change
    from schemas.tagged import TaggedArticle

LARGEST_BODY: Final = 256 * 1024
"""The largest size of a form or a correction: a page of Chinese, percent-encoded, is smaller."""
BODY_SECONDS: Final = 10.0
"""How long the body of a request may take to arrive."""
MOST_SENT: Final = 60
"""The largest number of changes that a form can ask for."""
ID: Final = re.compile(r"[0-9a-f]{32}")
JSON: Final = "application/json"

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api", tags=["corrections"])
Reading = Annotated[Archive, Depends(archive_of)]
Sending = Annotated[CorrectionSender, Depends(sender_of)]


@pages.get("/articles/{article_id:path}/corrections")
async def back(article_id: str, request: Request) -> RedirectResponse:
    """Redirect to the article: this address is in the bar after a form with mistakes."""
    chosen = request.query_params.get("lang")
    pairs = list_pairs(request.query_params)
    return _leading_to(article_id, [*pairs, ("lang", chosen)] if chosen else pairs)


@pages.post("/articles/{article_id:path}/corrections")
async def correct(article_id: str, request: Request, archive: Reading, sender: Sending) -> Response:
    """Send the form's changes and redirect to the article; a form with mistakes comes back as it was filled in."""
    settings = settings_of(request)
    refuse_unless_ours(request, settings)
    draft = read(fields_in(await _body(request, FORM)))
    article = await archive.article(article_id)
    offered = await offered_for(article, archive)
    editor = signed_on(request, settings) or named(draft.by or remembered(request))
    stale = not draft.take_back and draft.state != state_of(article)
    changes, faults = changes_of(draft, article, offered)
    status = 422
    if not is_token(request, draft.token):
        faults, status = {"token": "correct.fault.token"}, 403
    elif stale:
        faults, status = {"version": "correct.fault.version"}, 409
    elif editor is None:
        faults |= {"by": "correct.fault.by"}
    if faults or editor is None:
        return await article_page(request, article, draft=renewed(draft, article), faults=faults, status=status)
    made = [_made(article, editor, change, correction_id(draft.token, state_of(article), change)) for change in changes]
    try:
        for one in made:
            await sender.send(one)
    except Unavailable:
        faults = {"unsent": "correct.fault.unsent"}
        return await article_page(request, article, draft=draft, faults=faults, status=503)
    following = _following(draft.then) if draft.confirm else None
    response = following or _leading_to(article_id, [*list_pairs(request.query_params), *_sent(made)])
    if settings.desk_editor_header is None:
        remember(response, request, editor)
    return response


CORRECTION: Final = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{CorrectionRequest.__name__}"}}},
    }
}
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    **GONE,
    400: problem_answer("The body is not text."),
    403: problem_answer(
        "Another site's page sent it, it names nobody or another than signed on, or this desk only reads."
    ),
    408: problem_answer("The body did not arrive in time."),
    409: problem_answer("The article has changed since the version that was looked at, or has not what is named."),
    413: problem_answer("The body is too large."),
    415: problem_answer("The body is not JSON."),
    422: problem_answer("The correction does not fit."),
    503: problem_answer("The archive or Kafka is away; sent again under its id, a correction counts once."),
}


@api.get("/articles/{article_id:path}/corrections", responses=GONE)
async def corrections_of(article_id: Id, archive: Reading) -> list[AppliedCorrection]:
    """Return the corrections of an article, with the state of each."""
    return list((await archive.article(article_id)).corrections)


@api.post("/articles/{article_id:path}/corrections", status_code=202, responses=REFUSED, openapi_extra=CORRECTION)
async def correct_by_program(article_id: Id, request: Request, archive: Reading, sender: Sending) -> CorrectionAccepted:
    """Send a correction. The answer comes once Kafka has stored it; the article shows it shortly after."""
    settings = settings_of(request)
    refuse_unless_ours(request, settings)
    try:
        asked = CorrectionRequest.model_validate_json(await _body(request, JSON))
    except ValidationError as error:
        raise from_validation(error.errors()) from None
    editor = _editor_of(asked, signed_on(request, settings))
    article = await archive.article(article_id)
    if asked.version not in (None, article.version):
        raise Conflict("changed", *_in_both("correct.fault.version"))
    fault = fault_of(asked.change, article, await offered_for(article, archive))
    if fault:
        raise Conflict("no-effect", *_in_both(fault))
    made = _made(article, editor, asked.change, asked.correction_id)
    try:
        await sender.send(made)
    except Unavailable:
        raise Away("unsent", *_in_both("correct.fault.unsent")) from None
    return CorrectionAccepted(correction_id=made.correction_id, article_id=article.article_id)


def sent_in(parameters: QueryParams) -> SentCorrections | None:
    """Return the corrections that were just sent according to an address; None if it names none."""
    ids, taken = (
        tuple(value for value in parameters.getlist(name)[:MOST_SENT] if ID.fullmatch(value))
        for name in ("sent", "taken_back")
    )
    return SentCorrections(ids, taken) if ids or taken else None


def _sent(made: list[Correction]) -> list[tuple[str, str]]:
    return [
        ("taken_back", one.change.taken_back) if isinstance(one.change, TakeBack) else ("sent", one.correction_id)
        for one in made
    ]


def _leading_to(article_id: str, pairs: list[tuple[str, str]]) -> RedirectResponse:
    query = f"?{urlencode(pairs)}" if pairs else ""
    return RedirectResponse(f"{article_address(article_id)}{query}#corrections", status_code=303)


def _following(address: str) -> RedirectResponse | None:
    """Return the way to the next article of a list; None if the address is not one of our articles."""
    path, _, query = address.partition("?")
    if not path.startswith("/articles/") or not is_article_id(unquote(path.removeprefix("/articles/"))):
        return None
    pairs = list_pairs(QueryParams(query))
    return RedirectResponse(f"{path}?{urlencode([*pairs, ('noted', '1')])}", status_code=303)


def _made(article: TaggedArticle, editor: str, change: Change, chosen_id: str | None) -> Correction:
    try:
        return new_correction(article.article_id, change.model_dump(), editor, chosen_id)
    except Rejected as error:
        raise Invalid("bad-correction", str(error), f"这一更正不成立：{error}") from None


def _editor_of(asked: CorrectionRequest, signed: str | None) -> str:
    if signed is None:
        if asked.by is None:
            raise Forbidden("no-editor", "by: give the name of the editor", "by：请写明更正人")
        return asked.by
    if asked.by not in (None, signed):
        raise Forbidden("other-editor", f"by: the sign-on says {signed}", f"by：登录系统所报的是 {signed}")
    return signed


async def _body(request: Request, kind: str) -> bytes:
    """Return the body of a request, which must have the content type `kind`."""
    kind_of(request, (kind,))
    return await body_of(request, LARGEST_BODY, BODY_SECONDS)


def _in_both(key: str) -> tuple[str, str]:
    return interface("en")(key), interface("zh")(key)
