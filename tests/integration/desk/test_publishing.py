"""POST /api/issues: what is accepted stands on the topic, once, and its receipt leads to it."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from tests.integration.desk.archive import running_desk, settings_for
from tests.integration.desk.conftest import UNLIMITED
from tests.kafka import read_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from services.runtime.messages.records import Record
    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

TOKEN = "night-and-day"  # noqa: S105  # of this test
TEXT = "渔港昨日开渔。三百艘渔船出海。"
BOUND = "bound"
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("accounts") / "accounts.yaml"
    made = [
        {"name": "night", "token_sha256": hashlib.sha256(TOKEN.encode()).hexdigest()},
        {"name": "agency", "token_sha256": hashlib.sha256(BOUND.encode()).hexdigest(), "papers": ["别家日报"]},
    ]
    file.write_text(json.dumps({"accounts": made}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def open_desk(servers: Servers, prefix: str, accounts: Path) -> Iterator[Desk]:
    with running_desk(
        servers.elasticsearch, prefix, servers.kafka, BROADSHEET_DESK_PUBLISHERS=str(accounts), **UNLIMITED
    ) as desk:
        yield desk


@pytest.fixture
def paper() -> str:
    return f"渔港日报{uuid.uuid4().hex[:6]}"


def issue(paper: str, **fields: object) -> bytes:
    return json.dumps({"paper": paper, "date": "2023-08-04", "pages": [{"page": 1, "text": TEXT}], **fields}).encode()


def post(desk: Desk, body: bytes, path: str = "/api/issues", token: str = TOKEN, **headers: str) -> Answer:
    return desk.get(
        path, "POST", body, **{"content_type": "application/json", "authorization": f"Bearer {token}"} | headers
    )


def on_topic(servers: Servers, prefix: str, paper: str) -> list[Record]:
    settings = settings_for(servers, prefix)
    return [one for one in read_all(settings, settings.names.raw) if (one.key or b"").startswith(f"{paper}/".encode())]


def test_an_accepted_issue_is_on_the_topic_where_its_receipt_says(
    open_desk: Desk, servers: Servers, prefix: str, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`broadsheet trace` follows the receipt."""
    answer = post(open_desk, issue(paper))
    assert answer.status == 202, answer.text
    told = answer.json()
    (record,) = on_topic(servers, prefix, paper)
    assert told["receipt"] == f"{record.topic}/{record.partition}/{record.offset}"
    assert (told["issue_id"], told["pages"], told["repeated"]) == (f"{paper}/2023-08-04", [1], False)
    assert told["revision"] == record.timestamp
    assert abs(record.timestamp - time.time() * 1000) < DAY_MS
    assert (record.value, record.header("publisher")) == (issue(paper), "night")
    assert answer.headers["location"] == f"/api/issues/{quote(told['issue_id'])}"
    for name, value in (("KAFKA", servers.kafka), ("ELASTICSEARCH", servers.elasticsearch), ("PREFIX", prefix)):
        monkeypatch.setenv(f"BROADSHEET_{name}", value)
    traced = CliRunner().invoke(app, ["trace", told["receipt"], "--json"])
    assert traced.exit_code == 0, traced.output
    assert json.loads(traced.stdout)["pages"][0]["revision"] == str(record.timestamp)


def test_a_repeated_key_publishes_nothing_twice(open_desk: Desk, servers: Servers, prefix: str, paper: str) -> None:
    """The same key with another issue is refused, the same issue under another key is another request."""
    first, second = (post(open_desk, issue(paper), idempotency_key='"a"').json() for _ in range(2))
    assert second == {**first, "repeated": True}
    assert len(on_topic(servers, prefix, paper)) == 1
    other = post(open_desk, issue(paper, revision=7), idempotency_key="a")
    assert (other.status, other.json()["code"]) == (409, "key-used")
    assert post(open_desk, issue(paper), idempotency_key="b").json()["repeated"] is False


def test_a_key_pins_the_time_though_kafka_was_away(
    open_desk: Desk, servers: Servers, prefix: str, accounts: Path, paper: str
) -> None:
    """So a request that is repeated after a failure nobody can see into is the same record."""
    before = int(time.time() * 1000)
    with running_desk(servers.elasticsearch, prefix, BROADSHEET_DESK_PUBLISHERS=str(accounts)) as cut_off:
        refused = post(cut_off, issue(paper), idempotency_key=f"key-{paper.encode().hex()[:40]}")
    assert (refused.status, refused.json()["code"]) == (503, "unsent")
    between = int(time.time() * 1000)
    answer = post(open_desk, issue(paper), idempotency_key=f"key-{paper.encode().hex()[:40]}").json()
    (record,) = on_topic(servers, prefix, paper)
    assert before <= record.timestamp <= between
    assert answer["revision"] == record.timestamp


def test_a_page_as_text_takes_its_fields_from_the_address(
    open_desk: Desk, servers: Servers, prefix: str, paper: str
) -> None:
    """In the encoding that the newsroom's system writes."""
    path = f"/api/issues?{urlencode({'paper': paper, 'date': '2023-08-04', 'page': 'A2'})}"
    answer = post(open_desk, TEXT.encode("gb18030"), path, content_type="text/plain")
    assert (answer.status, answer.json()["pages"]) == (202, ["A2"])
    (record,) = on_topic(servers, prefix, paper)
    assert record.header("page") == "A2"


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        (issue("渔港日报"), {"authorization": ""}, 401, "Bearer"),
        (issue("渔港日报"), {"authorization": "Bearer wrong"}, 401, "Bearer"),
        (issue("渔港日报"), {"authorization": f"Bearer {BOUND}"}, 403, "may not publish"),
        (issue("渔港日报", pages=[]), {}, 422, "pages is empty"),
        (b"{", {}, 422, "not valid JSON"),
        (issue("渔港日报"), {"content_type": "application/pdf"}, 415, "text/plain"),
        (issue("渔港日报"), {"idempotency_key": "a b"}, 422, "Idempotency-Key"),
    ],
)
def test_what_is_refused_says_why(
    open_desk: Desk, body: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    """As a problem, and before anything is sent."""
    answer = post(open_desk, body, **headers)
    assert answer.status == status, answer.text
    assert said in answer.json()["detail"]


def test_a_body_above_the_limit_is_refused(open_desk: Desk) -> None:
    """The limit of a record."""
    assert post(open_desk, b"x" * (17 * 1024 * 1024 + 1)).status == 413


def test_without_accounts_nobody_publishes(desk: Desk) -> None:
    """Off by default."""
    answer = post(desk, issue("渔港日报"))
    assert (answer.status, answer.json()["code"]) == (403, "no-publishing")
