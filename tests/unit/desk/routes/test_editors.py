"""Who corrects: the sign-on's word where there is one, else the editor's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi import Request, Response

from services.desk.problems import Forbidden
from services.desk.routes.editors import (
    is_token,
    keep_token,
    may_correct,
    named,
    refuse_unless_ours,
    remember,
    remembered,
    signed_on,
    token_of,
)
from services.runtime.settings import load_settings

OPEN = load_settings()
SIGNED = load_settings(desk_editor_header="X-Forwarded-User")
TOKEN = "0f" * 16


def request(headers: dict[str, bytes] | None = None, scheme: str = "http") -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "path": "/",
        "query_string": b"",
        "server": ("desk", 80),
        "headers": [(name.encode(), value) for name, value in (headers or {}).items()],
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("sent", "name"), [("周敏".encode(), "周敏"), (b" zhou@house.example ", "zhou@house.example"), (b"Ren\xe9", "René")]
)
def test_the_sign_ons_name_is_taken_in_any_script(sent: bytes, name: str) -> None:
    assert signed_on(request({"x-forwarded-user": sent}), SIGNED) == name


@pytest.mark.parametrize("headers", [{}, {"x-forwarded-user": b""}, {"x-forwarded-user": b"x" * 81}])
def test_whom_the_sign_on_does_not_name_may_read_only(headers: dict[str, bytes]) -> None:
    assert not may_correct(request(headers), SIGNED)
    with pytest.raises(Forbidden, match="X-Forwarded-User"):
        signed_on(request(headers), SIGNED)


def test_without_a_sign_on_the_header_says_nothing() -> None:
    assert signed_on(request({"x-forwarded-user": b"mallory"}), OPEN) is None
    assert may_correct(request(), OPEN)


def test_a_desk_that_only_reads_takes_nothing() -> None:
    reading = load_settings(desk_corrections=False)
    assert not may_correct(request(), reading)
    with pytest.raises(Forbidden, match="only reads"):
        refuse_unless_ours(request(), reading)


def test_another_sites_request_is_refused() -> None:
    with pytest.raises(Forbidden, match="another site"):
        refuse_unless_ours(request({"sec-fetch-site": b"cross-site"}), OPEN)


def test_a_name_given_is_remembered() -> None:
    response = Response()
    remember(response, request(scheme="https"), "周敏 Zhou")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" in cookie
    assert remembered(request({"cookie": cookie.partition(";")[0].encode()})) == "周敏 Zhou"


@pytest.mark.parametrize("kept", ["", quote("两\n行"), "x" * 81, "%ff"])
def test_a_cookie_that_is_no_name_is_passed_over(kept: str) -> None:
    assert named(remembered(request({"cookie": f"broadsheet-editor={kept}".encode()}))) in (None, "\ufffd")


def test_a_form_is_known_by_the_browsers_token() -> None:
    mine = request({"cookie": f"broadsheet-form={TOKEN}".encode()})
    assert token_of(mine) == TOKEN
    assert is_token(mine, TOKEN)
    for other in ("", "0" * 32, "口令"):
        assert not is_token(mine, other)
    assert not is_token(request(), "")
    fresh = token_of(request({"cookie": b"broadsheet-form=short"}))
    assert fresh != token_of(request())
    response = Response()
    keep_token(response, mine, TOKEN)
    assert "set-cookie" not in response.headers
    keep_token(response, request(), fresh)
    assert fresh in response.headers["set-cookie"]
