"""A client asks as often as its bucket has tokens, and no other client pays for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.desk.doors.rates import Rate, client_of

GAPS = st.lists(st.floats(0, 30, allow_nan=False), max_size=200)


def test_a_minutes_worth_may_come_at_once_and_then_one_by_one() -> None:
    """After the burst, the answer says when to ask again, and then it is granted."""
    rate = Rate(6)
    assert [rate.wait("a", 0.0) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    assert rate.wait("a", 9.0) == 1
    assert rate.wait("a", 10.0) == 0
    assert rate.wait("a", 10.0) == 10


def test_clients_are_counted_apart() -> None:
    """One who asks too often takes nothing from another."""
    rate = Rate(1)
    assert (rate.wait("a", 0.0), rate.wait("a", 0.0), rate.wait("b", 0.0)) == (0, 60, 0)


def test_none_is_any_number() -> None:
    """A rate of 0 limits nothing and remembers nobody."""
    rate = Rate(0)
    assert [rate.wait("a", 0.0) for _ in range(1000)] == [0] * 1000
    assert len(rate) == 0


def test_memory_is_bounded_and_the_longest_silent_is_forgotten() -> None:
    """Any number of addresses is remembered in the room of a few."""
    rate = Rate(1, most_clients=100)
    for number in range(10_000):
        rate.wait(str(number), 0.0)
    assert len(rate) == 100
    assert rate.wait("9999", 0.0) == 60
    assert rate.wait("0", 0.0) == 0


@given(GAPS, st.integers(1, 60))
def test_no_minute_has_more_than_twice_its_number(gaps: list[float], most: int) -> None:
    """A full bucket and a minute's refill: however requests are spread, no more are granted."""
    rate, now, granted = Rate(most), 0.0, []
    for gap in gaps:
        now += gap
        if rate.wait("a", now) == 0:
            granted.append(now)
    assert all(sum(start <= at < start + 60 for at in granted) <= 2 * most for start in granted)


def test_a_network_of_ipv6_is_one_client() -> None:
    """Who has one address of version 6 has 2^64 of them."""
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:192.0.2.7") == client_of("192.0.2.7") == "192.0.2.7"
    assert len(client_of("x" * 1000)) == 64
