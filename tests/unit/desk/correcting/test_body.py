"""The body in the form: typed texts become changes, each naming its block as it begins by then."""

from __future__ import annotations

from typing import Any

from services.desk.correcting.body import BodyDraft, body_changes, read_body
from services.desk.correcting.form import OtherItem
from services.desk.correcting.partners import partner_in, partner_text
from tests.unit.desk.edition import ISSUE, article, teas

TEXTS = [block.text for block in teas().body]
OTHER = OtherItem(f"{ISSUE}/00000000000b", 1, "今日天气")
SECOND = OtherItem(f"{ISSUE}/00000000000c", 2, "今日要闻")


def wanted(body: BodyDraft, moved_to: str = "") -> tuple[list[dict[str, Any]], dict[str, str]]:
    changes, faults = body_changes(body, teas(), moved_to)
    return [change for _, change in changes], faults


def test_a_form_sent_as_it_was_changes_nothing() -> None:
    assert wanted(BodyDraft(dict(enumerate(TEXTS)))) == ([], {})


def test_a_text_typed_otherwise_replaces_the_block_that_begins_so() -> None:
    assert wanted(BodyDraft({2: "一等茶每斤一百元。"})) == (
        [{"begins": TEXTS[2][:30], "change": "paragraph", "text": "一等茶每斤一百元。"}],
        {},
    )


def test_a_line_feed_breaks_the_block_without_replacing_its_text() -> None:
    typed = TEXTS[3].replace("产量减了", "\n产量减了")
    assert wanted(BodyDraft({3: typed})) == (
        [{"begins": TEXTS[3][:30], "change": "break", "then": "产量减了两成，价还会涨。"}],
        {},
    )


def test_later_changes_name_blocks_as_they_begin_after_the_earlier_ones() -> None:
    changes, faults = wanted(BodyDraft({0: "改过的第一段。\n新的第二段。"}, frozenset({1})))
    assert faults == {}
    assert changes == [
        {"begins": TEXTS[0][:30].strip(), "change": "paragraph", "text": "改过的第一段。新的第二段。"},
        {"begins": "改过的第一段。新的第二段。", "change": "break", "then": "新的第二段。"},
        {"begins": "价格", "change": "join"},
    ]


def test_a_block_moves_to_the_article_that_is_named() -> None:
    changes, faults = wanted(BodyDraft(moved="3", to="今日天气"), OTHER.article_id)
    assert (changes, faults) == (
        [{"begins": TEXTS[3][:30], "change": "move", "to_id": OTHER.article_id}],
        {},
    )
    assert wanted(BodyDraft(moved="3", to="谁"))[1] == {"move": "correct.fault.move"}


def test_an_emptied_paragraph_and_a_block_that_cannot_be_named_are_faults() -> None:
    assert wanted(BodyDraft({1: " \n "}))[1] == {"text_1": "correct.fault.body"}
    twice = teas(body=(*teas().body, teas().body[0]))
    _, faults = body_changes(BodyDraft({4: "别的"}), twice, "")
    assert faults == {"text_4": "correct.fault.anchor"}


def test_a_caption_and_its_credit_are_replaced_together() -> None:
    changes, _ = body_changes(BodyDraft(captions={0: "工人装箱"}, credits={0: "李晓红"}), article(), "")
    assert changes == [
        ("caption_0", {"change": "caption", "begins": "工人在装箱", "text": "工人装箱", "credit": "李晓红"})
    ]


def test_the_fields_of_the_form_are_read_by_their_numbers() -> None:
    body = read_body(
        {"text_0": "甲", "join_1": "on", "caption_0": "乙", "credit_0": "丙", "move": "1", "move_to": "丁"}
    )
    assert body == BodyDraft({0: "甲"}, frozenset({1}), {0: "乙"}, {0: "丙"}, "1", "丁")


def test_a_partner_is_found_by_its_suggestion_its_id_its_title_or_words_of_only_one_title() -> None:
    others = [OTHER, SECOND]
    for text in (partner_text(OTHER), OTHER.article_id, OTHER.title, "天气"):
        assert partner_in(text, others) == OTHER.article_id
    assert [partner_in(text, others) for text in ("今日", "没有", "")] == ["", "", ""]
