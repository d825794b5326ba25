"""A watched folder on a real Kafka: everything is published once, whatever happens to the watcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kafka import new_installation, read_all, wait_until
from tests.workers import command

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from services.runtime.messages.records import Record
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

TEXT = "渔港昨日开渔。三百艘渔船出海，渔民期待丰收。"
PAGES = 40
ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="100" HEIGHT="200"><PrintSpace>
<TextBlock><TextLine HPOS="10" VPOS="20" WIDTH="70" HEIGHT="8"><String CONTENT="渔港昨日开渔。"/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>"""


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return new_installation(servers)


def started(settings: Settings, folder: Path, *options: str) -> subprocess.Popen[str]:
    return command(settings, "watch", str(folder), "--still", "0", "--look", "0.2", *options)


def emptied(settings: Settings, folder: Path) -> tuple[int, str]:
    """Run a watcher until the folder is empty; return its exit code and what it said."""
    process = started(settings, folder, "--once")
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def pages(settings: Settings) -> set[tuple[bytes | None, str | None, int, bytes | None]]:
    """Return every different record: a record that was sent twice is one."""
    return {(one.key, one.header("page"), one.timestamp, one.value) for one in raw(settings)}


def raw(settings: Settings) -> list[Record]:
    return read_all(settings, settings.names.raw)


def done(folder: Path) -> int:
    return len(list((folder / "processed").glob("*")))


def test_text_json_alto_and_folders_go_the_same_way(settings: Settings, tmp_path: Path) -> None:
    """What fails stands in failed/ with its reason."""
    (tmp_path / "渔港日报_2023-08-04_01.txt").write_bytes(TEXT.encode("gb18030"))
    (tmp_path / "渔港日报_2023-08-05_01.xml").write_text(ALTO, encoding="utf-8")
    (tmp_path / "whole.json").write_text(
        '{"paper": "渔港日报", "date": "2023-08-06", "pages": [{"page": 1, "text": "渔港"}]}', encoding="utf-8"
    )
    issue = tmp_path / "2023-08-07"
    issue.mkdir()
    (issue / "issue.json").write_text('{"paper": "渔港日报", "date": "2023-08-07"}', encoding="utf-8")
    for number in (1, 2):
        (issue / f"page-0{number}.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "no-name.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")

    code, said = emptied(settings, tmp_path)

    assert code == 1, said
    keys = sorted((one.key or b"").decode() for one in raw(settings))
    days = ("04", "05", "06", "07", "07")
    assert keys == [f"渔港日报/2023-08-{day}" for day in days]
    assert done(tmp_path) == 4
    failed = {path.name: path.read_text("utf-8") for path in (tmp_path / "failed").glob("*.reason.txt")}
    assert failed.keys() == {"no-name.txt.reason.txt", "photo.jpg.reason.txt"}
    assert "paper and date and page not known" in failed["no-name.txt.reason.txt"]


def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(settings: Settings, tmp_path: Path) -> None:
    """A page that is sent twice is sent as the same record, which changes nothing."""
    for number in range(1, PAGES + 1):
        (tmp_path / f"渔港日报_2023-08-04_{number:02}.txt").write_text(f"{TEXT}{number}", encoding="utf-8")
    for reached in (1, 7, 20):
        process = started(settings, tmp_path)
        wait_until(lambda reached=reached: done(tmp_path) >= reached, f"{reached} pages")  # type: ignore[misc]
        process.kill()
        process.communicate()
    code, said = emptied(settings, tmp_path)
    assert code == 0, said
    found = pages(settings)
    assert len(found) == PAGES
    assert {page for _, page, _, _ in found} == {str(number) for number in range(1, PAGES + 1)}
    assert done(tmp_path) == PAGES


def test_a_watcher_that_dies_between_sending_and_moving_sends_the_same_again(
    settings: Settings, tmp_path: Path
) -> None:
    """The moment that a kill rarely meets: here the move itself fails."""
    (tmp_path / "渔港日报_2023-08-04_01.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "processed").write_text("in the way")
    code, said = emptied(settings, tmp_path)
    assert code == 1, said
    (tmp_path / "processed").unlink()
    code, said = emptied(settings, tmp_path)
    assert code == 0, said
    assert len(raw(settings)) == 2
    assert len(pages(settings)) == 1


def test_an_upload_is_published_once_and_only_when_it_is_whole(settings: Settings, tmp_path: Path) -> None:
    """The file is renamed when it is complete, as uploads do. Told to stop (SIGTERM), the watcher ends with success."""
    process = started(settings, tmp_path)
    upload = tmp_path / "渔港日报_2023-08-04_01.txt.part"
    upload.write_text("渔", encoding="utf-8")
    (tmp_path / "渔港日报_2023-08-04_02.txt").write_text(TEXT, encoding="utf-8")
    wait_until(lambda: done(tmp_path) == 1, "the other page")
    upload.write_text(TEXT, encoding="utf-8")
    upload.rename(upload.with_suffix(""))
    wait_until(lambda: done(tmp_path) == 2, "the page that was uploaded")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert [one.value for one in sorted(raw(settings), key=lambda one: one.header("page") or "")] == [TEXT.encode()] * 2
