"""Accounts that may publish: found by their token, and limited to their papers."""

from __future__ import annotations

import hashlib

import pytest

from services.desk.publishing.accounts import account_of, read_accounts
from services.runtime.errors import BroadsheetError

TOKEN = "night-and-day"  # noqa: S105  # of this test
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()
FILE = f"accounts:\n  - name: night\n    token_sha256: {DIGEST}\n    papers: [渔港日报]\n"


def test_an_account_is_found_by_its_token_alone() -> None:
    """The scheme may be written in any case; another token and another scheme find nobody."""
    accounts = read_accounts(FILE, "accounts.yaml")
    assert account_of(accounts, f"bearer {TOKEN}") == accounts[0]
    assert [account_of(accounts, given) for given in ("", TOKEN, f"Basic {TOKEN}", "Bearer ", f"Bearer {DIGEST}")] == [
        None
    ] * 5


def test_an_account_publishes_its_papers_alone() -> None:
    """Without papers it publishes all."""
    (bound,) = read_accounts(FILE, "accounts.yaml")
    (free,) = read_accounts(FILE.partition("    papers")[0], "accounts.yaml")
    assert [one.may_publish(paper) for one in (bound, free) for paper in ("渔港日报", "茂名日报")] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accounts: []", "accounts"),
        ("accounts:\n  - name: a\n    token: geheim", "token: unknown field"),
        ("accounts:\n  - name: a b\n    token_sha256: " + DIGEST, "accounts.0.name"),
        ("accounts:\n  - name: a\n    token_sha256: geheim", "token_sha256"),
        (FILE + FILE.partition("\n")[2].replace("night", "day"), "same token_sha256"),
        (": [", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_without_showing_a_secret(text: str, said: str) -> None:
    """The message names the file and the field."""
    with pytest.raises(BroadsheetError, match=said) as refused:
        read_accounts(text, "accounts.yaml")
    assert str(refused.value).startswith("accounts.yaml: ")
    assert "geheim" not in str(refused.value)
