"""Publishing by programs: POST /api/issues."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from schemas.raw import RawIssue
from services.arrivals.limits import MAX_RECORD_BYTES
from services.arrivals.revisions import is_own_number, is_unnumbered, with_revision
from services.desk.archive.archive import Archive
from services.desk.problems import Away, Conflict, DeskError, Forbidden, Invalid, Unauthorized
from services.desk.publishing.accounts import Account, account_of
from services.desk.publishing.receipts import Receipt, Receipts
from services.desk.publishing.submission import JSON, KINDS, Submission, submission
from services.desk.routes.api import problem_answer
from services.desk.routes.api_models import IssueReceived
from services.desk.routes.bodies import body_of, kind_of
from services.desk.routes.requests import archive_of, sender_of, settings_of
from services.runtime.errors import Rejected, Unavailable
from services.runtime.kafka.corrections import CorrectionSender
from services.runtime.messages.records import Emission

if TYPE_CHECKING:
    from services.runtime.settings import Settings

BODY_SECONDS: Final = 60.0
"""How long an issue may take to arrive."""
MOST_AT_ONCE: Final = 4
"""The largest number of issues that are received at once, so that memory stays bounded."""
KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
HEADER: Final = "idempotency-key"

api = APIRouter(prefix="/api", tags=["issues"])
Reading = Annotated[Archive, Depends(archive_of)]
Sending = Annotated[CorrectionSender, Depends(sender_of)]

REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    401: problem_answer("There is no token, or no account has it."),
    403: problem_answer("This desk takes no issues, or the account may not publish this paper."),
    408: problem_answer("The body did not arrive in time."),
    409: problem_answer("The idempotency key was used for another issue."),
    413: problem_answer("The body is too large."),
    415: problem_answer("The body has a content type that the desk does not read."),
    422: problem_answer("It is not a valid issue; the detail names the field and the remedy."),
    503: problem_answer("Kafka is away or the desk is busy; with the same idempotency key, send it again."),
}
ISSUE: Final = {"$ref": f"#/components/schemas/{RawIssue.__name__}"}
ASKED: Final = {
    "security": [{"bearer": []}],
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": ISSUE if kind == JSON else {"type": "string"}} for kind in KINDS},
        "description": "JSON as in schemas/json/issues.raw.schema.json; or a page's text, ALTO or hOCR, with paper, "
        "date and page as parameters of the address.",
    },
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "schema": {"type": "string", "maxLength": 200},
            "description": "A key of your own. A repeated request with the same key publishes nothing twice.",
        }
    ],
}


@api.post("/issues", status_code=202, responses=REFUSED, openapi_extra=ASKED)
async def publish(request: Request, response: Response, archive: Reading, sender: Sending) -> IssueReceived:
    """Publish an issue or some of its pages. The answer comes once Kafka has stored it."""
    settings = settings_of(request)
    account = _account(request)
    kind = kind_of(request, KINDS)
    key = _key(request)
    receiving: asyncio.Semaphore = request.app.state.receiving
    if receiving.locked():
        raise Away(
            "busy", f"The desk is receiving {MOST_AT_ONCE} issues already; send it again.", "本站正忙，请稍后重发。"
        )
    async with receiving:
        body = await body_of(request, MAX_RECORD_BYTES, BODY_SECONDS)
        asked = await _checked(body, kind, dict(request.query_params), settings)
        if not account.may_publish(asked.arrival.paper):
            raise Forbidden(
                "other-paper",
                f"The account {account.name} may not publish {asked.arrival.paper}.",
                f"账号 {account.name} 无权发布《{asked.arrival.paper}》。",
            )
        revision = await _revision(asked, archive)
        receipts = Receipts(archive.client, settings.names.receipts, account.name, key)
        received = await _sent(asked, revision, account, sender, receipts)
    response.headers["location"] = f"/api/issues/{quote(received.issue_id)}"
    return received


def _account(request: Request) -> Account:
    accounts: tuple[Account, ...] = request.app.state.publishers
    if not accounts:
        raise Forbidden(
            "no-publishing",
            "This desk takes no issues; its operator names accounts in BROADSHEET_DESK_PUBLISHERS.",
            "本站未开放发布；管理员可在 BROADSHEET_DESK_PUBLISHERS 中设置账号。",
        )
    account = account_of(accounts, request.headers.get("authorization", ""))
    if account is None:
        raise Unauthorized(
            "no-account",
            "Send the account's token in the header Authorization: Bearer TOKEN.",
            "请在请求头 Authorization: Bearer TOKEN 中给出账号的令牌。",
        )
    return account


def _key(request: Request) -> str | None:
    """Return the idempotency key; the standard's draft writes it as a quoted string."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    key = given.removeprefix('"').removesuffix('"')
    if not KEY.fullmatch(key):
        raise Invalid(
            "bad-key",
            "Idempotency-Key: use 1 to 200 printable ASCII characters without spaces.",
            "Idempotency-Key：请用 1 至 200 个可打印的 ASCII 字符，不含空格。",
        )
    return key


async def _checked(body: bytes, kind: str, given: dict[str, str], settings: Settings) -> Submission:
    """Return the submission, read in a thread so that the desk's other requests are answered meanwhile."""
    now = int(time.time() * 1000)
    try:
        return await asyncio.to_thread(submission, body, kind, given, settings.names.raw, now)
    except Rejected as error:
        raise Invalid("bad-issue", str(error), f"无法接受：{error}") from None


async def _revision(asked: Submission, archive: Archive) -> int:
    """Return the revision to publish under: the given one, the next of the newsroom's own numbers, or the time."""
    if is_unnumbered(asked.record):
        try:
            known = (await archive.issue(asked.arrival.issue_id)).revision
        except DeskError:
            known = asked.record.timestamp  # as for `broadsheet publish`: without an archive, the time counts
        if is_own_number(known):
            return known + 1
    return asked.arrival.revision


async def _sent(
    asked: Submission, revision: int, account: Account, sender: CorrectionSender, receipts: Receipts
) -> IssueReceived:
    """Send the record, unless its key says that Kafka has it, and return the receipt."""
    record, arrival = asked.record, asked.arrival
    now = Receipt(asked.digest, arrival.issue_id, record.timestamp, revision)
    first = await receipts.claim(now)
    if first.digest != asked.digest:
        raise Conflict(
            "key-used",
            f"Idempotency-Key: it was used for another request about {first.issue_id}; use a new key.",
            f"Idempotency-Key：该键已用于另一请求（{first.issue_id}），请换用新键。",
        )
    place = first.place
    if place is None:
        if is_unnumbered(record) and first.revision != first.time:
            record, arrival = with_revision(record, arrival, first.revision)
        headers = (*record.headers, ("publisher", account.name.encode()))
        try:
            place = await sender.deliver(
                Emission(record.topic, arrival.issue_id.encode(), record.value, headers, first.time)
            )
        except Unavailable:
            raise Away(
                "unsent",
                "Kafka does not answer just now. Send it again, with the same Idempotency-Key.",
                "Kafka 暂时没有响应，请用同一 Idempotency-Key 重发。",
            ) from None
        await receipts.note(place)
    return IssueReceived(
        receipt=f"{record.topic}/{place[0]}/{place[1]}",
        issue_id=first.issue_id,
        pages=[page.page for page in arrival.pages],
        revision=first.revision,
        repeated=first is not now,
    )
