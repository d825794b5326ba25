"""An editor changes the text itself: each line keeps one place, and what stood there is said."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from services.segment.article import Byline
from services.segment.edition.shown import seen
from tests.unit.segment.edition.test_corrections import FISHING, THREE, by_id, corrected, states, texts
from tests.unit.segment.laid_out import article_id, correction, undone

FIRST, SECOND, THIRD = FISHING.text
BRIDGE_FIRST = "大桥最后一段钢箱梁昨日吊装到位。"


def made(*changes: dict[str, Any], article: int = 0) -> Any:
    return corrected(THREE, *(correction(number, article, change) for number, change in enumerate(changes)))


def lines_of(found: Any) -> Counter[tuple[int, int]]:
    return Counter((line.page, line.line) for one in found.articles for line in one.article.lines)


WHOLE = lines_of(corrected(THREE))


def test_titles_bylines_label_and_pages_are_replaced_and_say_what_stood_there() -> None:
    found = made(
        {"change": "kicker", "kicker": "休渔期满"},
        {"change": "deck", "deck": "三百船出海"},
        {"change": "label", "label": "海洋"},
        {"change": "bylines", "bylines": [{"name": "陈晓海", "role": "记者"}, {"name": "林一"}]},
        {"change": "pages", "pages": [1, 3]},
    )
    one = by_id(found)[article_id(0)]
    assert (one.article.kicker, one.article.deck, one.article.label) == ("休渔期满", "三百船出海", "海洋")
    assert one.article.bylines == (Byline("陈晓海", "记者"), Byline("林一", ""))
    assert one.article.pages == (1, 3)
    assert [each.before for each in one.corrections] == ["", "", "", "记者 陈小海", "1"]
    assert lines_of(found) == WHOLE


def test_a_paragraph_reads_as_corrected() -> None:
    found = made({"change": "paragraph", "begins": SECOND[:30], "text": "渔民陈大海说，今年的鱼比去年多。"})
    one = by_id(found)[article_id(0)]
    assert texts(one) == [FIRST, "渔民陈大海说，今年的鱼比去年多。", THIRD]
    assert (one.corrections[0].state, one.corrections[0].before) == ("applied", SECOND)
    assert lines_of(found) == WHOLE


def test_a_paragraph_is_joined_to_the_one_before_and_broken_again() -> None:
    joined = made({"change": "join", "begins": SECOND[:30]})
    assert texts(by_id(joined)[article_id(0)]) == [FIRST + SECOND, THIRD]
    broken = made({"change": "join", "begins": SECOND[:30]}, {"change": "break", "begins": FIRST[:30], "then": "渔民"})
    assert texts(by_id(broken)[article_id(0)]) == [FIRST, SECOND, THIRD]
    assert lines_of(joined) == lines_of(broken) == WHOLE


def test_a_break_gives_each_part_the_lines_it_was_printed_on() -> None:
    found = made({"change": "break", "begins": FIRST[:30], "then": "三百零五艘"})
    first, second = by_id(found)[article_id(0)].article.blocks[:2]
    assert (first.text, second.text) == ("本报讯 今晨六时，", "三百零五艘渔船驶出渔港。")
    whole = by_id(corrected(THREE))[article_id(0)].article.blocks[0].lines
    assert first.lines[0] == whole[0]
    assert second.lines[-1] == whole[-1]
    assert set(first.lines) | set(second.lines) == set(whole)


def test_a_paragraph_moves_to_another_article_with_its_lines() -> None:
    change = {"change": "move", "begins": THIRD[:30], "to_id": article_id(1), "before": BRIDGE_FIRST[:30]}
    found = made(change)
    fishing, bridge = by_id(found)[article_id(0)], by_id(found)[article_id(1)]
    assert texts(fishing) == [FIRST, SECOND]
    assert texts(bridge)[:2] == [THIRD, BRIDGE_FIRST]
    assert fishing.corrections[0].before == THIRD
    assert lines_of(found) == WHOLE
    assert {(line.page, line.line) for line in bridge.article.lines} >= {
        (ref.page, ref.line) for ref in bridge.article.blocks[0].lines
    }


@pytest.mark.parametrize(
    "change",
    [
        {"change": "paragraph", "begins": "没有这一段", "text": "新"},
        {"change": "join", "begins": FIRST[:30]},
        {"change": "break", "begins": FIRST[:30], "then": "没有这几个字"},
        {"change": "caption", "begins": "没有这条图说", "text": "新"},
        {"change": "move", "begins": "没有这一段", "to_id": article_id(1)},
        {"change": "move", "begins": FIRST[:30], "to_id": article_id(1), "before": "没有"},
        {"change": "confirm", "seen": "0" * 32},
    ],
    ids=lambda change: change["change"],
)
def test_what_names_something_that_is_not_there_has_no_effect_and_says_so(change: dict[str, Any]) -> None:
    found = made(change)
    assert states(by_id(found)[article_id(0)]) == ["without_effect"]
    assert [texts(one) for one in found.articles] == [texts(one) for one in corrected(THREE).articles]


def test_what_is_taken_back_is_as_it_was() -> None:
    change = correction(0, 0, {"change": "paragraph", "begins": FIRST[:30], "text": "别的"})
    found = corrected(THREE, change, *undone([change]))
    assert texts(by_id(found)[article_id(0)]) == list(FISHING.text)


def test_right_as_it_is_holds_until_the_article_changes() -> None:
    plain = by_id(corrected(THREE))[article_id(0)].article
    confirm = {"change": "confirm", "seen": seen(plain)}
    assert states(by_id(made(confirm))[article_id(0)]) == ["applied"]
    changed = made(confirm, {"change": "kicker", "kicker": "休渔期满"})
    assert states(by_id(changed)[article_id(0)]) == ["without_effect", "applied"]
