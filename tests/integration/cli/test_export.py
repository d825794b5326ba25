"""`broadsheet export` writes all of a large archive, once each, in forms that programs read back."""

from __future__ import annotations

import asyncio
import csv
import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from elasticsearch import Elasticsearch, helpers
from typer.testing import CliRunner

from schemas.article import Withdrawal
from services.cli.main import app
from services.index.document import document, order_of
from services.index.names import Names
from tests.integration.desk.archive import create_indices, new_prefix, store
from tests.unit.desk.edition import IDENTITY, ISSUE, article, teas

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Servers

pytestmark = pytest.mark.servers

MANY = 10_400
"""More than a search in Elasticsearch may page through, and than the desk exports."""
GONE = f"{ISSUE}/00000000dead"


@pytest.fixture(scope="module")
def prefix(servers: Servers) -> str:
    made = new_prefix()
    asyncio.run(create_indices(servers.elasticsearch, made))
    source = document(article())
    with Elasticsearch(servers.elasticsearch, request_timeout=120) as client:
        helpers.bulk(
            client,
            (
                {
                    "_index": Names(made, "articles").write,
                    "_id": f"{ISSUE}/{number:012x}",
                    "_source": source
                    | {
                        "article_id": f"{ISSUE}/{number:012x}",
                        "article": source["article"] | {"article_id": f"{ISSUE}/{number:012x}"},
                    },
                    "version": order_of(article()),
                    "version_type": "external",
                }
                for number in range(0x100000, 0x100000 + MANY)
            ),
            refresh=True,
        )
        store(client, made, [teas(), Withdrawal(**IDENTITY, article_id=GONE)])
    return made


@pytest.fixture(autouse=True)
def environment(servers: Servers, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("KAFKA", servers.kafka), ("ELASTICSEARCH", servers.elasticsearch), ("PREFIX", prefix)):
        monkeypatch.setenv(f"BROADSHEET_{name}", value)


def exported(target: Path, *options: str) -> Path:
    answer = CliRunner().invoke(app, ["export", str(target), *options])
    assert answer.exit_code == 0, answer.output
    assert not target.with_name(target.name + ".part").exists()
    return target


def test_json_lines_and_parquet_have_every_article_once(tmp_path: Path) -> None:
    """Beyond ten thousand."""
    lines = exported(tmp_path / "all.jsonl").read_text("utf-8").splitlines()
    ids = [json.loads(line)["article_id"] for line in lines]
    assert len(ids) == len(set(ids)) == MANY + 1
    table = pq.read_table(exported(tmp_path / "all.parquet"))
    assert sorted(table["article_id"].to_pylist()) == sorted(ids)
    (row,) = [one for one in table.to_pylist() if one["article_id"] == teas().article_id]
    assert row["headline"] == teas().headline
    assert row["date"] == teas().date
    assert row["body"] == "\n".join(block.text for block in teas().body)


def test_a_search_narrows_an_export(tmp_path: Path) -> None:
    """As CSV, and as the news item that Superdesk keeps, with the items that are canceled."""
    with exported(tmp_path / "tea.csv", "标题:茶").open(encoding="utf-8-sig", newline="") as file:
        assert [one["article_id"] for one in csv.DictReader(file)] == [teas().article_id]
    options = ("标题:茶", "--profile", "superdesk", "--withdrawn", "--paper", teas().paper)
    items = json.loads(exported(tmp_path / "tea.json", *options).read_text("utf-8"))
    assert [one["pubstatus"] for one in items] == ["usable", "canceled"]
    assert items[1]["guid"].endswith("/00000000dead")


def test_a_wrong_name_or_search_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """The message says what to do."""
    for name, query, said in (("all.xlsx", "", "must end in"), ("all.csv", "(", "")):
        answer = CliRunner().invoke(app, ["export", str(tmp_path / name), query])
        assert answer.exit_code == 1
        assert said in answer.output
    assert list(tmp_path.iterdir()) == []
