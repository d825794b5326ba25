"""What an editor means by what was typed."""

import datetime as dt

import pytest

from services.search.query.nodes import All, AnyOf, Dates, Node, Words
from services.search.query.ranges import DateRange
from services.search.rewriting import slips
from services.search.rewriting.questions import asked_about
from services.search.rewriting.slips import corrections
from services.search.rewriting.understanding import as_text, corrected, to_the_letter, understand
from services.text.words import words

YEAR_2019 = AnyOf(
    (
        Dates(DateRange(dt.date(2019, 1, 1), dt.date(2019, 12, 31))),
        All((Dates(DateRange(dt.date(2020, 1, 1), dt.date(2020, 1, 31))), Words("2019年"))),
    )
)


def days(first: str, last: str) -> Dates:
    return Dates(DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2019年龙舟赛", All((Words("龙舟赛"), YEAR_2019))),
        ("2019 龙舟赛", All((YEAR_2019, Words("龙舟赛")))),
        ("2019年6月龙舟赛", All((Words("龙舟赛"), days("2019-06-01", "2019-06-30")))),
        ("2019年6月 龙舟赛", All((days("2019-06-01", "2019-06-30"), Words("龙舟赛")))),
        ("2019年春节车票", All((Words("春节车票"), days("2019-01-15", "2019-03-05")))),
        ("2017年至2019年龙舟赛", All((Words("龙舟赛"), days("2017-01-01", "2019-12-31")))),
        ("2019年上半年外贸", All((Words("外贸"), days("2019-01-01", "2019-08-31")))),
    ],
)
def test_a_year_or_month_beside_an_event_says_when_to_look(typed: str, meant: Node) -> None:
    """Papers seldom print the year they appear in, so it is the date of the article that counts."""
    understood = understand(typed)
    assert understood.meant.node == meant
    assert [change.kind for change in understood.changes] == ["date"]


@pytest.mark.parametrize(
    "typed",
    ["2019年", "2019年6月5日 龙舟赛", "2019人参赛", "2000多人", "中国制造2025", '"2019年" 龙舟赛', "90年代的龙舟赛"],
)
def test_other_numbers_stay_words(typed: str) -> None:
    """A date by itself, a whole day (papers print those), a count, a name and a quotation are looked for as typed."""
    assert not understand(typed).changes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("有没有关于龙舟赛的报道", "龙舟赛"),
        ("请问龙舟赛是怎么回事？", "龙舟赛"),
        ("龙舟赛的最新消息", "龙舟赛"),
    ],
)
def test_words_that_only_ask_are_left_out(typed: str, meant: str) -> None:
    """What is left is what the question is about."""
    understood = understand(typed)
    assert understood.meant.node == Words(meant)
    assert [(change.kind, change.typed, change.meant) for change in understood.changes] == [("question", typed, meant)]


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("渔船沉没死了多少人", "渔船沉没"),
        ("渔港爆炸造成多少人伤亡", "渔港爆炸"),
        ("谁当选渔会会长", "当选渔会会长"),
        ("跨海大桥什么时候通车", "跨海大桥 通车"),
        ("鱼价为什么下跌", "鱼价 下跌"),
        ("休渔期几号开始", "休渔期 开始"),
        ("几内亚", "几内亚"),
        ("几何图形", "几何图形"),
        ("谁", "谁"),
    ],
)
def test_what_asks_inside_a_question_is_left_out(typed: str, about: str) -> None:
    """The words before and after it stay; a word that only looks like a question word does too."""
    assert asked_about(typed).about == about


def test_a_question_after_the_dead_ranks_articles_that_count_them_first() -> None:
    """The answer need not have these words."""
    assert understand("渔船沉没死了多少人").meant.node == All((Words("渔船沉没"),), (Words("死亡"), Words("受伤")))


def test_to_the_letter_changes_nothing() -> None:
    """The way back from what was understood: no dates, and no other words either."""
    literal = to_the_letter("2019年龙舟赛 车祸").meant
    assert literal.node == All((Words("2019年龙舟赛"), Words("车祸")))
    assert all(len(unit.wordings) == 1 for unit in literal.terms[Words("车祸")].units)


def test_a_headline_pasted_from_a_page_may_be_a_text() -> None:
    """人物： names a field, and begins headlines; what is typed with a colon of its own is a field."""
    pasted = as_text(understand("人物：渔会会长"))
    assert pasted is not None
    assert pasted.meant.node == All((Words("人物"), Words("渔会会长")))
    assert [change.kind for change in pasted.changes] == ["text"]
    assert as_text(understand("person:渔会会长")) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("经剂观察", "经济观察"), ("地镇救援", "地震救援"), ("己经通车", "已经通车"), ("新冠疫描", "新冠疫苗")],
)
def test_a_slip_of_the_keyboard_has_its_correction_among_the_candidates(typed: str, meant: str) -> None:
    """Characters that sound alike, whatever the tone, or look alike."""
    assert meant in corrections(typed)
    assert meant in [other.meant.text for other in corrected(understand(typed), corrections(typed))]


@pytest.mark.parametrize("typed", ["房地产开发商", "龙舟赛事", "月球采矿", "GDP", ""])
def test_known_words_are_never_corrected(typed: str) -> None:
    """Where no answer is right, none may be made up."""
    assert corrections(typed) == ()


def test_a_pasted_paragraph_is_not_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying every change of it would keep the desk from answering others, so not one is tried."""
    tried: list[str] = []
    monkeypatch.setattr(slips, "words", lambda run: tried.append(run) or words(run))
    assert corrections("海关总暑" * (slips.LONGEST_TEXT // 4))
    tried.clear()
    assert corrections("海关总暑" * (slips.LONGEST_TEXT // 4 + 1)) == ()
    assert tried == []


def test_a_field_or_a_quotation_is_never_corrected() -> None:
    """Whoever quotes or names a field means what is typed."""
    for typed in ('"经剂观察"', "标题:经剂观察"):
        assert corrected(understand(typed), ["经济观察"]) == ()
