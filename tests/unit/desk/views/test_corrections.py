"""What the page says of corrections: who, when, what was before, and what became of each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from schemas.correction import AppliedCorrection, HeadlineChange, KindChange, Merge, Split, TopicsChange
from services.desk.archive.outlines import Outline, read_outline
from services.desk.archive.topics import offered_topics
from services.desk.correcting.offers import others_among
from services.desk.views.corrections import SentCorrections
from services.desk.views.interface import interface
from services.desk.views.made import is_corrected, local_time, made_view
from services.topics.taxonomy.seed import seed_taxonomy
from tests.unit.desk.edition import ISSUE, article

if TYPE_CHECKING:
    from schemas.correction import Change

ZH = interface("zh")
LABELS = {"customs": {"zh": "海关", "en": "Customs"}, "industry": {"zh": "工业", "en": "Industry"}}
OTHER = f"{ISSUE}/00000000000b"
EVENING = dt.datetime(2023, 8, 4, 20, 5, tzinfo=dt.UTC)


def applied(number: int, change: Change, **given: Any) -> AppliedCorrection:
    content: dict[str, Any] = {
        "correction_id": f"{number:032x}",
        "article_id": article().article_id,
        "by": "周敏",
        "at": EVENING + dt.timedelta(minutes=number),
        "change": change,
        "state": "applied",
    }
    return AppliedCorrection(**content | given)


def shown(*corrections: AppliedCorrection, **changes: Any) -> list[tuple[str, str, str, str]]:
    made = made_view(article(**changes).article_id, corrections, LABELS, ZH)
    return [(one.what, one.before, one.after, one.address) for one in made]


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (
            applied(1, HeadlineChange(change="headline", headline="新题"), before="旧题"),
            ("标题", "旧题", "新题", ""),
        ),
        (applied(1, KindChange(change="kind", kind="photo"), before="story"), ("体裁", "报道", "图片", "")),
        (
            applied(1, TopicsChange(change="topics", topics=("industry", "customs")), before="customs,old_one"),
            ("主题", "海关、old_one", "工业、海关", ""),
        ),
        (applied(1, TopicsChange(change="topics", topics=()), before=""), ("主题", "无", "无", "")),
        (applied(1, Merge(change="merge", other_id=OTHER)), ("并入", "", OTHER, "")),
        (
            applied(1, Merge(change="merge", other_id=OTHER), state="taken_back"),
            ("并入", "", OTHER, f"/articles/{OTHER}"),
        ),
    ],
)
def test_a_correction_says_what_was_before_and_what_is_now(
    correction: AppliedCorrection, said: tuple[str, str, str, str]
) -> None:
    ((what, before, after, address),) = shown(correction)
    assert (what, before, after, bool(address)) == (*said[:3], bool(said[3]))


def test_what_was_split_off_and_what_it_came_from_lead_to_each_other() -> None:
    change = Split(change="split", begins="茶叶也在涨", headline="茶叶")
    split = applied(1, change, correction_id="abc" + "0" * 29)
    made_id = f"{ISSUE}/abc000000000"
    ((what, _, after, address),) = shown(split)
    assert (what, after) == ("拆出", "茶叶")
    assert address.endswith("/abc000000000")
    ((what, _, after, address),) = shown(split, article_id=made_id)
    assert (what, after) == ("拆自", "原稿")
    assert address.endswith("/00000000000a")


def test_what_was_made_on_an_item_merged_in_is_told_apart() -> None:
    change = HeadlineChange(change="headline", headline="新题")
    elsewhere = applied(1, change, article_id=OTHER)
    made = made_view(article().article_id, (elsewhere, applied(2, change)), LABELS, ZH)
    assert [one.is_elsewhere for one in made] == [False, True]
    assert not made_view("", (elsewhere,), LABELS, ZH)[0].is_elsewhere


def test_the_newest_comes_first_with_the_papers_local_time() -> None:
    change = KindChange(change="kind", kind="brief")
    made = made_view(article().article_id, (applied(1, change), applied(2, change)), LABELS, ZH)
    assert [one.at for one in made] == ["2023-08-05 04:07", "2023-08-05 04:06"]
    assert local_time(EVENING) == "2023-08-05 04:05"


def test_an_article_is_corrected_while_a_correction_holds() -> None:
    change = KindChange(change="kind", kind="brief")
    assert not is_corrected(article())
    assert is_corrected(article(corrections=(applied(1, change, state="superseded"), applied(2, change))))
    assert not is_corrected(article(corrections=(applied(1, change, state="taken_back"),)))


def test_what_was_sent_has_arrived_when_the_article_shows_all_of_it() -> None:
    change = KindChange(change="kind", kind="brief")
    there, gone = applied(1, change), applied(2, change, state="taken_back")
    sent = SentCorrections((there.correction_id,), (gone.correction_id,))
    assert sent.arrived([there, gone])
    assert not sent.arrived([there, applied(2, change)])
    assert not sent.arrived([gone])


def test_other_items_are_called_by_what_they_have_in_printed_order() -> None:
    def outline(article_id: str, page: int, first: int, **content: Any) -> Outline:
        spans = [{"page": page, "first": first, "last": first}]
        return read_outline({"article": {"article_id": article_id, "pages": [page], "spans": spans, **content}})

    outlines = [
        outline("c", 2, 1, headline="第二版"),
        outline("b", 1, 30, body=[{"text": "没有标题的"}]),
        outline("a", 1, 4, weather={"text": "大雨"}),
        outline("me", 1, 1, headline="本稿"),
    ]
    found = others_among(outlines, "me")
    assert [(other.article_id, other.page, other.title) for other in found] == [
        ("a", 1, "大雨"),
        ("b", 1, "没有标题的"),
        ("c", 2, "第二版"),
    ]


def test_topics_offered_are_the_seeds_where_they_tagged_it_and_else_what_the_archive_has() -> None:
    seeds = [topic.id for topic in seed_taxonomy().topics]
    found = {"fishery": {"zh": "渔业", "en": "Fishery"}}
    assert list(offered_topics(found, article(taxonomy_version=seed_taxonomy().version))) == [*seeds, "fishery"]
    other = article(taxonomy_version="house-9", topics_unknown=("sport",))
    assert list(offered_topics(found, other)) == ["fishery", "customs", "sport"]
