"""Registering the schemas with a registry: a small fake one that answers as Confluent's API says."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from schemas.contracts.ids import MAJOR
from services.cli.main import app
from services.cli.operate.contracts import register
from services.runtime.errors import BroadsheetError, Unavailable
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


class Registry:
    """Remembers each subject's schema; answers `status` if it is set."""

    def __init__(self) -> None:
        self.subjects: dict[str, str] = {}
        self.authorized: list[str | None] = []
        self.status = 200
        self.message = ""

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self.status != 200:
            return self.status, json.dumps({"error_code": self.status, "message": self.message}).encode()
        _, subjects, subject, versions = path.split("/")
        assert (subjects, versions) == ("subjects", "versions")
        content = json.loads(body)
        assert content["schemaType"] == "JSON"
        self.subjects[subject] = content["schema"]
        return 200, json.dumps({"id": list(self.subjects).index(subject) + 1}).encode()


@contextmanager
def serving(registry: Registry) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/vnd.schemaregistry.v1+json"
            registry.authorized.append(self.headers["Authorization"])
            status, body = registry.answer(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_every_topics_schema_is_registered_under_its_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_PREFIX", "evening-")
    registry = Registry()
    with serving(registry) as address:
        arguments = ["contracts", "register", f"{address}/", "--user", "desk:secret"]
        told = CliRunner().invoke(app, arguments).output
    assert set(registry.subjects) == {f"evening-{topic}-value" for topic in MAJOR}
    schema = json.loads(registry.subjects["evening-articles.tagged-value"])
    assert schema["$id"] == "urn:broadsheet:schema:articles.tagged:1"
    assert "evening-articles.tagged-value: id 5" in told
    assert set(registry.authorized) == {"Basic ZGVzazpzZWNyZXQ="}


def test_a_schema_that_the_registrys_rule_does_not_allow_is_told_with_the_remedy() -> None:
    registry = Registry()
    registry.status, registry.message = 409, "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"
    with serving(registry) as address, pytest.raises(BroadsheetError) as refused:
        register(Settings(), address)
    assert "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL" in str(refused.value)
    assert "set the rule to NONE or FORWARD (PUT /config/issues.raw-value)" in str(refused.value)


def test_another_refusal_is_told_as_the_registry_tells_it() -> None:
    registry = Registry()
    registry.status, registry.message = 422, "Invalid schema"
    with serving(registry) as address, pytest.raises(BroadsheetError, match=r"\(422\): Invalid schema"):
        register(Settings(), address)


def test_what_is_no_registry_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    monkeypatch.setattr(registry, "answer", lambda *_: (200, b"<html>"))
    with serving(registry) as address, pytest.raises(BroadsheetError, match="is no schema registry: <html>"):
        register(Settings(), address)


def test_a_registry_that_does_not_answer_is_unavailable() -> None:
    with serving(Registry()) as address:
        pass
    with pytest.raises(Unavailable, match="does not answer"):
        register(Settings(), address)
