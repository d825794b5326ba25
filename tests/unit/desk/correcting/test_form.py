"""From the form to corrections: only what was changed goes out, and what cannot be is said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.article import Block
from schemas.correction import AppliedCorrection, HeadlineChange, KindChange, Merge, Split, TakeBack, TopicsChange
from services.desk.correcting.form import (
    CHANGE,
    Offer,
    OtherItem,
    beginnings,
    blank,
    changes_of,
    correction_id,
    read,
    renewed,
)
from services.desk.correcting.values import state_of, values_of
from services.desk.routes.api_models import CorrectionRequest
from services.desk.views.interface import texts_of_all
from tests.unit.desk.edition import ISSUE, article, forecast, span

if TYPE_CHECKING:
    from schemas.tagged import TaggedArticle
    from services.desk.correcting.form import Draft

OFFERED = Offer(
    topics={topic: {"zh": topic, "en": topic} for topic in ("industry", "customs", "weather")},
    others=(OtherItem(forecast().article_id, 1, "今日天气"),),
)
TEXTS = (
    "海关昨日查验月饼三百箱，比去年多一成，全部当天放行，手续很快。",
    "出口增长",
    "增长的还有茶叶。",
    "茶叶",
)
TAKEN = "ab" * 16
NAMES = (
    *("headline", "seen_headline", "kind", "seen_kind", "topic", "seen_topic", "state"),
    *("other", "begins", "split_headline", "by", "take_back", "token", "x"),
)


def in_blocks(*texts: str) -> TaggedArticle:
    return article(body=tuple(Block(kind="paragraph", text=text, spans=(span(2, 2),)) for text in texts))


def long_article() -> TaggedArticle:
    return in_blocks(*TEXTS)


def corrected(state: str = "applied") -> TaggedArticle:
    made = {
        "correction_id": TAKEN,
        "article_id": article().article_id,
        "by": "周敏",
        "at": dt.datetime(2023, 8, 4, tzinfo=dt.UTC),
        "change": KindChange(change="kind", kind="story"),
        "state": state,
    }
    return article(corrections=(AppliedCorrection(**made),))


def sent(shown: TaggedArticle, **typed: Any) -> Draft:
    """Return the form as a browser sends it, with `typed` written into it."""
    values = values_of(shown)
    fields: dict[str, Any] = {
        "state": state_of(shown),
        "seen_headline": values.headline,
        "seen_kind": values.kind,
        "seen_topic": sorted(values.topics),
        "headline": values.headline,
        "kind": values.kind,
        "topic": sorted(values.topics),
        "other": "",
        "begins": "",
        "split_headline": "",
        "by": "周敏",
    }
    pairs = (fields | typed).items()
    return read([(name, one) for name, value in pairs for one in (value if isinstance(value, list) else [value])])


def test_a_form_left_alone_asks_for_nothing_and_says_so() -> None:
    changes, faults = changes_of(sent(article()), article(), OFFERED)
    assert changes == ()
    assert faults == {"nothing": "correct.fault.nothing"}


@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ({"headline": " 首批月饼运往海外 "}, HeadlineChange(change="headline", headline="首批月饼运往海外")),
        ({"kind": "brief"}, KindChange(change="kind", kind="brief")),
        ({"topic": ["customs", "industry"]}, TopicsChange(change="topics", topics=("industry", "customs"))),
        ({"topic": []}, TopicsChange(change="topics", topics=())),
        ({"other": forecast().article_id}, Merge(change="merge", other_id=forecast().article_id)),
        ({"begins": "增长的还有茶叶。"}, Split(change="split", begins="增长的还有茶叶。")),
        (
            {"begins": "茶叶", "split_headline": "茶叶也多"},
            Split(change="split", begins="茶叶", headline="茶叶也多"),
        ),
    ],
)
def test_what_was_changed_goes_out_and_nothing_else(typed: dict[str, Any], change: object) -> None:
    changes, faults = changes_of(sent(long_article(), **typed), long_article(), OFFERED)
    assert (changes, faults) == ((change,), {})


def test_several_fields_make_several_corrections() -> None:
    changes, _ = changes_of(sent(article(), headline="新标题", kind="notice"), article(), OFFERED)
    assert [change.change for change in changes] == ["headline", "kind"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"headline": "字" * 201}, "headline"),
        ({"headline": "两\n行"}, "headline"),
        ({"kind": "poem"}, "kind"),
        ({"topic": ["sport"]}, "topics"),
        ({"topic": ["Customs!"]}, "topics"),
        ({"other": article().article_id}, "other"),
        ({"other": f"{ISSUE}/ffffffffffff"}, "other"),
        ({"other": "别的"}, "other"),
        ({"begins": "没有这一段"}, "begins"),
        ({"begins": TEXTS[0][:30]}, "begins"),
        ({"begins": "茶叶", "split_headline": "字" * 201}, "begins"),
        ({"take_back": "x"}, "take_back"),
        ({"take_back": TAKEN}, "take_back"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(typed: dict[str, Any], field: str) -> None:
    changes, faults = changes_of(sent(long_article(), **typed), long_article(), OFFERED)
    assert changes == ()
    assert set(faults) == {field}


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=300)), max_size=12))
def test_any_form_is_read_and_gives_corrections_that_fit_or_faults_with_words(pairs: list[tuple[str, str]]) -> None:
    draft = read(pairs)
    changes, faults = changes_of(draft, article(), OFFERED)
    for change in changes:
        assert CHANGE.validate_json(change.model_dump_json()) == change
    assert changes or faults
    assert {key for key in faults.values() if key not in texts_of_all()} == set()
    assert renewed(draft, article()).state == state_of(article())


def test_a_correction_in_force_can_be_taken_back_once() -> None:
    change = TakeBack(change="take_back", taken_back=TAKEN)
    assert changes_of(sent(corrected(), take_back=TAKEN), corrected(), OFFERED) == ((change,), {})
    for state in ("superseded", "without_effect"):
        assert changes_of(sent(corrected(state), take_back=TAKEN), corrected(state), OFFERED)[0] == (change,)
    taken = corrected("taken_back")
    assert changes_of(sent(taken, take_back=TAKEN), taken, OFFERED)[1] == {"take_back": "correct.fault.take_back"}


def test_a_block_is_named_by_its_beginning_unless_another_begins_so() -> None:
    assert list(beginnings(long_article())) == list(TEXTS[1:])
    assert beginnings(in_blocks("一", "二", "二")) == {"二": 1}
    assert beginnings(in_blocks("出口增长，快。", "“出口增长”", "……")) == {}
    assert beginnings(in_blocks("一", "出" * 40)) == {"出" * 30: 1}


def test_when_the_article_changed_meanwhile_what_was_typed_stays_and_the_rest_follows() -> None:
    draft = sent(article(), kind="brief", begins="没有了")
    now = article(headline="另一人改的标题", version=article().version + 1)
    again = renewed(draft, now)
    assert again.values == replace(values_of(now), kind="brief")
    assert again.begins == ""
    assert [change.change for change in changes_of(again, now, OFFERED)[0]] == ["kind"]


def test_the_same_form_sent_twice_has_one_id_and_another_has_another() -> None:
    change, other = KindChange(change="kind", kind="brief"), KindChange(change="kind", kind="photo")
    first = correction_id("t", "s", change)
    assert first == correction_id("t", "s", KindChange(change="kind", kind="brief"))
    assert (
        len({first, correction_id("t", "s", other), correction_id("t", "r", change), correction_id("u", "s", change)})
        == 4
    )
    assert re.fullmatch("[0-9a-f]{32}", first)


@pytest.mark.parametrize(
    "changes",
    [{"headline": "另一个"}, {"kind": "brief"}, {"topics": ()}, {"body": ()}, {"corrections": corrected().corrections}],
)
def test_a_change_that_an_editor_sees_makes_another_state(changes: dict[str, Any]) -> None:
    assert state_of(article(**changes)) != state_of(article())
    assert state_of(corrected("taken_back")) != state_of(corrected())


def test_a_correction_of_another_article_leaves_the_state_though_the_version_grows() -> None:
    assert state_of(article(version=article().version + 1)) == state_of(article())


def test_a_fresh_form_holds_what_the_article_has() -> None:
    assert blank(article()).values == values_of(article())
    assert values_of(article()).topics == {"customs"}


def test_a_program_may_write_a_version_as_json_has_integers() -> None:
    asked = '{"change": {"change": "kind", "kind": "brief"}, "version": %s}'
    assert CorrectionRequest.model_validate_json(asked % "7.0").version == 7
    for wrong in ("7.5", '"7"', "-1", "1e400"):
        with pytest.raises(ValidationError):
            CorrectionRequest.model_validate_json(asked % wrong)
