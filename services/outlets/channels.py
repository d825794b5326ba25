"""Send a change to its receiver: over HTTP, or to the house's SMTP server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import urllib3

from services.outlets.backoff import Verdict, verdict
from services.outlets.letters import mail, newshub_body, newshub_headers, webhook_body, webhook_headers
from services.outlets.subscriptions import MAIL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from services.outlets.changes import Change
    from services.outlets.subscriptions import MailServer, Subscription, Subscriptions

SECONDS: Final = 15.0
MOST_READ: Final = 2000
PERMANENT: Final = 550
"""The first status with which a mail server says that there is no such mailbox, now and for ever (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said, in words for the log; `retry_after` is the header of that name."""

    verdict: Verdict
    said: str
    retry_after: str | None = None


class Channel:
    """The way to one receiver.

    Args:
        subscription: the subscription.
        file: the whole file, for the mail server and the desk's address.
        environment: holds the secrets.
    """

    def __init__(self, subscription: Subscription, file: Subscriptions, environment: Mapping[str, str]) -> None:
        self._subscription = subscription
        self._file = file
        self._secret = environment.get(subscription.secret_env or "", "")
        self._password = environment.get(file.smtp.password_env or "", "") if file.smtp else ""
        self._pool = urllib3.PoolManager(retries=False, timeout=SECONDS)

    async def send(self, change: Change) -> Answer:
        """Send a change once."""
        if self._subscription.sent_as == "mail":
            assert self._file.smtp is not None
            return await asyncio.to_thread(self._mail, change, self._file.smtp)
        return await asyncio.to_thread(self._post, change)

    def _post(self, change: Change) -> Answer:
        name = self._subscription.name
        if self._subscription.sent_as == "newshub":
            body = newshub_body(change)
            headers = newshub_headers(body, self._secret) | {"webhook-id": change.key(name)}
        else:
            body = webhook_body(change, name)
            headers = webhook_headers(change.key(name), body, self._secret, int(time.time()))
        try:
            answer = self._pool.request(
                "POST", self._subscription.to, body=body, headers=headers, redirect=False, preload_content=False
            )
            answer.read(MOST_READ)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            return Answer("again", type(error).__name__)
        return Answer(verdict(answer.status), f"status {answer.status}", answer.headers.get("retry-after"))

    def _mail(self, change: Change, server: MailServer) -> Answer:
        to = self._subscription.to.removeprefix(MAIL)
        letter = mail(change, self._subscription.name, server.sender, to, self._file.desk)
        try:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
            with connection:
                if server.starttls:
                    connection.starttls(context=ssl.create_default_context())
                if server.user is not None:
                    connection.login(server.user, self._password)
                return _handed_over(connection, letter)
        except smtplib.SMTPResponseException as error:
            return Answer("again", f"mail server: {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Answer("again", type(error).__name__)


def _handed_over(connection: smtplib.SMTP, letter: EmailMessage) -> Answer:
    """Hand a mail over; if the connection breaks, whether the server has taken the mail is not known."""
    try:
        connection.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return Answer("refused" if all(code >= PERMANENT for code in codes) else "again", f"recipient refused: {codes}")
    except smtplib.SMTPResponseException as error:
        return Answer("again", f"mail server: {error.smtp_code}")
    except (OSError, smtplib.SMTPException) as error:
        return Answer("uncertain", f"the connection broke ({type(error).__name__}); the mail may have been sent")
    return Answer("accepted", "mail")
