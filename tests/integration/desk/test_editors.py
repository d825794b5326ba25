"""Who may correct: programs through the API, and what the settings of the desk and Kafka allow."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest

from schemas.correction import (
    TopicsChange,
)
from services.desk.correcting.values import state_of
from tests.integration.desk.archive import STOP_SECONDS, running_desk
from tests.integration.desk.editor import API, ARTICLE, KIND, TEAS, Editor, on_topic, program
from tests.unit.desk.edition import ISSUE, article

if TYPE_CHECKING:
    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers


def test_a_program_sends_a_correction_under_an_id_of_its_own(desk: Desk, servers: Servers, prefix: str) -> None:
    chosen = "cd" * 16
    asked = {"change": {"change": "topics", "topics": ["industry", "customs"]}, "by": "桌面程序"}
    answer = program(desk, asked | {"correction_id": chosen, "version": article().version})
    assert answer.status == 202
    assert answer.json() == {"correction_id": chosen, "article_id": article().article_id}
    key, sent = on_topic(servers, prefix)[-1]
    assert key == ISSUE
    assert (sent.correction_id, sent.by, sent.change) == (
        chosen,
        "桌面程序",
        TopicsChange(change="topics", topics=("industry", "customs")),
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"change": KIND}, (403, "no-editor")),
        ({"change": KIND, "by": "周敏", "version": 1}, (409, "changed")),
        ({"change": {"change": "kind", "kind": "poem"}, "by": "周敏"}, (422, "bad-parameter")),
        ({"change": {"change": "topics", "topics": ["sport"]}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "merge", "other_id": article().article_id}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "split", "begins": "没有"}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "take_back", "taken_back": "0" * 32}, "by": "周敏"}, (409, "no-effect")),
        ({"change": KIND, "by": "周敏", "when": "now"}, (422, "bad-parameter")),
    ],
)
def test_a_program_is_told_what_is_wrong(desk: Desk, asked: dict[str, Any], expected: tuple[int, str]) -> None:
    answer = program(desk, asked)
    assert (answer.status, answer.json()["code"]) == expected


def test_the_corrections_come_with_the_article(desk: Desk) -> None:
    inside = desk.get(f"/api{TEAS}").json()["corrections"]
    assert desk.get(f"/api{TEAS}/corrections").json() == inside
    states = [(one["by"], one["state"]) for one in inside]
    assert states[1:3] == [("周敏", "applied"), ("吴启明", "taken_back")]
    assert inside[1]["before"] == "春茶上市"


def test_an_address_names_every_method_that_it_takes(desk: Desk) -> None:
    answer = desk.get(API, "PUT")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


def test_the_description_says_how_a_correction_is_sent(desk: Desk) -> None:
    described = desk.get("/api/openapi.json").json()
    posted = described["paths"]["/api/articles/{article_id}/corrections"]["post"]
    reference = posted["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schemas = described["components"]["schemas"]
    assert schemas[reference.rpartition("/")[2]]["required"] == ["change"]
    named = set(re.findall(r"#/components/schemas/([\w-]+)", json.dumps(described)))
    assert named <= set(schemas)


def test_without_kafka_the_desk_reads_on_and_says_that_nothing_was_sent(servers: Servers, prefix: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        kafka = f"127.0.0.1:{silent.getsockname()[1]}"
        with running_desk(servers.elasticsearch, prefix, kafka) as desk:
            editor = Editor(desk)
            answer = editor.send(editor.form() | {"headline": "送不出去的标题", "by": "周敏"})
            assert answer.status == 503
            assert "Kafka does not answer" in answer.text
            assert 'value="送不出去的标题"' in answer.text
            problem = program(desk, {"change": KIND, "by": "周敏"})
            assert (problem.status, problem.json()["code"]) == (503, "unsent")
            assert "retry-after" in problem.headers
            assert editor.go(ARTICLE).status == editor.go("/ready").status == 200
            desk.process.terminate()
            desk.process.wait(STOP_SECONDS)


def test_a_desk_that_only_reads_offers_and_takes_no_corrections(servers: Servers, prefix: str) -> None:
    with running_desk(servers.elasticsearch, prefix, servers.kafka, BROADSHEET_DESK_CORRECTIONS="false") as desk:
        editor = Editor(desk)
        shown = editor.go(TEAS)
        assert "周敏" in shown.text
        assert "<form method" not in shown.text
        assert editor.send({"headline": "x"}).status == 403
        assert program(desk, {"change": KIND, "by": "周敏"}).status == 403


def test_the_sign_on_before_the_desk_names_the_editor(servers: Servers, prefix: str) -> None:
    with running_desk(
        servers.elasticsearch, prefix, servers.kafka, BROADSHEET_DESK_EDITOR_HEADER="X-Forwarded-User"
    ) as desk:
        editor = Editor(desk)
        assert "<form method" not in editor.go(ARTICLE).text, "whom it does not name may read only"
        answer = editor.go(ARTICLE, x_forwarded_user="zhou.min")
        assert 'name="by"' not in answer.text
        token = re.search(r'name="token" value="(\w+)"', answer.text)
        assert token is not None
        fields = {"token": token[1], "state": state_of(article()), "kind": "notice", "seen_kind": "story"}
        assert editor.send(fields | {"by": "mallory"}, x_forwarded_user="zhou.min").status == 303
        assert on_topic(servers, prefix)[-1][1].by == "zhou.min"
        assert editor.send(fields).status == 403
        assert program(desk, {"change": KIND}, x_forwarded_user="zhou.min").status == 202
        other = program(desk, {"change": KIND, "by": "mallory"}, x_forwarded_user="zhou.min")
        assert (other.status, other.json()["code"]) == (403, "other-editor")
