"""The parts that jump lines tie together."""

from dataclasses import replace

from services.segment.articles.linking import End, Part, link

BRIDGE = Part(1, "大桥建设者日夜奋战在工地上，大桥主体已经", "大桥主体完工")
SCHOOL = Part(1, "新学期开学了，校园里书声琅琅，老师们", "新学期开学")
REST_OF_SCHOOL = Part(3, "老师们说，新学期校园里会有更多活动。", "新学期开学")
REST_OF_BRIDGE = Part(3, "完工。大桥建设者说，工地上每天都有变化。", "大桥主体完工")
WATER = Part(3, "节约用水从身边做起，市民纷纷响应。", "节约用水")


def test_parts_are_tied_by_pages_and_words() -> None:
    """Two stories jump to the same page; each finds its own other half."""
    parts = [BRIDGE, SCHOOL, REST_OF_SCHOOL, REST_OF_BRIDGE]
    assert sorted(link(parts, [End(0, 3), End(1, 3)], [End(2, 1), End(3, 1)])) == [(0, 3), (1, 2)]


def test_pages_that_do_not_agree_are_never_tied() -> None:
    """A continuation from another page stays by itself."""
    parts = [Part(1, "甲村修路", "修路"), Part(3, "甲村修路", "修路")]
    assert link(parts, [End(0, 2)], [End(1, 1)]) == []
    assert link(parts, [End(0, 3)], [End(1, 2)]) == []


def test_a_marked_text_about_something_else_stays_apart() -> None:
    """The other half is missing: the only candidate that the marks allow is not taken for it."""
    assert link([BRIDGE, WATER, REST_OF_BRIDGE], [End(0, 3)], [End(1, 1)]) == []


def test_a_text_that_opens_as_a_story_continues_none() -> None:
    """新华社…电 begins a story, whatever jump line stands near it."""
    park = Part(3, "大桥下的市民公园里花开了，大家来看", "")
    plain = Part(3, "通车之后工地上还有许多事要做，每天都有变化", "")
    assert link([BRIDGE, plain, park], [End(0, 3)], [End(1, 1)]) == [(0, 1)]
    assert link([BRIDGE, replace(plain, opens=True), park], [End(0, 3)], [End(1, 1)]) == []


def test_two_candidates_alike_are_left_unresolved() -> None:
    """A false stitch is worse than an open jump."""
    twin = replace(REST_OF_BRIDGE, page=3)
    assert link([BRIDGE, REST_OF_BRIDGE, twin], [End(0, 3)], [End(1, 1), End(2, 1)]) == []


def test_a_continuation_without_a_mark_must_be_named_and_repeat_the_headline() -> None:
    """An unmarked text is tied only where a jump line names its page."""
    parts = [BRIDGE, REST_OF_BRIDGE, WATER]
    starts = [End(1, None, marked=False), End(2, None, marked=False)]
    assert link(parts, [End(0, 3)], starts) == [(0, 1)]
    assert link(parts, [End(0, None)], starts) == []
