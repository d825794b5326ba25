"""One secured Kafka and one secured Elasticsearch for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.secured.servers import Secured, secured_servers
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = pytest.mark.skipif(
    os.environ.get("BROADSHEET_SECURED") != "whole", reason="part of `make test-secured`, which takes longer"
)


@pytest.fixture(scope="session")
def secured() -> Iterator[Secured]:
    if shutil.which("openssl") is None:
        pytest.skip("needs the `openssl` command, which makes the certificates")
    with temporary_home() as home, secured_servers(home) as running:
        yield running
