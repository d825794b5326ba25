"""A short seed shows a planted bug in the indexed content (`make mutants` plants all)."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.mutants.__main__ import attempt
from tests.faults.mutants.bugs import BUGS
from tests.faults.servers.fleet import prepare
from tests.faults.servers.site import Site

pytestmark = [pytest.mark.servers, pytest.mark.timeout(1200)]

PLANTED = ("dropped",)


def test_a_planted_bug_is_seen() -> None:
    async def run() -> dict[str, str | None]:
        async with Site() as site:
            servers = site.ground.to_json()
            bugs = [bug for bug in BUGS if bug.name in PLANTED]
            return {bug.name: (await attempt(bug, servers)).finding for bug in bugs}

    prepare()
    findings = asyncio.run(run())
    assert set(findings) == set(PLANTED)
    assert all(findings.values()), findings
