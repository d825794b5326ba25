"""The facets, rule by rule, in texts of our own; benchmarks/facets.py measures them on a marked sample."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from services.tag.facets.gazetteer import division, gazetteer
from services.tag.facets.places import home_of
from services.tag.vocabulary import words
from tests.unit.tag.conftest import article

if TYPE_CHECKING:
    from services.tag.tagging import Tagger


def places(tagger: Tagger, text: str, paper: str = "茂名日报") -> list[tuple[str, str | None]]:
    return [(place.name, place.code) for place in tagger.tag(article(text, paper=paper)).places]


def people(tagger: Tagger, text: str, bylines: tuple[str, ...] = ()) -> list[str]:
    return [name.name for name in tagger.tag(article(text, bylines=bylines)).people]


def organisations(tagger: Tagger, text: str) -> list[str]:
    return [name.name for name in tagger.tag(article(text)).organisations]


def dates(tagger: Tagger, text: str, date: str = "2023-08-05", *, assumed: bool = False) -> list[str]:
    return [day.isoformat() for day in tagger.tag(article(text, date=date, date_assumed=assumed)).dates]


class TestPlaces:
    def test_a_division_has_its_code_and_those_above_it(self, tagger: Tagger) -> None:
        (place,) = tagger.tag(article("电白区今年水产丰收。")).places
        assert (place.name, place.code, place.full_name) == ("电白区", "440904", "广东省茂名市电白区")

    def test_names_of_one_place_are_counted_together(self, tagger: Tagger) -> None:
        (place,) = tagger.tag(article("信宜市举办三华李节，信宜的果农都来了。")).places
        assert (place.name, place.mentions) == ("信宜市", 2)

    def test_short_names_of_counties_count_in_the_papers_own_city(self, tagger: Tagger) -> None:
        assert places(tagger, "高州、化州的荔枝熟了。") == [("高州", "440981"), ("化州", "440982")]
        assert places(tagger, "高州、化州的荔枝熟了。", paper="人民日报") == []

    def test_a_short_name_counts_after_the_division_it_lies_in(self, tagger: Tagger) -> None:
        assert places(tagger, "台风在广东台山登陆。", paper="人民日报") == [("广东", "440000"), ("台山", "440781")]

    def test_towns_are_told_by_the_papers_city(self, tagger: Tagger) -> None:
        assert places(tagger, "白石镇修了新路。") == [("白石镇", "440983116")]

    def test_towns_are_told_by_the_county_beside_them(self, tagger: Tagger) -> None:
        found = places(tagger, "乐昌市白石镇修了新路。", paper="人民日报")
        assert found == [("乐昌市", "440281"), ("白石镇", "440281119")]

    def test_a_town_that_could_be_anywhere_is_left_out(self, tagger: Tagger) -> None:
        assert places(tagger, "白石镇修了新路。", paper="人民日报") == []

    def test_a_county_of_two_cities_is_told_by_the_city_named(self, tagger: Tagger) -> None:
        assert ("朝阳区", "220104") in places(tagger, "长春市区今晨大雾。朝阳区能见度最低。", paper="人民日报")
        assert places(tagger, "朝阳区能见度最低。", paper="人民日报") == [("朝阳区", None)]

    def test_a_name_in_traditional_script_is_the_same_place(self, tagger: Tagger) -> None:
        assert places(tagger, "電白區今年水產豐收。") == [("電白區", "440904")]

    def test_a_place_is_told_before_the_party_committee_of_its_city(self, tagger: Tagger) -> None:
        assert places(tagger, "茂名市委作出部署。") == [("茂名", "440900")]

    @pytest.mark.parametrize(
        "text",
        [
            "他住在南京路。",
            "新华社北京8月4日电",
            "白银涨价了。",
            "海关大楼敲钟了。",
            "东方不亮西方亮。",
            "上海路车流不息。",
        ],
        ids=["road", "dateline", "silver", "building", "compass", "another road"],
    )
    def test_what_only_looks_like_a_place_is_none(self, tagger: Tagger, text: str) -> None:
        assert places(tagger, text, paper="人民日报") == []

    def test_countries_are_places_without_a_code(self, tagger: Tagger) -> None:
        assert places(tagger, "月饼出口新加坡。") == [("新加坡", None)]

    @pytest.mark.parametrize(
        ("paper", "home"),
        [("茂名日报", "440900"), ("深圳特区报", "440300"), ("北京晚报", "110000"), ("人民日报", None), ("", None)],
    )
    def test_a_paper_is_at_home_where_its_name_says(self, paper: str, home: str | None) -> None:
        found = home_of(paper)
        assert (found.gb_code if found else None) == home

    def test_the_gazetteer_knows_every_level(self) -> None:
        assert [division(code).name for code in ("44", "4409", "440904", "440904121")] == [
            "广东省",
            "茂名市",
            "电白区",
            "那霍镇",
        ]
        assert gazetteer().short["延边"] == ("2224",)


class TestPeople:
    def test_a_name_after_a_title_is_a_person(self, tagger: Tagger) -> None:
        assert people(tagger, "总经理赵建民介绍了情况。") == ["赵建民"]

    def test_a_name_before_a_verb_of_speech_is_a_person(self, tagger: Tagger) -> None:
        assert people(tagger, "“收成好。”陈木生说。") == ["陈木生"]

    def test_reporters_are_no_people_of_the_story(self, tagger: Tagger) -> None:
        assert people(tagger, "本报讯 记者张海涛 通讯员李芳报道：厂长周德厚表示，任务完成。") == ["周德厚"]

    def test_who_signs_the_article_is_no_person_of_the_story(self, tagger: Tagger) -> None:
        assert people(tagger, "总经理赵建民介绍，委员孙立平表示。", bylines=("赵建民",)) == ["孙立平"]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("青峦海关关员查验出口柚子。", []),
            ("学生高兴地说，操场修好了。", []),
            ("干部包户，代表方便群众。", []),
            ("人民时评指出，要把好事办好。", []),
            ("欧阳修文说，公司扩产。", ["欧阳修文"]),
            ("海关工作人员李㛃介绍，关员提前到果园。", ["李㛃"]),
            ("副市长章〇一表示，要抓好落实。", ["章〇一"]),
            ("村民古丽娜尔·买买提说，今年葡萄好。", ["古丽娜尔·买买提"]),
            ("专家黎明辉认为，雨水偏多。", ["黎明辉"]),
        ],
    )
    def test_names_are_whole_in_any_characters_and_words_are_nobody(
        self, tagger: Tagger, text: str, found: list[str]
    ) -> None:
        """Rare characters, double surnames and dotted names; what somebody does is no name."""
        assert people(tagger, text) == found

    def test_names_in_a_list_after_a_name_are_people(self, tagger: Tagger) -> None:
        assert people(tagger, "副市长王志强、李卫东、赵晓峰出席会议。") == ["王志强", "李卫东", "赵晓峰"]

    def test_a_foreign_name_keeps_its_dots_and_loses_the_title(self, tagger: Tagger) -> None:
        assert people(tagger, "意大利总理朱塞佩·孔特抵达。") == ["朱塞佩·孔特"]

    def test_mentions_are_counted(self, tagger: Tagger) -> None:
        (person,) = tagger.tag(article("厂长周德厚表示，能行。大家都信周德厚。")).people
        assert person.mentions == 2

    @pytest.mark.parametrize("text", ["嫌疑人何某落网。", "高水平开放。", "高新区建设加快。", "万里长城永不倒。"])
    def test_what_only_begins_like_a_name_is_none(self, tagger: Tagger, text: str) -> None:
        assert people(tagger, text) == []

    def test_a_place_inside_a_name_is_no_place(self, tagger: Tagger) -> None:
        tagged = tagger.tag(article("代表龙长春提出建议。"))
        assert ([p.name for p in tagged.people], tagged.places) == (["龙长春"], ())


class TestOrganisations:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("海关总署发布公告。", "海关总署"),
            ("在茂名海关监管下装船。", "茂名海关"),
            ("广州酒家集团粮丰园（茂名）食品有限公司发货。", "广州酒家集团粮丰园（茂名）食品有限公司"),
            ("市民到武汉第二棉纺厂参观。", "武汉第二棉纺厂"),
            ("加开列车，成都铁路局说。", "成都铁路局"),
            ("泉州市委统战部负责人陪同。", "泉州市委统战部"),
        ],
    )
    def test_a_name_is_taken_whole(self, tagger: Tagger, text: str, name: str) -> None:
        assert name in organisations(tagger, text)

    @pytest.mark.parametrize(
        "text", ["上市公司业绩大增。", "该公司今年扩产。", "相关部门加强监管。", "记者来到一家银行。"]
    )
    def test_what_names_no_organisation_is_none(self, tagger: Tagger, text: str) -> None:
        assert organisations(tagger, text) == []

    def test_a_name_begins_with_the_place_it_lies_in(self, tagger: Tagger) -> None:
        assert organisations(tagger, "天河区广东省人民医院扩建。") == ["广东省人民医院"]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("截至8月4日，出口月饼。", ["2023-08-04"]),
            ("昨日，项目开工，今天继续。", ["2023-08-04", "2023-08-05"]),
            ("2021年3月1日投产。", ["2021-03-01"]),
            ("一九九〇年十月六日，开幕。", ["1990-10-06"]),
            ("去年12月31日统计。", ["2022-12-31"]),
            ("8月1日、2日和4日停电。", ["2023-08-01", "2023-08-02", "2023-08-04"]),
            ("31日上午开会。", ["2023-07-31"]),
            ("新华社北京八月三日电 今天，会议开幕。", ["2023-08-03"]),
            ("2月30日", []),
            ("今天的中国，日新月异。", []),
        ],
    )
    def test_days_are_made_whole_with_the_issues_date(self, tagger: Tagger, text: str, days: list[str]) -> None:
        assert dates(tagger, text) == days

    def test_a_day_of_december_in_an_issue_of_january_was_last_year(self, tagger: Tagger) -> None:
        assert dates(tagger, "12月28日宣布。", date="2024-01-03") == ["2023-12-28"]

    def test_a_day_of_january_in_an_issue_of_december_is_next_year(self, tagger: Tagger) -> None:
        assert dates(tagger, "1月2日开幕。", date="2023-12-30") == ["2024-01-02"]

    def test_with_an_assumed_date_only_whole_dates_are_taken(self, tagger: Tagger) -> None:
        assert dates(tagger, "昨日和8月4日，以及2021年3月1日。", assumed=True) == ["2021-03-01"]

    def test_the_first_day_there_is_has_no_yesterday(self, tagger: Tagger) -> None:
        assert dates(tagger, "前天和昨天", date=dt.date.min.isoformat()) == []


def test_every_word_list_is_written_in_the_spelling_it_is_compared_in() -> None:
    assert "习" in words("surnames")
    assert all(len(surname) == 1 for surname in words("surnames"))
    with pytest.raises(KeyError):
        words("nothing of the kind")
