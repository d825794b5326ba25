"""Fixtures that every test may use, and what may run beside what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

pytest_plugins = ["tests.servers"]

ALONE = "tests/unit/"
"""Tests that need no server, and so may run in any process and any order."""

SERVERS_OF_THEIR_OWN = ("tests/faults/", "tests/secured/", "tests/e2e/desk/")
"""Tests that start servers beside those that the rest share; each folder stays together."""


class Beside(LoadScopeScheduling):
    """One process runs all tests that share servers, in their order; the others take the rest.

    The groups that pytest-xdist has for this (`--dist loadgroup`) are lost with pytest 9.2: it keeps a test's id, which
    they are written into, as another value.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ALONE):
            return nodeid
        return next((folder for folder in SERVERS_OF_THEIR_OWN if nodeid.startswith(folder)), "servers")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Beside:
    """Return how `pytest --numprocesses` shares the tests out."""
    return Beside(config, log)
