"""The desk answers under its own names only."""

from __future__ import annotations

import pytest

from services.desk.doors.hosts import LOOPBACK, allowed_hosts, host_in


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost:18080", "localhost"),
        ("LocalHost", "localhost"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]:18080", "[::1]"),
        ("desk.example.com.", "desk.example.com"),
        ("evil.example", "evil.example"),
        *((malformed, "") for malformed in ("", "[", "a b", "localhost/x", "localhost@evil", "localhost:8x", "::1")),
    ],
)
def test_the_host_is_read_without_port_and_case(header: str, host: str) -> None:
    """What is no host is none, so that nothing allows it."""
    assert host_in(header) == host


def test_loopback_names_the_own_address_and_named_hosts_are_allowed() -> None:
    """Names are compared as `host_in` gives them."""
    allowed = allowed_hosts("192.0.2.7", ["Desk.Example.com."])
    assert allowed == {*LOOPBACK, "192.0.2.7", "desk.example.com"}
    assert "[2001:db8::7]" in allowed_hosts("2001:db8::7", [])
    assert "" not in allowed


@pytest.mark.parametrize("every", ["0.0.0.0", "::"])  # noqa: S104  # the addresses in question
def test_an_address_for_all_is_no_name(every: str) -> None:
    """Browsers open 0.0.0.0 as this machine; no page is to reach the desk by it."""
    assert allowed_hosts(every, []) == set(LOOPBACK)
