"""A page whose lines have places is read by text and places together, and loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.geometry import Geometry
from services.segment.models.shipped import shipped_models
from services.segment.segmentation import segment_issue, segment_with

if TYPE_CHECKING:
    from services.segment.article import SegmentedIssue

MARKET = [
    "　　本报讯（记者 陈立）昨日清晨，",
    "城东新菜市场迎来第一批顾客。市场",
    "设有一百二十个摊位，蔬菜全部来自",
    "周边乡村，价格比老市场低一成。",
    "　　摊主老周说，新市场有遮雨棚，",
    "下雨天也能做生意，顾客比以前多了",
    "三成，忙的时候要请人帮忙。",
    "　　市场管理处表示，下个月还将开",
    "设夜市，方便下班的市民买菜，并且",
    "安排公交车延长运营到晚上十点。",
]
SCHOOL = [
    "　　本报讯（记者 林芳）山区小学的",
    "孩子们昨天用上了新图书室。图书室",
    "由旧仓库改建，藏书三千多册，都是",
    "全国各地读者捐来的。",
    "　　校长介绍，以前学校只有两个书",
    "架，孩子们轮流借书，一本书要等上",
    "半个月才能轮到自己。",
    "　　五年级学生小雨借的第一本书是",
    "地图册，她说想看看大海在哪里，以",
    "后想当一名船长。",
]
SIZE = 10.0
WIDE = 160.0


def frame(rows: list[str], left: float, top: float) -> list[tuple[str, tuple[float, ...]]]:
    """Set rows under each other in 10-point type."""
    return [
        (row, (left + (20 if row.startswith("　") else 0), top + 14 * k, WIDE, SIZE, SIZE))
        for k, row in enumerate(rows)
    ]


def head(text: str, left: float, top: float, size: float) -> tuple[str, tuple[float, ...]]:
    return text, (left, top, len(text) * size, size, size)


def page() -> list[tuple[str, tuple[float, ...]]]:
    """Two stories of two columns each, one above the other; the text has both headlines last, the lower one first."""
    return [
        *frame(MARKET[:5], 40, 110),
        *frame(MARKET[5:], 220, 110),
        *frame(SCHOOL[:5], 40, 330),
        *frame(SCHOOL[5:], 220, 330),
        head("乡村有了新面貌", 130, 280, 26),
        head("城市有了新变化", 130, 60, 26),
        head("——来自基层的报道", 140, 92, 13),
    ]


def issue_of(lines: list[tuple[str, tuple[float, ...] | None]]) -> tuple[str, Geometry]:
    return "\n".join(text for text, _ in lines), Geometry.model_validate(
        {"size": (420.0, 600.0), "lines": tuple(place for _, place in lines)}
    )


def read(lines: list[tuple[str, tuple[float, ...] | None]]) -> SegmentedIssue:
    text, geometry = issue_of(lines)
    return segment_issue({1: text}, geometries={1: geometry})


def test_a_headline_heads_the_text_printed_under_it() -> None:
    """No word says which headline belongs to which text, and the text has them in the wrong order."""
    found = {a.headline: "".join(b.text for b in a.blocks) for a in read(page()).articles}
    assert set(found) == {"城市有了新变化", "乡村有了新面貌"}
    assert "城东新菜市场" in found["城市有了新变化"]
    assert "山区小学" in found["乡村有了新面貌"]


def test_the_smaller_line_under_a_headline_is_its_deck() -> None:
    """Type size tells the parts of a headline block apart."""
    assert {a.deck for a in read(page()).articles if a.headline == "城市有了新变化"} == {"——来自基层的报道"}


def test_the_unit_of_the_file_does_not_change_the_reading() -> None:
    """A page in pixels reads as the same page in points."""
    text, geometry = issue_of(page())
    scaled = Geometry.model_validate(
        {
            "size": (420.0 * 4, 600.0 * 4),
            "lines": tuple(tuple(4 * v for v in line) for line in geometry.lines or () if line),
        }
    )
    assert segment_issue({1: text}, geometries={1: scaled}) == segment_issue({1: text}, geometries={1: geometry})


@pytest.mark.parametrize(
    "lines",
    [
        None,
        tuple((10.0, 10.0, 50.0, 10.0, 10.0) for _ in page()),
        tuple(None if k % 2 else place for k, (_, place) in enumerate(page())),
        tuple((0.0, 0.0, 0.0, 0.0, 0.0) for _ in page()),
    ],
    ids=["none", "all in one place", "half of them", "without extent"],
)
def test_places_that_cannot_be_right_change_nothing(lines: tuple[tuple[float, ...] | None, ...] | None) -> None:
    """The page is read as text alone, to the last field."""
    text, _ = issue_of(page())
    broken = Geometry.model_validate({"size": (420.0, 600.0), "lines": lines})
    assert segment_issue({1: text}, geometries={1: broken}) == segment_issue({1: text})


def test_places_of_one_page_do_not_touch_the_others() -> None:
    """Geometry may be known for some pages only."""
    text, geometry = issue_of(page())
    mixed = segment_issue({1: text, 2: text}, geometries={1: geometry})
    alone = segment_issue({1: text, 2: text})
    assert [a for a in mixed.articles if a.pages == (2,)] == [a for a in alone.articles if a.pages == (2,)]


def test_a_page_with_places_reads_the_same_every_time() -> None:
    """The cache of drafts and a fresh reading agree."""
    text, geometry = issue_of(page())
    fresh = segment_with(shipped_models(), {1: text}, {1: geometry})
    assert segment_issue({1: text}, geometries={1: geometry}) == fresh
    assert segment_issue({1: text}, geometries={1: geometry}) == fresh


_place = st.tuples(*[st.floats(0, 500, allow_nan=False)] * 2, *[st.floats(1, 60, allow_nan=False)] * 3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*MARKET, *SCHOOL, "摄", "（下转第3版）", "", "新闻"]), _place), max_size=40))
def test_no_line_is_lost_wherever_it_is_printed(lines: list[tuple[str, tuple[float, ...]]]) -> None:
    """Every line with a character is in exactly one article or in the furniture, each article's lines in order."""
    issue = read(list(lines))
    placed = [x.line for a in issue.articles for x in a.lines]
    found = sorted([*placed, *(f.line for f in issue.furniture)])
    assert found == [k for k, (text, _) in enumerate(lines, 1) if text.strip()]
    for article in issue.articles:
        assert [x.line for x in article.lines] == sorted(x.line for x in article.lines)
