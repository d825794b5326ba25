"""An article is right if its lines, or its headline, are exactly those of the truth."""

from typing import Any

from services.segment.article import Block, LineRef, PlacedLine, SegmentedArticle
from training.segmentation.rightness import Right, judged


def article(headline: str, /, **lines: list[int]) -> SegmentedArticle:
    """An article of page 1 with these lines in each role."""
    placed = tuple(PlacedLine(1, line, role) for role, found in lines.items() for line in found)  # type: ignore[arg-type]
    blocks = tuple(Block("paragraph", "", (LineRef(1, line),)) for line in lines.get("body", []))
    return SegmentedArticle(
        *("story", (1,), headline, "", "", "", (), "", blocks, (), (), None, placed, 1.0, ()),
    )


def true(name: str, headline: str, /, **lines: list[int]) -> dict[str, Any]:
    return {"id": name, "headline": headline, "lines": {r: [[1, line] for line in found] for r, found in lines.items()}}


def truth(*articles: dict[str, Any], also: dict[int, list[Any]] | None = None) -> dict[str, Any]:
    records = [
        {"line": line[1], "article": a["id"], "role": role, "also": (also or {}).get(line[1], [])}
        for a in articles
        for role, found in a["lines"].items()
        for line in found
    ]
    return {"pages": {"1": records}, "articles": list(articles)}


BRIDGE = true("a", "新桥 通车", headline=[1], body=[2, 3], subhead=[4])


def test_the_same_lines_and_words_are_right() -> None:
    """Blanks in a headline are pauses, and subheads count as text."""
    assert judged(truth(BRIDGE), [article("新桥通车", headline=[1], body=[2, 3], subhead=[4])]) == [Right(True, True)]


def test_a_line_more_or_less_makes_a_body_wrong() -> None:
    """The headline of such an article may still be right."""
    less, more = article("新桥通车", headline=[1], body=[2, 3]), article("新桥通车", body=[2, 3, 5], subhead=[4])
    assert judged(truth(BRIDGE), [less]) == [Right(False, True)]
    assert judged(truth(BRIDGE), [more]) == [Right(False, True)]


def test_of_two_stories_in_one_article_the_larger_owns_the_headline() -> None:
    """The smaller story's headline is wrong there."""
    other = true("b", "读书日", headline=[5], body=[6])
    both = {"headline": [1], "body": [2, 3, 6], "subhead": [4]}
    assert judged(truth(BRIDGE, other), [article("新桥通车", **both)]) == [Right(False, True)]
    assert judged(truth(BRIDGE, other), [article("读书日", **both)]) == [Right(False, False)]


def test_lines_that_hold_two_stories_are_left_out() -> None:
    """Nobody can place them right."""
    mixed = truth(BRIDGE, also={3: [["b", "body", 4]]})
    assert judged(mixed, [article("新桥通车", headline=[1], body=[2], subhead=[4])]) == [Right(True, True)]


def test_a_photo_without_text_is_right_without_text() -> None:
    """A text that lost its headline leaves an article that is wrong in both."""
    photo = true("p", "渔港开渔", headline=[7], caption=[8])
    assert judged(truth(photo), [article("渔港开渔", headline=[7], caption=[8])]) == [Right(True, True)]
    alone = [article("新桥通车", headline=[1]), article("", body=[2, 3], subhead=[4])]
    assert judged(truth(BRIDGE), alone) == [Right(False, False), Right(True, False)]
