"""One desk over one small archive for all tests of the desk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from elasticsearch import Elasticsearch

from services.runtime.kafka.topics import ensure_topics
from tests.integration.desk.archive import (
    PATIENCE_SECONDS,
    Desk,
    create_indices,
    many,
    new_prefix,
    running_desk,
    settings_for,
    store,
    store_operations,
    store_pages,
    whole_issue,
)
from tests.integration.desk.editor import Editor
from tests.integration.desk.versions import store_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

UNLIMITED = {f"BROADSHEET_DESK_{kind}_PER_MINUTE": "0" for kind in ("SEARCHES", "EXPORTS", "CORRECTIONS")}
"""Tests ask more often than a person; `test_doors` tries the rates."""


@pytest.fixture(scope="session")
def prefix(servers: Servers) -> str:
    """Return the prefix of an archive with one issue, its pages, and thirty articles more."""
    made = new_prefix()
    asyncio.run(create_indices(servers.elasticsearch, made))
    asyncio.run(ensure_topics(settings_for(servers, made)))
    with Elasticsearch(servers.elasticsearch, request_timeout=PATIENCE_SECONDS) as client:
        store(client, made, [*whole_issue(), *many(30)])
        store_pages(client, made)
        store_operations(client, made)
        store_versions(client, made)
    return made


@pytest.fixture(scope="session")
def desk(servers: Servers, prefix: str) -> Iterator[Desk]:
    with running_desk(servers.elasticsearch, prefix, servers.kafka, **UNLIMITED) as running:
        yield running


@pytest.fixture
def editor(desk: Desk) -> Editor:
    return Editor(desk)
