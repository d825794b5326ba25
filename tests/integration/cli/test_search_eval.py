"""`broadsheet search-eval` on an Elasticsearch that is set, and on one that it starts for itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from elasticsearch import Elasticsearch

if TYPE_CHECKING:
    from tests.servers import Servers

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[3]
CODE = "from services.cli.main import main; main()"
DOCUMENTS = (
    {
        "id": "a",
        "headline": "月饼首次出口",
        "text": "海关监管一批月饼出口大洋洲。",
        "paper": "渔港日报",
        "date": "2023-08-15",
    },
    {"id": 2, "headline": "渔港今晨开渔", "text": "三百艘渔船出海。\n渔民说鱼多。", "paper": None, "date": None},
)
QUERIES = (
    {"id": "q1", "query": "月饼", "relevant": {"2": 3}},
    {"id": "q2", "query": "渔船", "note": "…"},
    {"id": "q3", "query": "汽车"},
    {"id": "q4", "query": "月饼 AND ("},
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    documents, queries = tmp_path / "documents.jsonl", tmp_path / "queries.json"
    documents.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in DOCUMENTS), encoding="utf-8")
    queries.write_text(json.dumps(QUERIES, ensure_ascii=False), encoding="utf-8")
    return documents, queries


def evaluated(files: tuple[Path, Path], **environment: str) -> dict[str, list[str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    if "BROADSHEET_CACHE" in os.environ:
        kept["BROADSHEET_CACHE"] = os.environ["BROADSHEET_CACHE"]
    command = [sys.executable, "-c", CODE, "search-eval", *map(str, files)]
    ended = subprocess.run(
        command, env=kept | environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, list[str]] = json.loads(ended.stdout)
    return found


EXPECTED = {"q1": ["a"], "q2": ["2"], "q3": [], "q4": []}


def test_documents_are_found_on_the_elasticsearch_that_is_set_and_nothing_stays_behind(
    servers: Servers, files: tuple[Path, Path]
) -> None:
    assert evaluated(files, BROADSHEET_ELASTICSEARCH=servers.elasticsearch) == EXPECTED
    with Elasticsearch(servers.elasticsearch) as client:
        assert not client.indices.get(index="search-eval-*")


def test_without_one_an_elasticsearch_is_started_for_the_purpose(files: tuple[Path, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert evaluated(files, BROADSHEET_LOCAL_ELASTICSEARCH_PORT=str(port)) == EXPECTED


@pytest.mark.parametrize("case", ["22-pasted-headline-exclamation", "24-numeral-names"])
def test_what_editors_paste_and_type_is_found(servers: Servers, case: str) -> None:
    """A pasted headline is a text, and a numeral in a name is found in either spelling."""
    folder = ROOT / "tests" / "cases" / case
    found = evaluated(
        (folder / "documents.jsonl", folder / "queries.json"), BROADSHEET_ELASTICSEARCH=servers.elasticsearch
    )
    wanted: dict[str, list[str]] = json.loads((folder / "expected.json").read_text("utf-8"))
    assert {query: ids[: len(wanted[query])] for query, ids in found.items()} == wanted
