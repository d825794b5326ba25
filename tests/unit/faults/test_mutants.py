"""The bugs of `make mutants`: each can still be planted in the product as it reads now."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.faults.mutants.bugs import BUGS
from tests.faults.mutants.planting import NotPlantable, plant, spots
from tests.workers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.mutants.bugs import Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_each_bug_can_be_planted_once_and_is_python(bug: Bug) -> None:
    for spot in spots(ROOT, bug):
        source = spot.path.read_text("utf-8")
        planted = source.replace(spot.found, spot.instead)
        assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(source))


def test_no_two_bugs_have_a_name() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 16


def test_a_bug_whose_piece_is_gone_or_stands_twice_is_refused(tmp_path: Path) -> None:
    bug = replace(BUGS[0], found="self.gone()", instead="", others=())
    (tmp_path / "services").mkdir()
    module = tmp_path / "services" / "module.py"
    for source in ("pass\n", "self.gone()\nself.gone()\n"):
        module.write_text(source)
        with pytest.raises(NotPlantable, match=bug.name):
            plant(tmp_path, bug)
    module.write_text("self.gone()\nself.stays()\n")
    assert [path.read_text() for path in plant(tmp_path, bug)] == ["\nself.stays()\n"]
