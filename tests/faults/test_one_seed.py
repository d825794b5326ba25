"""A short seed: after all faults, the installation holds exactly what was published."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.faults.servers.fleet import prepare
from tests.faults.servers.site import Site
from tests.faults.trial import Trial, short, try_seed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

SEED = 3


def test_whatever_breaks_nothing_is_lost_doubled_or_stale(tmp_path: Path) -> None:
    async def run() -> Trial:
        async with Site() as site:
            return await try_seed(site, SEED, short(), tmp_path, lambda _: None)

    prepare()
    trial = asyncio.run(run())
    assert trial.verdict.words() == []
    assert trial.issues > 100
    assert trial.quarantine_found == trial.quarantine_expected > 0
