"""The accounts that may publish on the desk: a name, the digest of a token, and the papers of each.

The file BROADSHEET_DESK_PUBLISHERS holds them:

    accounts:
      - name: night-desk
        token_sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
        papers: [茂名日报]

The file has digests, not tokens, so that whoever reads it cannot publish. `printf %s TOKEN | sha256sum` makes one.
Without `papers`, the account may publish every paper.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import Field, ValidationError

from schemas.contract import Inbound, describe
from schemas.raw import Paper
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ACCOUNTS = 200
SCHEME = "bearer"


class Account(Inbound):
    """An account that may publish."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of its token, in hexadecimal.")]
    papers: Annotated[tuple[Paper, ...], Field(min_length=1)] | None = None

    def may_publish(self, paper: str) -> bool:
        """Return whether the account may publish issues of a paper."""
        return self.papers is None or paper in self.papers


class _File(Inbound):
    accounts: Annotated[tuple[Account, ...], Field(min_length=1, max_length=MOST_ACCOUNTS)]


def read_accounts(text: str, name: str) -> tuple[Account, ...]:
    """Return the accounts in a file's text.

    Args:
        text: the YAML.
        name: the file's name, for messages.

    Raises:
        BroadsheetError: the file is not valid. The text names the field, but never a digest.
    """
    try:
        content = yaml.safe_load(text)
        accounts = _File.model_validate(content, strict=False).accounts
    except yaml.YAMLError as error:
        raise BroadsheetError(f"{name}: not valid YAML: {error}") from None
    except ValidationError as error:
        hidden = [{**one, "input": "…"} for one in error.errors(include_url=False)]
        raise BroadsheetError(f"{name}: {describe(hidden)}") from None  # type: ignore[arg-type]  # still error details
    for what, values in (
        ("name", [one.name for one in accounts]),
        ("token_sha256", [one.token_sha256 for one in accounts]),
    ):
        if len(set(values)) < len(values):
            raise BroadsheetError(f"{name}: two accounts have the same {what}; give each its own")
    return accounts


def account_of(accounts: Iterable[Account], authorization: str) -> Account | None:
    """Return the account whose token an Authorization header has; None if there is none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        return None
    digest = hashlib.sha256(token.strip().encode()).hexdigest()
    found = [one for one in accounts if secrets.compare_digest(one.token_sha256, digest)]
    return found[0] if found else None
