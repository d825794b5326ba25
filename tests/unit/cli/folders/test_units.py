"""What lies in a watched folder is picked up only when it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.cli.folders.units import Stillness, unit_at, units_in

if TYPE_CHECKING:
    from pathlib import Path


def named(folder: Path) -> list[str]:
    return [unit.name for unit in units_in(folder)]


def whole(stillness: Stillness, folder: Path, now: float) -> list[str]:
    return [unit.name for unit in stillness.whole(units_in(folder), now)]


def test_a_unit_is_a_file_or_a_folder_and_nothing_of_ours(tmp_path: Path) -> None:
    """Side-cars, hidden files and unfinished uploads are none; a page takes along where its lines are printed."""
    for name in ("b.txt", "b.lines.json", "issue.json", ".hidden", "c.pdf.part", "d.tmp"):
        (tmp_path / name).write_text("渔港")
    for name in ("processed", "failed", ".broadsheet-watch", "a"):
        (tmp_path / name).mkdir()
    assert named(tmp_path) == ["a", "b.txt"]
    page = unit_at(tmp_path / "b.txt")
    assert page is not None
    assert [path.name for path, _, _ in page.files] == ["b.txt", "b.lines.json"]


def test_a_unit_is_whole_once_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    """Any growth begins the time again."""
    page = tmp_path / "page.txt"
    page.write_text("渔港")
    stillness = Stillness(5)
    assert whole(stillness, tmp_path, 0) == []
    assert whole(stillness, tmp_path, 4.9) == []
    page.write_text("渔港开渔")
    assert whole(stillness, tmp_path, 5.1) == []
    assert whole(stillness, tmp_path, 10) == []
    assert whole(stillness, tmp_path, 10.2) == ["page.txt"]


def test_a_file_that_is_open_for_writing_is_not_whole(tmp_path: Path) -> None:
    """However long its writer pauses: the kernel knows."""
    page = tmp_path / "page.txt"
    stillness = Stillness(0)
    with page.open("w") as upload:
        upload.write("渔港")
        upload.flush()
        if whole(stillness, tmp_path, 0) == ["page.txt"]:
            pytest.skip("this file system gives no leases")
        assert whole(stillness, tmp_path, 1000) == []
    assert whole(stillness, tmp_path, 1001) == ["page.txt"]


def test_a_folder_is_whole_when_all_its_files_are(tmp_path: Path) -> None:
    """An empty folder is still waiting for its first file."""
    issue = tmp_path / "2023-08-04"
    (issue / "A").mkdir(parents=True)
    stillness = Stillness(0)
    assert whole(stillness, tmp_path, 0) == []
    (issue / "A" / "01.txt").write_text("渔港")
    (issue / "A" / "02.txt.part").write_text("渔")
    assert whole(stillness, tmp_path, 1) == []
    (issue / "A" / "02.txt.part").rename(issue / "A" / "02.txt")
    assert whole(stillness, tmp_path, 2) == ["2023-08-04"]
