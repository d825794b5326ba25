"""The journal of a watched folder pins what is sent, and finishes what a killed watcher began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.cli.folders.journal import Entry, Journal
from services.cli.folders.units import unit_at
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from services.cli.folders.units import Unit


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    (tmp_path / "page.txt").write_text("渔港")
    (tmp_path / "page.lines.json").write_text("{}")
    found = unit_at(tmp_path / "page.txt")
    assert found is not None
    return found


def test_an_entry_holds_for_exactly_its_content(journal: Journal, unit: Unit, tmp_path: Path) -> None:
    """Another content under the same name is another publication."""
    entry = Entry(unit.name, unit.fingerprint, 1_755_000_000_000, {"渔港日报/2023-08-04": 7})
    journal.note(entry, unit)
    assert journal.entry(unit) == entry
    (tmp_path / "page.txt").write_text("渔港开渔")
    changed = unit_at(tmp_path / "page.txt")
    assert changed is not None
    assert journal.entry(changed) is None


def test_what_failed_has_its_reason_beside_it(journal: Journal, unit: Unit, tmp_path: Path) -> None:
    """A second unit of the name does not replace the first."""
    assert journal.done(unit, 1, "page: blank") == tmp_path / "failed" / "page.txt"
    assert (tmp_path / "failed" / "page.txt.reason.txt").read_text() == "page: blank\n"
    assert (tmp_path / "failed" / "page.lines.json").exists()
    (tmp_path / "page.txt").write_text("渔")
    again = unit_at(tmp_path / "page.txt")
    assert again is not None
    assert journal.done(again, 2, "still blank").name == "page.2.txt"
    assert (tmp_path / "failed" / "page.txt").read_text() == "渔港"


def test_a_move_that_was_cut_short_is_finished(journal: Journal, unit: Unit, tmp_path: Path) -> None:
    """The page had gone, its geometry had not."""
    journal.note(Entry(unit.name, unit.fingerprint, 1), unit)
    (tmp_path / "processed").mkdir()
    unit.path.rename(tmp_path / "processed" / "page.txt")
    journal.sweep()
    assert sorted(path.name for path in (tmp_path / "processed").iterdir()) == ["page.lines.json", "page.txt"]
    assert not list((tmp_path / ".broadsheet-watch").glob("*.json"))


@pytest.mark.usefixtures("journal")
def test_a_folder_has_one_watcher(tmp_path: Path) -> None:
    """Two would send everything twice."""
    with pytest.raises(BroadsheetError, match="another `broadsheet watch`"):
        Journal(tmp_path)
