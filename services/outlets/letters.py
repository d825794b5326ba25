"""A change as it is sent, signed: the body of a webhook, Newshub's item, or a mail; a repetition is the same."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from schemas.article import Withdrawal
from services.newsitems.superdesk import superdesk, superdesk_withdrawal

if TYPE_CHECKING:
    from services.outlets.changes import Change

WORDS: Final = {"created": "新稿", "changed": "更新", "withdrawn": "撤稿"}
LONGEST_SUBJECT: Final = 60


def webhook_body(change: Change, subscription: str) -> bytes:
    """Return the JSON for a webhook: what happened, and the whole message."""
    content = {
        "type": f"article.{change.kind}",
        "id": change.key(subscription),
        "subscription": subscription,
        "article_id": change.message.article_id,
        "version": change.message.version,
        "data": change.message.model_dump(mode="json"),
    }
    return json.dumps(content, ensure_ascii=False).encode()


def newshub_body(change: Change) -> bytes:
    """Return the item for Newshub's /push."""
    message = change.message
    item = superdesk_withdrawal(message) if isinstance(message, Withdrawal) else superdesk(message)
    return json.dumps(item, ensure_ascii=False).encode()


def webhook_headers(key: str, body: bytes, secret: str, seconds: int) -> dict[str, str]:
    """Return the signed headers of a webhook, as https://www.standardwebhooks.com describes them.

    Args:
        key: the delivery's id; a repetition has the same.
        body: the body.
        secret: the shared secret.
        seconds: the time of sending, since 1970.
    """
    mac = hmac.new(secret.encode(), f"{key}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(mac.digest()).decode()}",
    }


def newshub_headers(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers that Newshub checks: HMAC-SHA-1 of the body with its PUSH_KEY (newsroom/push.py)."""
    mac = hmac.new(secret.encode(), body, "sha1")
    return {"content-type": "application/json", "x-superdesk-signature": f"sha1={mac.hexdigest()}"}


def mail(change: Change, subscription: str, sender: str, to: str, desk: str | None) -> EmailMessage:
    """Return the mail for a person; its Message-ID is the delivery's id, so that a repetition is the same mail."""
    message = change.message
    key = change.key(subscription)
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = f"[{subscription}] {WORDS[change.kind]} {_title(message)}"
    letter["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    letter["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Broadsheet-Article"] = message.article_id.encode("ascii", "backslashreplace").decode()
    letter.set_content(_text(change, desk))
    return letter


def _title(message: Any) -> str:
    title = getattr(message, "headline", "") or message.article_id
    return " ".join(title.split())[:LONGEST_SUBJECT]


def _text(change: Change, desk: str | None) -> str:
    message = change.message
    lines = [f"{message.paper} {message.date.isoformat()}"]
    if not isinstance(message, Withdrawal):
        lines[0] += " " + "、".join(f"第{page}版" for page in message.pages)
        lines += [f"{byline.role} {byline.name}".strip() for byline in message.bylines]
        lines += ["", *(block.text for block in message.body), *(caption.text for caption in message.captions)]
        lines += [message.weather.text] if message.weather else []
    else:
        lines += ["", "此稿已撤下。"]
    lines += ["", message.article_id]
    lines += [f"{desk}/articles/{quote(message.article_id)}"] if desk else []
    return "\n".join(lines) + "\n"
