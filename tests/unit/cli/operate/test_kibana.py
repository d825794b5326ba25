"""The import into Kibana, against a real HTTP server that answers as Kibana does."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from services.cli.operate.kibana import import_objects
from services.runtime.errors import BroadsheetError, Unavailable
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

SHIPPED = (files("seeds") / "kibana.ndjson").read_bytes()
STARTING = (503, b"Kibana server is not ready yet.")
PATIENCE = 30.0
ACCOUNT = ("elasticsearch_user", "elasticsearch_password")


@dataclass
class Kibana:
    """Answers as it is told, then takes everything; keeps what it was sent."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    imported: list[bytes] = field(default_factory=list)
    address: str = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.paths.append(path)
        self.headers.append(headers)
        if self.answers:
            return self.answers.pop(0)
        head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.default)
        (part,) = form.iter_parts()
        assert isinstance(part, EmailMessage)
        assert part.get_param("name", header="content-disposition") == "file"
        assert str(part.get_filename()).endswith(".ndjson"), "or Kibana refuses the file"
        lines = part.get_payload(decode=True)
        assert isinstance(lines, bytes)
        self.imported.append(lines)
        return 200, json.dumps({"success": True, "successCount": lines.count(b"\n")}).encode()


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    served = Kibana()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, text = served.take(self.path, headers, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def imports(kibana: Kibana, wait: float = 0, **given: Any) -> None:
    import_objects(load_settings(**given), kibana.address, wait=wait, pause=0)


def test_every_object_of_the_file_is_imported_and_replaces_its_like(
    kibana: Kibana, broadsheet: Callable[..., Result]
) -> None:
    result = broadsheet("kibana", kibana.address)
    assert (result.exit_code, kibana.imported) == (0, [SHIPPED])
    assert kibana.paths == ["/api/saved_objects/_import?overwrite=true"]
    assert kibana.headers[0]["kbn-xsrf"] == "true", "or Kibana refuses the request"
    assert "authorization" not in kibana.headers[0]
    lines = SHIPPED.count(b"\n")
    assert result.stdout.startswith(f"{lines} objects imported into Kibana at {kibana.address}")


def test_with_a_prefix_the_objects_are_those_of_its_indices(kibana: Kibana) -> None:
    imports(kibana, prefix="staging-")
    objects = [json.loads(line) for line in kibana.imported[0].splitlines()]
    assert all(one["id"].startswith("staging-") for one in objects)


def test_it_signs_in_with_the_account_of_elasticsearch(kibana: Kibana) -> None:
    imports(kibana, **dict(zip(ACCOUNT, ("editor", "钥匙:1"), strict=True)))
    scheme, _, secret = kibana.headers[0]["authorization"].partition(" ")
    assert (scheme, base64.b64decode(secret).decode()) == ("Basic", "editor:钥匙:1")


def test_a_kibana_that_is_starting_is_waited_for(kibana: Kibana) -> None:
    kibana.answers = [STARTING, (502, b""), STARTING]
    imports(kibana, wait=PATIENCE)
    assert kibana.imported == [SHIPPED]


def test_a_kibana_that_is_not_up_in_time_is_named_with_the_remedy(kibana: Kibana) -> None:
    kibana.answers = [STARTING]
    with pytest.raises(Unavailable, match=r"not up at http://127.0.0.1:\d+ \(it answers 503\).*\n.*--wait"):
        imports(kibana)


def test_where_nothing_listens_is_not_up(broadsheet: Callable[..., Result]) -> None:
    result = broadsheet("kibana", "http://127.0.0.1:1")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 2)
    assert "Kibana is not up at http://127.0.0.1:1" in result.stderr


@pytest.mark.parametrize("status", [401, 403])
def test_an_account_that_may_not_import_is_named_and_not_tried_again(kibana: Kibana, status: int) -> None:
    kibana.answers = [(status, b"{}")]
    with pytest.raises(BroadsheetError, match="refuses to let editor import") as refused:
        imports(kibana, wait=PATIENCE, **dict(zip(ACCOUNT, ("editor", "secret-word"), strict=True)))
    assert "secret-word" not in str(refused.value)
    assert len(kibana.paths) == 1


def test_an_object_that_kibana_does_not_take_is_named(kibana: Kibana) -> None:
    fault = {"type": "lens", "id": "broadsheet-x", "error": {"type": "unsupported_type"}}
    kibana.answers = [(200, json.dumps({"success": False, "successCount": 8, "errors": [fault]}).encode())]
    with pytest.raises(BroadsheetError, match=r"1 of the objects: lens broadsheet-x: .*unsupported_type"):
        imports(kibana, wait=PATIENCE)


@pytest.mark.parametrize(
    "answer", [(404, b"<html>nginx</html>"), (302, b""), (200, b"[]"), (400, b'{"statusCode":400}')]
)
def test_what_is_no_kibana_is_told_at_once(kibana: Kibana, answer: tuple[int, bytes]) -> None:
    kibana.answers = [answer]
    with pytest.raises(BroadsheetError, match=f"no Kibana that can import .HTTP {answer[0]}."):
        imports(kibana, wait=PATIENCE)


@pytest.mark.parametrize("address", ["127.0.0.1:5601", "ftp://kibana", "http://", ""])
def test_an_address_that_is_no_url_is_told(broadsheet: Callable[..., Result], address: str) -> None:
    result = broadsheet("kibana", address)
    assert (result.exit_code, "is not a URL such as http://127.0.0.1:5601" in result.stderr) == (1, True)


def test_the_authoritys_file_must_be_there(broadsheet: Callable[..., Result], tmp_path: Path) -> None:
    result = broadsheet("kibana", "https://127.0.0.1:1", "--ca", tmp_path / "gone.crt")
    assert (result.exit_code, "no such file" in result.stderr) == (1, True)
