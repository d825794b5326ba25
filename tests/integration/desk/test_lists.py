"""The lists for editors and operators: corrections, the queue, kept articles, pages for training, operations."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch

from schemas.correction import Confirm
from services.desk.correcting.values import seen
from tests.integration.desk.archive import (
    create_indices,
    new_prefix,
    running_desk,
    store,
    store_operations,
    store_pages,
)
from tests.unit.desk.edition import (
    ISSUE,
    PAGE,
    TEA_CORRECTIONS,
    applied,
    article,
    forecast,
    record,
    teas,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.tagged import TaggedArticle
    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

QUEUE = "/?flag=any&sort=doubtful"


def confirmed(one: TaggedArticle) -> TaggedArticle:
    made = applied(6, Confirm(change="confirm", seen=seen(one)), article_id=one.article_id)
    return one.model_copy(update={"corrections": (made,)})


def test_corrections_are_listed_by_editor_and_day(desk: Desk) -> None:
    everyone = desk.get("/corrections", accept_language="en").text
    assert everyone.count('<li class="') == len(TEA_CORRECTIONS)
    one = desk.get(f"/corrections?by={quote('吴启明')}&day=2023-08-04", accept_language="en").text
    assert one.count('<li class="') == 2
    assert desk.get("/corrections?day=2023-08-05").text.count('<li class="') == 0
    assert desk.get("/corrections?day=soon").status == 422


def test_the_queue_has_every_flagged_article_the_least_certain_first(desk: Desk) -> None:
    found = desk.get("/api/search?flag=any&sort=doubtful&size=50").json()
    assert found["total"] > 1
    assert all(one["flags"] for one in found["articles"])
    after = desk.get("/api/search?flag=any&sort=doubtful&size=1").json()["next"]
    assert desk.get(f"/api/search?flag=any&sort=doubtful&size=1&after={after}").status == 200


def test_the_menu_marks_the_queue_and_not_the_search(desk: Desk) -> None:
    queue, search = (re.findall(r'href="([^"]+)" aria-current="page"', desk.get(path).text) for path in (QUEUE, "/"))
    assert (queue, search) == (["/?flag=any&amp;sort=doubtful"], ["/"])


def test_kept_articles_are_exported_in_their_order_without_those_that_are_gone(desk: Desk) -> None:
    ids = [teas().article_id, f"{ISSUE}/{'f' * 12}", article().article_id, "nonsense"]
    query = "&".join(f"id={quote(one)}" for one in ids)
    answer = desk.get(f"/export/clips/jsonl?{query}")
    assert [json.loads(line)["article_id"] for line in answer.text.splitlines()] == [ids[0], ids[2]]
    assert desk.get("/export/clips/csv").text.count("\n") == 1


def test_operations_show_stages_pages_and_the_quarantine(servers: Servers, prefix: str, desk: Desk) -> None:
    with Elasticsearch(servers.elasticsearch) as client:
        store_operations(client, prefix)
    answer = desk.get("/api/operations?day=2023-08-04")
    assert answer.status == 200, answer.text
    found = answer.json()
    assert [(one["name"], one["lag"]) for one in found["stages"]] == [
        ("ingest", None),
        ("segment", 1),
        ("tag", 2),
        ("index", None),
    ]
    shown = desk.get("/operations?day=2023-08-04").text
    assert "接收、入库：没有进程报到" in shown
    assert len(found["held"]) == 3
    (issue,) = found["issues"]
    assert issue["issue_id"] == ISSUE
    assert issue["pages"][0]["articles"] > 0


@pytest.fixture
def answered(servers: Servers) -> Iterator[Desk]:
    """Give a desk over an issue of which an editor found every article right as it is."""
    prefix = new_prefix()
    asyncio.run(create_indices(servers.elasticsearch, prefix))
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [confirmed(article()), confirmed(forecast()), record()])
        store_pages(client, prefix)
        with running_desk(servers.elasticsearch, prefix, servers.kafka) as running:
            yield running


def test_a_day_is_written_as_a_day(desk: Desk) -> None:
    """0 was taken for 1970-01-01, as seconds."""
    assert desk.get("/api/operations?day=0").status == 422


def test_pages_that_an_editor_answered_for_are_exported_line_by_line(answered: Desk) -> None:
    assert answered.get("/api/search?flag=any").json()["total"] == 0
    connection = HTTPConnection(answered.address.removeprefix("http://"), timeout=30)
    connection.request("GET", "/export/annotated.zip")
    with zipfile.ZipFile(io.BytesIO(connection.getresponse().read())) as files:
        folder = ISSUE.replace("/", "_")
        assert files.read(f"{folder}/page-01.txt").decode() == PAGE
        truth = json.loads(files.read(f"{folder}/truth.json"))
    connection.close()
    numbers = [number for number, line in enumerate(PAGE.split("\n"), start=1) if line.strip()]
    assert [one["line"] for one in truth["pages"]["1"]] == numbers
