"""Any set of corrections: its order of arrival does not matter, no line is lost, and taking all back restores all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from services.segment.article import Byline
from tests.unit.segment.corrected import corrected, headline, merge, split, states
from tests.unit.segment.laid_out import Item, article_id, correction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.correction import Correction
    from services.segment.article import SegmentedArticle

ITEMS = [
    Item(
        tuple(f"{'##' if n and n % 2 == 0 else ''}{name}第{n}段文字。" for n in range(length)),
        headline=f"{name}标题" if heading else "",
        kicker=f"{name}引题" if heading and page == 1 else "",
        deck=f"{name}副题" if length == 2 else "",
        bylines=(Byline(f"{name}记", "记者"),) if length > 1 else (),
        captions=(f"{name}图。",) if page == 1 or (not length and not heading) else (),
        jump=3 if length == 3 else None,
        label="民生" if length == 4 else "",
        page=page,
    )
    for name, length, heading, page in [
        ("甲", 4, True, 1),
        ("乙", 3, False, 1),
        ("丙", 0, True, 2),
        ("丁", 2, True, 2),
        ("戊", 0, False, 3),
        ("己", 1, False, 3),
    ]
]
BEGINNINGS = [text.removeprefix("##") for item in ITEMS for text in item.text]


@st.composite
def issues(draw: st.DrawFn) -> tuple[list[Item], list[Correction]]:
    """An issue and corrections of it: of its articles, of what was split off and of what never was."""
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6, unique=True))
    corrections: list[Correction] = []
    for number in range(draw(st.integers(0, 8))):
        ids = [article_id(n) for n in range(len(items) + 1)]
        ids += [one.split_off_id for one in corrections if one.change.change == "split"]
        target, other = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
        changes = [
            headline(f"改{number}"),
            {"change": "kind", "kind": "brief"},
            {"change": "topics", "topics": ["customs"]},
            split(draw(st.sampled_from(BEGINNINGS)), draw(st.sampled_from(["", f"分{number}"]))),
        ]
        changes += [merge(other)] * 2 if other != target else []
        changes += [{"change": "take_back", "taken_back": one.correction_id} for one in corrections[:2]]
        minute = draw(st.integers(0, 3))
        corrections.append(correction(number, target, draw(st.sampled_from(changes)), minute=minute))
    return items, corrections


def lines_of(articles: Sequence[SegmentedArticle]) -> Counter[tuple[int, int]]:
    return Counter((line.page, line.line) for article in articles for line in article.lines)


@given(issues(), st.data())
def test_the_order_in_which_corrections_arrive_does_not_matter(
    case: tuple[list[Item], list[Correction]], data: st.DataObject
) -> None:
    items, corrections = case
    assert corrected(items, *data.draw(st.permutations(corrections))) == corrected(items, *corrections)


@given(issues())
def test_every_line_stays_in_exactly_one_place_and_every_paragraph_is_kept(
    case: tuple[list[Item], list[Correction]],
) -> None:
    items, corrections = case
    before, after = corrected(items), corrected(items, *corrections)
    articles = [one.article for one in after.articles]
    assert lines_of(articles) == lines_of([one.article for one in before.articles])
    assert after.quality.placed == after.quality.lines
    paragraphs = Counter(text for item in items for text in item.text if not text.startswith("##"))
    assert Counter(b.text for one in articles for b in one.blocks if b.kind == "paragraph") == paragraphs
    for one in articles:
        roles = {(line.page, line.line): line.role for line in one.lines}
        assert {line.page for line in one.lines} == set(one.pages)
        for block in one.blocks:
            wanted = "body" if block.kind == "paragraph" else "subhead"
            assert {roles[ref.page, ref.line] for ref in block.lines} <= {wanted}
        assert all((ref.page, ref.line) in roles for caption in one.captions for ref in caption.lines)
        assert all((jump.line.page, jump.line.line) in roles for jump in one.jumps)


@given(issues())
def test_every_id_is_either_an_articles_or_withdrawn(case: tuple[list[Item], list[Correction]]) -> None:
    items, corrections = case
    found = corrected(items, *corrections)
    ids = [one.article_id for one in found.articles] + list(found.withdrawn)
    given_by_splits = {one.split_off_id for one in corrections if one.change.change == "split"}
    assert sorted(ids) == sorted({*(article_id(n) for n in range(len(items))), *given_by_splits})


@given(issues())
def test_when_all_is_taken_back_everything_is_as_it_was_with_its_id(case: tuple[list[Item], list[Correction]]) -> None:
    items, corrections = case
    changes = [one for one in corrections if one.change.change != "take_back"]
    back = [
        correction(100 + n, one.article_id, {"change": "take_back", "taken_back": one.correction_id})
        for n, one in enumerate(changes)
    ]
    found = corrected(items, *corrections, *back)
    assert [(one.article_id, one.article, one.topics) for one in found.articles] == [
        (one.article_id, one.article, one.topics) for one in corrected(items).articles
    ]
    assert {state for one in found.articles for state in states(one)} <= {"taken_back"}


@given(issues())
def test_every_correction_is_shown_somewhere(case: tuple[list[Item], list[Correction]]) -> None:
    items, corrections = case
    found = corrected(items, *corrections)
    shown = {each.correction_id for one in found.articles for each in one.corrections}
    shown |= {each.correction_id for each in found.homeless}
    assert shown == {one.correction_id for one in corrections if one.change.change != "take_back"}
