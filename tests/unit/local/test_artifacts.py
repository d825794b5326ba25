import hashlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.local.artifacts import Artifact, fetch, parse, pinned, render
from services.local.errors import DownloadFailed, StartCancelled
from services.local.progress import Downloading, Event, silent

PAGE = "要闻 第1版".encode()


def artifact(name: str = "paper", content: bytes = PAGE) -> Artifact:
    return Artifact("org.example", name, "1.0", "jar", len(content), hashlib.sha256(content).hexdigest())


class FakeRegistry:
    """Hands out the contents it was given, one after the other; an exception among them is raised."""

    def __init__(self, *contents: bytes | Exception) -> None:
        self._contents = list(contents)
        self.asked = 0

    def __call__(self, artifact: Artifact, folder: Path, received: Callable[[int], None], /) -> Path:
        content = self._contents[min(self.asked, len(self._contents) - 1)]
        self.asked += 1
        path = folder / artifact.file
        if isinstance(content, Exception):
            path.write_bytes(PAGE[:3])
            raise content
        path.write_bytes(content)
        received(len(content))
        return path


def fetched(cache: Path, registry: FakeRegistry, *artifacts: Artifact) -> list[Path]:
    return fetch(artifacts or [artifact()], cache, registry, silent, threading.Event())


def test_a_missing_file_is_downloaded_and_its_path_returned(tmp_path: Path) -> None:
    assert [path.read_bytes() for path in fetched(tmp_path / "new", FakeRegistry(PAGE))] == [PAGE]


def test_a_file_that_is_there_and_whole_is_not_downloaded_again(tmp_path: Path) -> None:
    fetched(tmp_path, FakeRegistry(PAGE))
    registry = FakeRegistry(OSError("no network"))
    assert fetched(tmp_path, registry)[0].read_bytes() == PAGE
    assert registry.asked == 0


@pytest.mark.parametrize("damaged", [PAGE[:-1], b"x" * len(PAGE), b""])
def test_a_damaged_file_in_the_cache_is_downloaded_again(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / artifact().file).write_bytes(damaged)
    assert fetched(tmp_path, FakeRegistry(PAGE))[0].read_bytes() == PAGE


def test_another_file_than_the_pinned_one_is_refused_and_asked_for_again(tmp_path: Path) -> None:
    registry = FakeRegistry(b"y" * len(PAGE), PAGE)
    assert fetched(tmp_path, registry)[0].read_bytes() == PAGE
    assert registry.asked == 2


def test_a_file_that_is_never_the_pinned_one_fails_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"paper-1\.0\.jar.*not the pinned file"):
        fetched(tmp_path, FakeRegistry(b"other"))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_connection_is_tried_again(tmp_path: Path) -> None:
    assert fetched(tmp_path, FakeRegistry(ConnectionResetError("reset"), PAGE))[0].read_bytes() == PAGE


def test_a_lasting_failure_is_told_in_two_lines_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed) as failure:
        fetched(tmp_path, FakeRegistry(ConnectionError("unreachable")))
    first, second = str(failure.value).splitlines()
    assert first == "Could not download paper-1.0.jar: unreachable."
    assert "proxy" in second
    assert "mirror" in second


def test_what_arrived_before_a_failure_is_kept(tmp_path: Path) -> None:
    fetched(tmp_path, FakeRegistry(PAGE), artifact("first"))
    with pytest.raises(DownloadFailed):
        fetched(tmp_path, FakeRegistry(OSError("gone")), artifact("first"), artifact("second"))
    assert [path.name for path in tmp_path.iterdir()] == ["first-1.0.jar"]


def test_a_cancelled_download_stops_at_the_next_chunk_and_leaves_nothing_behind(tmp_path: Path) -> None:
    cancel = threading.Event()

    def cancels(_event: Event, /) -> None:
        cancel.set()

    with pytest.raises(StartCancelled):
        fetch([artifact()], tmp_path, FakeRegistry(PAGE), cancels, cancel)
    assert list(tmp_path.iterdir()) == []


def test_progress_begins_with_every_missing_file_and_ends_with_all_their_bytes(tmp_path: Path) -> None:
    events: list[Event] = []
    wanted = [artifact("first"), artifact("second")]
    fetch(wanted, tmp_path, FakeRegistry(PAGE), events.append, threading.Event())
    downloads = [event for event in events if isinstance(event, Downloading)]
    assert {(event.file, event.size) for event in downloads if event.received == 0} == {
        ("first-1.0.jar", len(PAGE)),
        ("second-1.0.jar", len(PAGE)),
    }
    assert {event.file: event.received for event in downloads} == dict.fromkeys(
        ("first-1.0.jar", "second-1.0.jar"), len(PAGE)
    )


def test_the_pinned_list_has_both_servers_and_the_binding_that_makes_kafka_log() -> None:
    versions = {each.name: each.version for each in pinned()}
    assert versions["kafka_2.13"] == versions["kafka-clients"] == "4.4.0"
    assert versions["elasticsearch"] == "9.1.10"
    assert "log4j-slf4j-impl" in versions


def test_no_two_pinned_files_have_the_same_name() -> None:
    names = [each.file for each in pinned()]
    assert len(set(names)) == len(names)


def test_the_list_reads_as_it_was_written() -> None:
    assert parse("# a remark\n\n" + render(pinned())) == pinned()


def test_what_a_killed_download_left_is_removed_after_a_day_but_not_what_is_in_work(tmp_path: Path) -> None:
    for name, age in (("partial-old", 2 * 86_400), ("partial-new", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    fetched(tmp_path, FakeRegistry(PAGE))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper-1.0.jar", "partial-new"]
