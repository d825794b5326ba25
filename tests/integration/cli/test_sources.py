"""A dump of the sources, loaded into new topics: the same records in the same places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.messages.records import Record
from tests.kafka import PARTITIONS, new_installation, publish, read_all

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

RECORDS = [
    Record("", 0, 0, 1_691_100_000_000, "渔港日报/2023-08-04".encode(), "渔港".encode("gb18030"), (("page", b"1"),)),
    Record("", 0, 0, 1_691_000_000_000, None, b"\xff\xfe", ()),
    Record("", 3, 0, 1_691_200_000_000, b"k", b"v" * 300_000, (("page", b"2"), ("page", b"3"))),
]


def run(settings: Settings, *arguments: str) -> Result:
    names = ("kafka", "elasticsearch", "prefix", "partitions")
    return CliRunner().invoke(
        app, arguments, env={f"BROADSHEET_{name.upper()}": str(getattr(settings, name)) for name in names}
    )


def without_topics(records: list[Record]) -> list[Record]:
    return sorted((replace(one, topic="") for one in records), key=lambda one: (one.partition, one.offset))


@pytest.fixture
def dumped(servers: Servers, tmp_path: Path) -> tuple[Settings, Path]:
    """An installation, and the dump of its sources."""
    old = new_installation(servers)
    publish(old, old.names.raw, RECORDS)
    publish(old, old.names.corrections, RECORDS[:1])
    file = tmp_path / "sources.jsonl"
    result = run(old, "dump", str(file))
    assert result.output.strip() == "written: 1 records of corrections, 3 records of issues.raw"
    assert [path.name for path in tmp_path.iterdir()] == [file.name], "a file that is not complete has another name"
    return old, file


def test_new_topics_get_the_same_records_in_the_same_places(servers: Servers, dumped: tuple[Settings, Path]) -> None:
    old, file = dumped
    new = new_installation(servers)
    result = run(new, "load", str(file))
    assert (result.exit_code, result.output.strip()) == (0, "loaded: 1 records of corrections, 3 records of issues.raw")
    for topic in ("raw", "corrections"):
        before, after = (read_all(each, getattr(each.names, topic)) for each in (old, new))
        assert without_topics(after) == without_topics(before)


def test_topics_with_records_are_left_alone(dumped: tuple[Settings, Path]) -> None:
    """A second load would make every page arrive twice."""
    old, file = dumped
    result = run(old, "load", str(file))
    assert result.exit_code == 1
    assert f"{old.names.corrections} has records already" in result.output or (
        f"{old.names.raw} has records already" in result.output
    )
    assert len(read_all(old, old.names.raw)) == len(RECORDS)


def test_fewer_partitions_are_refused_with_the_remedy(servers: Servers, dumped: tuple[Settings, Path]) -> None:
    """A key must stay where it was, or the order of its pages is lost."""
    _, file = dumped
    new = new_installation(servers)
    file.write_text(file.read_text("utf-8").replace('"partition": 3', f'"partition": {PARTITIONS}'), "utf-8")
    result = run(new, "load", str(file))
    assert result.exit_code == 1
    assert "set BROADSHEET_PARTITIONS" in result.output
