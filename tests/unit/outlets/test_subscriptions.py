"""The file of subscriptions says who gets what, or why it cannot be used."""

from __future__ import annotations

import pytest

from services.outlets.subscriptions import read_subscriptions
from services.runtime.errors import BroadsheetError

ENVIRONMENT = {"KEY": "0123456789abcdef", "SHORT": "x"}
HOOK = "subscriptions: [{name: a, to: 'https://a.example/hook', secret_env: KEY}]"
MAIL = (
    "smtp: {host: mail.example, sender: a@example.com}\n"
    "subscriptions: [{name: b, to: 'mailto:b@example.com', q: '月饼', topic: [customs]}]"
)


def test_the_address_says_how_it_is_sent() -> None:
    """A search limits what is sent."""
    (hook,) = read_subscriptions(HOOK, "f", ENVIRONMENT).subscriptions
    (letter,) = read_subscriptions(MAIL, "f", ENVIRONMENT).subscriptions
    assert (hook.sent_as, hook.search()) == ("webhook", None)
    search = letter.search()
    assert letter.sent_as == "mail"
    assert search is not None
    assert search.chosen == {"topic": ("customs",)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("subscriptions: []", "subscriptions"),
        (HOOK.replace("https", "ftp"), "neither an address"),
        (HOOK.replace(", secret_env: KEY", ""), "secret_env: missing"),
        (HOOK.replace("KEY", "NOT_SET"), "NOT_SET must hold a secret"),
        (HOOK.replace("KEY", "SHORT"), "at least 16 characters"),
        (HOOK.replace("secret_env: KEY", "secret_env: KEY, form: mail"), "mail goes with mailto"),
        (HOOK.replace("secret_env: KEY", "secret_env: KEY, q: '\"'"), "q: "),
        (HOOK.replace("secret_env: KEY", "secret: geheim"), "secret: unknown field"),
        (MAIL.partition("\n")[2], "smtp: missing"),
        (HOOK + "\n---\n: [", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_by_its_field(text: str, said: str) -> None:
    """Before anything is sent."""
    if "q: '" in text and said == "q: ":
        text = text.replace("'\"'", "'(月饼'")
    with pytest.raises(BroadsheetError, match=said):
        read_subscriptions(text, "file.yaml", ENVIRONMENT)


def test_two_of_a_name_are_refused() -> None:
    """They would share what they were told."""
    twice = HOOK.replace("}]", "}, {name: a, to: 'https://b.example', secret_env: KEY}]")
    with pytest.raises(BroadsheetError, match="same name"):
        read_subscriptions(twice, "file.yaml", ENVIRONMENT)
