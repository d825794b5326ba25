"""A request that changes something must come from the desk's own page, or from no browser at all."""

from __future__ import annotations

import pytest

from services.desk.routes.origin import is_foreign

HOST = {"host": "desk.example:8080"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "https://desk.example"},
        {"sec-fetch-site": "none"},
        {"origin": "http://desk.example:8080"},
        {"origin": "https://DESK.example:8080"},
    ],
)
def test_our_own_pages_and_programs_may_send(headers: dict[str, str]) -> None:
    assert not is_foreign(HOST | headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://desk.example:8080"},
        {"origin": "http://desk.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://desk.example:8080.evil.example"},
        {"sec-fetch-site": ""},
    ],
)
def test_another_sites_page_may_not(headers: dict[str, str]) -> None:
    assert is_foreign(HOST | headers)
