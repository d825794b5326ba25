"""A page drawn as printed: every line at its place, every story a link, no text of a page becomes markup."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from schemas.geometry import Area, Geometry
from services.drawing.draw import draw
from services.drawing.sheet import Sheet, Story, sheet

TEXT = "渔港<开渔>\n\n三百余艘渔船\n竖排标题"
PLACES = Geometry(
    size=(400, 600),
    lines=((20, 30, 200, 40, 40), None, (20, 90, 100, 10, 10), (300, 90, 30, 120, 30)),
    boxes=(Area(kind="image", box=(20, 300, 100, 80)), Area(kind="rule", box=(0, 500, 400, 0))),
)
STORIES = (
    Story("1", "渔港&开渔", "?story=a#p1-l1", 1, (1, 2, 3), read=True),
    Story("2", "竖排", "?story=b#p1-l4", 2, (4,)),
)


def made() -> Sheet:
    found = sheet(TEXT, PLACES, STORIES)
    assert found is not None
    return found


def drawn() -> ET.Element:
    return ET.fromstring(draw(made(), "第1版 & 原貌"))  # noqa: S314  # our own


def of_class(name: str) -> list[ET.Element]:
    return [element for element in drawn().iter() if name in (element.get("class") or "").split()]


def test_every_placed_line_is_drawn_with_its_text_and_size() -> None:
    (group,) = of_class("type")
    assert [line.text for line in group] == ["渔港<开渔>", "三百余艘渔船", "竖排标题"]
    assert [line.get("font-size") for line in group] == ["40.0", "10.0", "30.0"]
    assert [line.get("textLength") for line in group] == ["200.0", "100.0", "120.0"]


def test_a_line_higher_than_wide_runs_downwards() -> None:
    (group,) = of_class("type")
    assert [line.get("writing-mode") for line in group] == [None, None, "vertical-rl"]


def test_each_story_is_a_link_with_its_name_and_the_one_being_read_says_so() -> None:
    links = of_class("cover")
    assert [link.get("href") for link in links] == ["?story=a#p1-l1", "?story=b#p1-l4"]
    assert [link[0].text for link in links] == ["1 渔港&开渔", "2 竖排"]
    assert [link.get("aria-current") for link in links] == ["true", None]


def test_pictures_and_rules_are_drawn_and_no_rule_is_too_thin_to_see() -> None:
    (image,), (rule,) = of_class("image"), of_class("rule")
    assert (image.get("x"), image.get("width")) == ("20.0", "100.0")
    assert float(rule.get("height") or 0) > 0


def test_the_drawing_has_no_style_and_no_script_for_any_content_policy() -> None:
    assert not [element for element in drawn().iter() if element.get("style") or element.tag in {"style", "script"}]
    assert not [name for element in drawn().iter() for name in element.attrib if name.startswith("on")]


def test_a_page_without_places_is_not_drawn() -> None:
    assert sheet(TEXT, None, STORIES) is None
    assert sheet(TEXT, Geometry(size=(400, 600)), STORIES) is None
    assert sheet(TEXT, Geometry(size=(400, 600), lines=(None,) * 4), STORIES) is None


def test_a_story_none_of_whose_lines_has_a_place_is_not_outlined() -> None:
    found = sheet(TEXT, PLACES, [Story("1", "", "#", 0, (2,))])
    assert found is not None
    assert found.covers == ()
