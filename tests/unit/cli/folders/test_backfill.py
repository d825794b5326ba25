"""A backfill keeps its pace, and knows after any end where it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka.errors import NotCoordinatorForGroupError

from services.cli.folders import backfill
from services.cli.folders.backfill import files_in, through_a_blink
from services.cli.folders.pace import Pace
from services.cli.folders.progress_file import Outcome, open_progress
from services.runtime.errors import BroadsheetError, Unavailable
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

ONE = Outcome("1998/01.txt", 10, 5, 1, ("渔港日报/1998-01-01",))
TWO = Outcome("1998/02.txt", 10, 5, 0, (), ("1998/02.txt: blank",))


def test_pages_are_sent_no_faster_than_the_rate() -> None:
    """Idle time gives no credit for a burst."""
    pace = Pace(4)
    assert [pace.wait(2, now) for now in (100.0, 100.0, 100.5)] == [0, 0.5, 0.5]
    assert [pace.wait(2, now) for now in (200.0, 200.0)] == [0, 0.5]
    assert Pace(0).wait(1000, 0) == 0


def test_a_backfill_continues_with_its_own_time(tmp_path: Path) -> None:
    """A file that has changed is not done."""
    first = open_progress(tmp_path / "state", 1000)
    first.pin({"渔港日报/1998-01-01": 3})
    first.note([ONE, TWO])
    first.close()
    again = open_progress(tmp_path / "state", 2000)
    again.pin({"渔港日报/1998-01-01": 4})
    again.close()
    assert (again.began, again.revisions) == (1000, {"渔港日报/1998-01-01": 3})
    assert again.outcomes == {one.file: one for one in (ONE, TWO)}
    assert again.is_done("1998/01.txt", 10, 5)
    assert not again.is_done("1998/01.txt", 11, 5)
    assert again.was_done("1998/01.txt")


def test_a_line_that_a_crash_cut_short_is_done_again(tmp_path: Path) -> None:
    """And what is written afterwards can be read."""
    state = tmp_path / "state"
    first = open_progress(state, 1000)
    first.note([ONE])
    first.close()
    with state.open("a") as file:
        file.write('{"file": "1998/02')
    again = open_progress(state, 2000)
    assert again.outcomes == {ONE.file: ONE}
    again.note([TWO])
    again.close()
    last = open_progress(state, 3000)
    last.close()
    assert last.outcomes.keys() == {ONE.file, TWO.file}


def test_another_file_is_not_taken_for_progress(tmp_path: Path) -> None:
    """Nor overwritten."""
    (tmp_path / "state").write_text('{"paper": "渔港日报"}\n')
    with pytest.raises(BroadsheetError, match="line 1 is not the progress of a backfill"):
        open_progress(tmp_path / "state", 1)
    assert (tmp_path / "state").read_text() == '{"paper": "渔港日报"}\n'


def test_files_come_folder_by_folder_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    """In the order of their names."""
    for name in ("1999/b.txt", "1998/12/a.txt", "1998/01/c.txt", ".hidden/d.txt", "e.txt", "1998/issue.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("渔港")
    assert [str(file.relative_to(tmp_path)) for file in files_in(tmp_path)] == [
        "1998/01/c.txt",
        "1998/12/a.txt",
        "1999/b.txt",
        "e.txt",
    ]


async def nobody() -> int:
    raise NotCoordinatorForGroupError


def test_a_coordinator_that_moves_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command ended with a traceback."""
    monkeypatch.setattr(backfill, "LOOK_SECONDS", 0.0)
    asked = 0

    async def moving() -> int:
        nonlocal asked
        asked += 1
        return 7 if asked > 2 else await nobody()

    assert asyncio.run(through_a_blink(moving, load_settings())) == 7


def test_a_broker_that_stays_away_ends_the_backfill(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the words of any command; started again, it continues."""
    monkeypatch.setattr(backfill, "BLINK_SECONDS", 0.0)
    with pytest.raises(Unavailable):
        asyncio.run(through_a_blink(nobody, load_settings(kafka="127.0.0.1:9")))
