"""The real Kafka and Elasticsearch that tests run against: `pytest_plugins = ["tests.servers"]` brings the fixture."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.local.stack import LocalStack


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are: Kafka's bootstrap address (host:port) and Elasticsearch's URL."""

    kafka: str
    elasticsearch: str


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Give the servers named by BROADSHEET_KAFKA and BROADSHEET_ELASTICSEARCH if both are set, else embedded ones.

    The embedded ones run on free ports, in a temporary directory that is gone afterwards.
    """
    kafka, elasticsearch = os.environ.get("BROADSHEET_KAFKA"), os.environ.get("BROADSHEET_ELASTICSEARCH")
    if kafka and elasticsearch:
        yield Servers(kafka, elasticsearch)
        return
    with temporary_home() as home, LocalStack(home, kafka_port=0, elasticsearch_port=0) as stack:
        yield Servers(stack.kafka, stack.elasticsearch)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Give a directory for a `LocalStack`, open to the user that Elasticsearch runs as when the tests run as root."""
    home = Path(tempfile.mkdtemp(prefix="broadsheet-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with running_servers() as running:
        yield running
