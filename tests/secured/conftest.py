"""One secured Kafka and one secured Elasticsearch for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.secured.servers.start import secured_servers
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.secured.servers.secured import Secured

CHOSEN = os.environ.get("BROADSHEET_SECURED", "short")
"""`whole`: every test; `short`: all but those that take longest; `none`: none that needs the secured servers."""

WHOLE = pytest.mark.skipif(CHOSEN != "whole", reason="part of `make test-secured`, which takes longer")


@pytest.fixture(scope="session")
def secured() -> Iterator[Secured]:
    if CHOSEN == "none":
        pytest.skip("BROADSHEET_SECURED is `none`")
    if shutil.which("openssl") is None:
        pytest.skip("needs the `openssl` command, which makes the certificates")
    with temporary_home() as home, secured_servers(home) as running:
        yield running
