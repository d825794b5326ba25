from __future__ import annotations

from typing import TYPE_CHECKING

from training.pages.typesetting.columns import Columns, FlowLine, Obstacle, apart, pour
from training.pages.typesetting.typeset import Fount, Tag, glyphs, set_line

if TYPE_CHECKING:
    from training.pages.writing.house import Press

COLUMNS = Columns((0.0, 110.0, 220.0), 100.0)


def stream(press: Press, count: int) -> list[FlowLine]:
    line = set_line(glyphs("新桥通车", Tag("a01", "body")), Fount("song", 10.0), press.house)
    return [FlowLine("body", line) for _ in range(count)]


def test_every_line_is_placed_once_and_in_reading_order(press: Press) -> None:
    poured = pour(stream(press, 31), [], COLUMNS, 12.0, 0.0)
    places = [(left, baseline) for frame in poured.frames for _, left, baseline in frame]
    assert len(places) == 31
    assert places == sorted(places)


def test_text_keeps_clear_of_a_headline_amid_the_columns(press: Press) -> None:
    heading = Obstacle(1, 1, "middle", 40.0, [])
    poured = pour(stream(press, 40), [heading], COLUMNS, 12.0, 0.0)
    top = poured.tops[0]
    amid = [y for frame in poured.frames for _, left, y in frame if left == 110.0]
    assert amid
    assert not [y for y in amid if top < y < top + 40]
    assert len(poured.frames) == 4


def test_two_obstacles_in_the_middle_are_set_apart_so_that_pouring_ends(press: Press) -> None:
    obstacles = apart([Obstacle(0, 2, "middle", 40.0, []), Obstacle(1, 1, "middle", 30.0, [])])
    poured = pour(stream(press, 20), obstacles, COLUMNS, 12.0, 0.0)
    assert sum(map(len, poured.frames)) == 20


def test_a_headline_that_fills_its_column_leaves_the_others_to_the_text(press: Press) -> None:
    poured = pour(stream(press, 20), [Obstacle(0, 0, "all", 50.0, [])], COLUMNS, 12.0, 0.0)
    assert {left for frame in poured.frames for _, left, _ in frame} == {110.0, 220.0}
