"""The counter of calls."""

from __future__ import annotations

import asyncio

from pydantic_core import from_json, to_json

from tests.counting import counted


def one() -> None:
    to_json({})


def test_calls_of_python_and_of_c_are_counted_in_threads_too() -> None:
    """A call in a thread counts as one in the main thread, and nothing counts after the block."""
    with counted({one: "ones"}) as found:
        one()
        asyncio.run(asyncio.to_thread(one))
        from_json(b"{}")
    one()
    assert found == {"ones": 2, "JSON encodes": 2, "JSON parses": 1}
