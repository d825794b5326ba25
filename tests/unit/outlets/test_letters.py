"""What is sent is signed as the receivers check it, and the same when it is sent again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from schemas.article import Withdrawal
from services.outlets.backoff import pause_after, verdict
from services.outlets.changes import Change
from services.outlets.letters import mail, newshub_body, newshub_headers, webhook_body, webhook_headers
from tests.unit.desk.edition import IDENTITY, article

SECRET = "0123456789abcdef"  # noqa: S105  # of this test
CREATED = Change("created", article(), "d", 1)
GONE = Change("withdrawn", Withdrawal(**IDENTITY, article_id=article().article_id), "withdrawn", 2)


def test_a_webhook_is_signed_over_id_time_and_body() -> None:
    """As Standard Webhooks says."""
    body = webhook_body(CREATED, "a")
    headers = webhook_headers(CREATED.key("a"), body, SECRET, 1_755_000_000)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    content = json.loads(body)
    assert (content["type"], content["id"]) == ("article.created", headers["webhook-id"])
    assert content["data"]["headline"] == article().headline
    assert webhook_body(CREATED, "a") == body


def test_newshub_gets_its_own_form_and_signature() -> None:
    """It needs guid and type text, and compares sha1= with the HMAC of the body."""
    for change, status in ((CREATED, "usable"), (GONE, "canceled")):
        body = newshub_body(change)
        item = json.loads(body)
        assert item["guid"]
        assert (item["type"], item["pubstatus"]) == ("text", status)
        expected = hmac.new(SECRET.encode(), body, "sha1").hexdigest()
        assert newshub_headers(body, SECRET)["x-superdesk-signature"] == f"sha1={expected}"


def test_a_mail_is_for_a_person() -> None:
    """The same change has the same Message-ID."""
    letter = mail(CREATED, "customs-desk", "news@example.com", "a@example.com", "https://desk.example")
    assert letter["Subject"] == "[customs-desk] 新稿 首批月饼出口"
    assert letter["Message-ID"] == f"<{CREATED.key('customs-desk')}@example.com>"
    text = letter.get_content()
    assert article().body[0].text in text
    assert "https://desk.example/articles/" in text
    assert "撤下" in mail(GONE, "customs-desk", "news@example.com", "a@example.com", None).get_content()


def test_a_line_feed_in_a_headline_makes_no_header() -> None:
    """Headlines come from outside."""
    hostile = Change("created", article(headline="月饼\nBcc: evil@example.com"), "d", 1)
    letter = mail(hostile, "a", "news@example.com", "a@example.com", None)
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, "accepted"), (204, "accepted"), (302, "again"), (401, "again"), (404, "again"), (422, "refused"),
     (429, "again"), (500, "again"), (503, "again"), (410, "refused")],
)  # fmt: skip
def test_only_an_answer_about_this_message_ends_its_delivery(status: int, said: str) -> None:
    """What an operator or time can mend is tried again."""
    assert verdict(status) == said


def test_tries_come_at_longer_and_longer_intervals() -> None:
    """No longer than five minutes, and no sooner than the receiver asks."""
    assert [pause_after(tries) for tries in (1, 2, 3, 9, 50)] == [1, 2, 4, 256, 300]
    assert pause_after(1, "30") == 30
    assert pause_after(1, "soon") == 1
