"""Who gets what: the file of subscriptions.

    smtp: {host: mail.example.com, port: 587, starttls: true, sender: broadsheet@example.com}
    subscriptions:
      - name: newshub
        to: https://newshub.example.com/push
        form: newshub
        secret_env: NEWSHUB_PUSH_KEY
      - name: customs-desk
        to: mailto:customs@example.com
        q: 月饼 OR 出口
        topic: [customs]

A subscription without a search gets every article. Secrets are in the environment, under the names that the file gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from schemas.contract import Inbound, describe
from services.runtime.errors import BroadsheetError
from services.search.query.errors import QueryError
from services.search.query.query import Query
from services.search.request.body import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

Form = Literal["webhook", "newshub", "mail"]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,79}$")]
Choice = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=50)]
SHORTEST_SECRET = 16
MAIL = "mailto:"
WEB = ("https://", "http://")


class MailServer(Inbound):
    """The SMTP server of the house."""

    host: str
    port: Annotated[int, Field(ge=1, le=65_535)] = 25
    starttls: bool = False
    sender: Annotated[str, Field(pattern=r"^[^\s@]+@[^\s@]+$")]
    user: str | None = None
    password_env: Variable | None = None


class Subscription(Inbound):
    """One receiver, and what it wants to know of.

    Attributes:
        name: names the subscription for good: another name is another subscription, which begins anew.
        to: an address to POST to, or mailto:SOMEBODY.
        form: webhook: our own JSON, signed with HMAC-SHA-256; newshub: Superdesk's ninjs, signed as Newshub checks it;
            mail: a message for a person.
        secret_env: the environment variable with the secret that signs; needed for webhook and newshub.
        begin: whether the first start delivers everything there is, or only what changes from then on.
        q: a search as on the desk; the other fields choose values of facets, any of each.
    """

    name: Name
    to: str
    form: Form | None = None
    secret_env: Variable | None = None
    begin: Literal["now", "beginning"] = "now"
    q: Annotated[str, Field(max_length=500)] = ""
    topic: Choice = ()
    kind: Choice = ()
    paper: Choice = ()
    place: Choice = ()
    person: Choice = ()
    organisation: Choice = ()
    reporter: Choice = ()
    column: Choice = ()

    @model_validator(mode="after")
    def _receiver_fits(self) -> Self:
        is_mail = self.to.startswith(MAIL)
        if not is_mail and not self.to.startswith(WEB):
            raise ValueError(f"to: {self.to[:60]!r} is neither an address (https://…) nor mailto:SOMEBODY")
        if is_mail != (self.sent_as == "mail"):
            raise ValueError("form: mail goes with mailto:, webhook and newshub with https://")
        if not is_mail and self.secret_env is None:
            raise ValueError("secret_env: missing; name the environment variable with the secret that signs")
        try:
            self.search()
        except QueryError as error:
            raise ValueError(f"q: {error}") from None
        return self

    @property
    def sent_as(self) -> Form:
        """How it is sent; without `form`, the address says."""
        return self.form or ("mail" if self.to.startswith(MAIL) else "webhook")

    def search(self) -> Search | None:
        """Return the search; None if every article is wanted.

        Raises:
            QueryError: the query cannot be understood.
        """
        names = ("topic", "kind", "paper", "place", "person", "organisation", "reporter", "column")
        chosen = {name: getattr(self, name) for name in names if getattr(self, name)}
        if not self.q.strip() and not chosen:
            return None
        return Search(Query.parse(self.q), chosen, size=1)


class Subscriptions(Inbound):
    """The whole file."""

    smtp: MailServer | None = None
    desk: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] | None = None
    subscriptions: Annotated[tuple[Subscription, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [one.name for one in self.subscriptions]
        if len(set(names)) < len(names):
            raise ValueError("two subscriptions have the same name; give each its own")
        if self.smtp is None and any(one.sent_as == "mail" for one in self.subscriptions):
            raise ValueError("smtp: missing; a subscription goes by mail")
        return self


def read_subscriptions(text: str, name: str, environment: Mapping[str, str]) -> Subscriptions:
    """Return the subscriptions in a file's text.

    Args:
        text: the YAML.
        name: the file's name, for messages.
        environment: the environment variables, which must hold the secrets.

    Raises:
        BroadsheetError: the file is not valid, or a secret is missing or too short.
    """
    try:
        found = Subscriptions.model_validate(yaml.safe_load(text), strict=False)
    except yaml.YAMLError as error:
        raise BroadsheetError(f"{name}: not valid YAML: {error}") from None
    except ValidationError as error:
        raise BroadsheetError(f"{name}: {describe(error.errors(include_url=False))}") from None
    for one in found.subscriptions:
        if one.secret_env and len(environment.get(one.secret_env, "")) < SHORTEST_SECRET:
            raise BroadsheetError(
                f"{name}: {one.name}: the environment variable {one.secret_env} must hold a secret of at least "
                f"{SHORTEST_SECRET} characters"
            )
    if found.smtp and found.smtp.password_env and not environment.get(found.smtp.password_env):
        raise BroadsheetError(f"{name}: smtp: the environment variable {found.smtp.password_env} is empty")
    return found
