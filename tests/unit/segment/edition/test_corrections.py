"""Corrections: a set, in the order of their times; lines keep one place each; what is taken back is as it was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from services.segment.article import Byline
from services.segment.edition.corrections import correct
from tests.unit.segment.corrected import by_id, corrected, headline, merge, split, states, texts
from tests.unit.segment.laid_out import ISSUE, Item, article_id, correction, issue_of, undone

if TYPE_CHECKING:
    from collections.abc import Sequence


FISHING = Item(
    ("本报讯 今晨六时，三百零五艘渔船驶出渔港。", "渔民陈大海说，今年的鱼比往年多。", "码头上的冰厂日夜开工。"),
    headline="渔港今晨开渔",
    bylines=(Byline("陈小海", "记者"),),
)
REST = Item(("港务局说，今年出海的船比去年多了三十艘。",), page=3)
BRIDGE = Item(("大桥最后一段钢箱梁昨日吊装到位。", "大桥全长十二公里。"), headline="跨海大桥合龙", kicker="历时三年")
TITLE = Item(headline="七所新小学开学")
SCHOOLS = Item(("四千多名孩子走进了新教室。",))
THREE = (FISHING, BRIDGE, REST)


def test_a_headline_reads_as_corrected_and_says_what_was_printed_who_and_when() -> None:
    change = correction(0, 0, headline("三百余艘渔船出海"), by="吴启明")
    one = by_id(corrected(THREE, change))[article_id(0)]
    assert one.article.headline == "三百余艘渔船出海"
    (shown,) = one.corrections
    assert (shown.state, shown.by, shown.at, shown.before) == ("applied", "吴启明", change.at, "渔港今晨开渔")


def test_of_two_headlines_the_later_holds_whichever_came_first() -> None:
    early, late = correction(0, 0, headline("早")), correction(1, 0, headline("晚"))
    for order in ((early, late), (late, early)):
        one = by_id(corrected(THREE, *order))[article_id(0)]
        assert (one.article.headline, states(one)) == ("晚", ["superseded", "applied"])
        assert [each.before for each in one.corrections] == ["渔港今晨开渔", "早"]


def test_when_the_later_headline_is_taken_back_the_earlier_holds_again() -> None:
    first, second = correction(0, 0, headline("早")), correction(1, 0, headline("晚"))
    one = by_id(corrected(THREE, first, second, undone([first, second])[1]))[article_id(0)]
    assert (one.article.headline, states(one)) == ("早", ["applied", "taken_back"])
    assert (one.corrections[1].taken_back_by, one.corrections[1].before) == ("周敏", None)


def test_what_takes_back_is_not_taken_back_itself() -> None:
    change = correction(0, 0, headline("早"))
    (back,) = undone([change])
    again = correction(9, 0, {"change": "take_back", "taken_back": back.correction_id})
    assert by_id(corrected(THREE, change, back, again))[article_id(0)].article.headline == "渔港今晨开渔"


def test_a_headline_given_to_a_body_takes_its_flag_away_and_the_issue_counts_so() -> None:
    assert corrected([SCHOOLS]).quality.body_only == 1
    found = corrected([SCHOOLS], correction(0, 0, headline("新小学开学")))
    assert (found.articles[0].article.flags, found.quality.body_only) == ((), 0)


def test_kind_and_topics_are_those_chosen_last() -> None:
    found = corrected(
        THREE,
        correction(0, 0, {"change": "kind", "kind": "notice"}),
        correction(1, 0, {"change": "topics", "topics": ["customs", "industry", "customs"]}),
        correction(2, 1, {"change": "topics", "topics": []}),
    )
    fishing, bridge, rest = found.articles
    assert (fishing.article.kind, fishing.topics, bridge.topics, rest.topics) == (
        "notice",
        ("customs", "industry"),
        (),
        None,
    )
    assert [one.before for one in fishing.corrections] == ["brief", None]


def test_a_merge_puts_the_continuation_behind_and_withdraws_its_id() -> None:
    found = corrected(THREE, correction(0, 0, merge(2)))
    fishing = by_id(found)[article_id(0)]
    assert texts(fishing) == [*FISHING.text, *REST.text]
    assert fishing.article.pages == (1, 3)
    assert found.withdrawn == (article_id(2),)
    back = corrected(THREE, correction(0, 0, merge(2)), *undone([correction(0, 0, merge(2))]))
    assert [one.article_id for one in back.articles] == [article_id(0), article_id(1), article_id(2)]


def test_a_headline_that_stood_apart_becomes_that_of_its_text() -> None:
    (one,) = corrected([SCHOOLS, TITLE], correction(0, 0, merge(1))).articles
    assert (one.article.headline, texts(one), one.article.flags) == (TITLE.headline, [*SCHOOLS.text], ())
    assert {line.role for line in one.article.lines} == {"headline", "body"}


def test_a_second_headline_becomes_a_subhead_as_it_was_corrected() -> None:
    found = corrected([FISHING, BRIDGE], correction(0, 0, merge(1)), correction(1, 1, headline("大桥合龙")))
    (one,) = found.articles
    assert texts(one) == [*FISHING.text, "历时三年", "大桥合龙", *BRIDGE.text]
    assert one.article.headline == FISHING.headline
    assert states(one) == ["applied", "applied"]


def test_merges_make_a_chain_in_whatever_order_they_are_made() -> None:
    for changes in ([(0, 1), (1, 2)], [(1, 2), (0, 1)]):
        made = [correction(n, first, merge(other)) for n, (first, other) in enumerate(changes)]
        (one,) = corrected(THREE, *made).articles
        assert one.article_id == article_id(0)
        assert Counter(texts(one)) == Counter([*FISHING.text, "历时三年", "跨海大桥合龙", *BRIDGE.text, *REST.text])


def test_two_articles_that_claim_each_other_or_the_same_text_do_not_both_get_it() -> None:
    mutual = corrected(THREE, correction(0, 0, merge(1)), correction(1, 1, merge(0)))
    assert [one.article_id for one in mutual.articles] == [article_id(0), article_id(2)]
    assert states(mutual.articles[0]) == ["applied", "without_effect"]
    rivals = corrected(THREE, correction(0, 0, merge(2)), correction(1, 1, merge(2)))
    assert [texts(one) for one in rivals.articles] == [[*FISHING.text], [*BRIDGE.text, *REST.text]]
    assert states(rivals.articles[0]) == ["superseded"]


def test_a_split_gives_the_text_from_a_paragraph_on_an_id_of_its_own() -> None:
    change = correction(0, 0, split(FISHING.text[1], "今年鱼多"))
    found = corrected(THREE, change)
    first, second, *_ = found.articles
    assert (first.article_id, second.article_id) == (article_id(0), change.split_off_id)
    assert (texts(first), texts(second)) == ([FISHING.text[0]], [*FISHING.text[1:]])
    assert (first.article.headline, second.article.headline) == ("渔港今晨开渔", "今年鱼多")
    assert (first.article.bylines, second.article.bylines) == (FISHING.bylines, ())
    assert (states(first), states(second)) == (["applied"], ["applied"])
    assert found.withdrawn == ()
    back = corrected(THREE, change, *undone([change]))
    assert [one.article for one in back.articles] == [one.article for one in corrected(THREE).articles]
    assert back.withdrawn == (change.split_off_id,)


def test_a_subhead_at_which_it_is_split_becomes_the_headline() -> None:
    item = Item(("今晨渔船出港。", "##大桥合龙", "钢箱梁吊装到位。"), headline="渔港今晨开渔")
    first, second = corrected([item], correction(0, 0, split("大桥合龙"))).articles
    assert (texts(first), second.article.headline, texts(second)) == (
        ["今晨渔船出港。"],
        "大桥合龙",
        ["钢箱梁吊装到位。"],
    )
    assert [line.role for line in second.article.lines] == ["headline", "body", "body"]


def test_captions_stay_with_the_text_they_stand_under() -> None:
    item = Item(("今晨渔船出港。", "大桥吊装到位。"), headline="两则", captions=("大桥合龙现场。",))
    first, second = corrected([item], correction(0, 0, split("大桥吊装"))).articles
    assert (first.article.captions, [one.text for one in second.article.captions]) == ((), ["大桥合龙现场。"])


def test_who_signs_goes_with_the_text_that_names_them() -> None:
    item = Item(
        ("今晨渔船出港。（王海）", "大桥吊装到位。（李桥）"),
        headline="两则",
        bylines=(Byline("王海", "作者"), Byline("李桥", "作者"), Byline("无名", "编辑")),
    )
    segmented, known, pages = issue_of(item)
    pages = {1: pages[1].replace("■作者 李桥", "■作者")}
    first, second = correct(segmented, known, [correction(0, 0, split("大桥吊装"))], pages).articles
    assert [byline.name for byline in first.article.bylines] == ["王海", "无名"]
    assert [byline.name for byline in second.article.bylines] == ["李桥"]


def test_a_paragraph_is_found_though_marks_and_spaces_changed() -> None:
    spaced = correction(0, 0, split("渔民 陈大海说:今年的鱼比往年多"))
    assert len(corrected(THREE, spaced).articles) == 4


@pytest.mark.parametrize(
    ("items", "article", "change"),
    [
        (THREE, 0, merge(7)),
        (THREE, 0, split("没有这一段")),
        ([SCHOOLS], 0, split(SCHOOLS.text[0])),
        (THREE, 0, merge(f"{ISSUE}/ffffffffffff")),
    ],
    ids=["the other is gone", "the paragraph is gone", "nothing would stay", "the other never was"],
)
def test_what_does_not_fit_changes_nothing_and_says_so(
    items: Sequence[Item], article: int, change: dict[str, Any]
) -> None:
    found = corrected(items, correction(0, article, change))
    assert [one.article for one in found.articles] == [one.article for one in corrected(items).articles]
    assert states(by_id(found)[article_id(article)]) == ["without_effect"]


def test_a_correction_of_an_article_that_is_gone_is_kept_with_the_issue() -> None:
    found = corrected(THREE, correction(0, 9, headline("新")))
    assert ([one.article_id for one in found.homeless], found.homeless[0].state) == ([article_id(9)], "without_effect")


def test_what_was_split_off_can_be_corrected_and_merged_back() -> None:
    change = correction(0, 0, split(FISHING.text[1]))
    title = correction(1, change.split_off_id, headline("今年鱼多"))
    _, second, *_ = corrected(THREE, change, title).articles
    assert (second.article.headline, states(second)) == ("今年鱼多", ["applied", "applied"])
    first, *_ = corrected(THREE, change, title, correction(2, 0, merge(change.split_off_id))).articles
    assert texts(first) == [FISHING.text[0], "今年鱼多", *FISHING.text[1:]]


def test_two_splits_of_one_article_give_the_same_whichever_was_made_first() -> None:
    cuts = [FISHING.text[1], FISHING.text[2]]
    for order in (cuts, cuts[::-1]):
        found = corrected(THREE, *(correction(n, 0, split(cut)) for n, cut in enumerate(order)))
        assert [texts(one) for one in found.articles[:3]] == [[text] for text in FISHING.text]


def test_a_second_split_at_the_same_place_has_no_effect() -> None:
    found = corrected(THREE, correction(0, 0, split(FISHING.text[1])), correction(1, 0, split(FISHING.text[1], "又")))
    assert (len(found.articles), states(found.articles[0])) == (4, ["applied", "without_effect"])


def test_a_merge_with_what_was_split_off_goes_to_the_whole_when_the_split_is_taken_back() -> None:
    change = correction(0, 0, split(FISHING.text[1]))
    joined = correction(1, change.split_off_id, merge(2))
    found = corrected(
        THREE, change, joined, correction(2, 0, {"change": "take_back", "taken_back": change.correction_id})
    )
    assert texts(found.articles[0]) == [*FISHING.text, *REST.text]
    assert states(found.articles[0]) == ["taken_back", "applied"]
