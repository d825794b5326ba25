"""Patterns: a class of characters is prepared once, and means what it means to Python."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from services.text import patterns
from services.text.names import HAN_CHARACTER
from services.text.patterns import PREPARES, prepared_once, when_used

EVERY = "".join(map(chr, range(0x40, 0x40_000, 7)))
CLASSES = [HAN_CHARACTER, f"[^{HAN_CHARACTER[1:]}", r"[一-鿿，。\d]", "[A-Z]", "[\\W_]", "[々-〇]"]


def test_a_class_is_prepared_once_and_no_caller_can_change_it() -> None:
    """Each caller gets a list of its own."""
    asked: list[Any] = []

    def prepare(charset: list[Any], *_: Any) -> tuple[list[Any], bool]:
        asked.append(charset)
        return list(charset), False

    once = prepared_once(prepare)
    once([(1, 2)])[0].append("changed")
    assert once([(1, 2)], None, None, None) == ([(1, 2)], False)
    assert once([(1, 3)]) == ([(1, 3)], False)
    assert len(asked) == 2
    assert once([(1, 2)], str.islower, str.lower, {}) == ([(1, 2)], False)
    assert len(asked) == 3, "a class that ignores case is another one"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII])
@pytest.mark.parametrize("pattern", CLASSES)
def test_a_class_matches_what_python_alone_would_match(
    pattern: str, flags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled for the first time, and again with what was kept."""
    re.purge()
    found = [re.compile(f"(?:{pattern}){{{count}}}", flags).findall(EVERY) for count in ("1,3", "1,3}(?:){1")]
    compiler = sys.modules["re._compiler"]
    kept = getattr(compiler, PREPARES)
    (alone,) = [cell.cell_contents for cell in kept.__closure__ if callable(cell.cell_contents)]
    monkeypatch.setattr(compiler, PREPARES, alone)
    re.purge()
    expected = re.compile(f"(?:{pattern}){{1,3}}", flags).findall(EVERY)
    assert found == [expected, expected]
    assert expected


def test_pythons_compiler_still_prepares_classes_where_we_keep_them() -> None:
    """A Python that moves this function is as slow as before, and we want to know."""
    assert getattr(sys.modules["re._compiler"], PREPARES).__module__ == patterns.__name__


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    wrong = when_used("(")
    with pytest.raises(re.error):
        wrong()
