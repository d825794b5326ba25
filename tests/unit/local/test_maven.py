import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.local.artifacts import Artifact
from services.local.maven import download

CONTENT = "印刷机".encode() * 5000
PAPER = Artifact("org.example", "paper", "1.0", "jar", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository's directory, served on this machine and named by BROADSHEET_MAVEN."""
    folder = tmp_path / "repository"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("BROADSHEET_MAVEN", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield folder
        server.shutdown()
        thread.join()


def test_a_file_comes_from_the_mirror_by_its_coordinates_alone(mirror: Path, tmp_path: Path) -> None:
    place = mirror / "org" / "example" / "paper" / "1.0"
    place.mkdir(parents=True)
    (place / "paper-1.0.jar").write_bytes(CONTENT)
    chunks: list[int] = []
    assert download(PAPER, tmp_path / "into", chunks.append).read_bytes() == CONTENT
    assert sum(chunks) == len(CONTENT)


@pytest.mark.usefixtures("mirror")
def test_a_file_that_the_repository_lacks_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="does not have this file"):
        download(PAPER, tmp_path, lambda _: None)


def test_an_unreachable_repository_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_MAVEN", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(OSError, match="cannot be reached"):
        download(PAPER, tmp_path, lambda _: None)
