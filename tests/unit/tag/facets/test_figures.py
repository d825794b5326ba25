"""Figures of an article: its numbers with their units, signs, ranges and exactness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.tag.conftest import article

if TYPE_CHECKING:
    from services.tag.tagging import Tagger


def figures(tagger: Tagger, text: str) -> list[tuple[float, str, str, str | None]]:
    return [(f.value, f.unit, f.what, f.change) for f in tagger.tag(article(text)).figures]


class TestFigures:
    def test_an_amount_has_its_value_in_the_unit_and_what_it_counts(self, tagger: Tagger) -> None:
        text = "全市实现规上工业增加值288.48亿元，同比增长0.5%。"
        assert figures(tagger, text) == [
            (28848000000, "元", "规上工业增加值", None),
            (0.5, "%", "规上工业增加值", "rise"),
        ]

    @pytest.mark.parametrize(
        ("text", "figure"),
        [
            ("煤耗下降百分之十五。", (15, "%", "煤耗", "fall")),
            ("三百零五家商铺恢复营业。", (305, "家", "商铺", None)),
            ("帮扶112个镇街。", (112, "个", "镇街", None)),
            ("洪灾造成80人死亡。", (80, "人", "", None)),
            ("出口额达３．２亿美元。", (320000000, "美元", "出口额", None)),
            ("温度33℃。", (33, "℃", "温度", None)),
            ("30多万人受困。", (300000, "人", "", None)),
            ("年产值1,200万元。", (12000000, "元", "年产值", None)),
        ],
    )
    def test_a_figure_is_read(self, tagger: Tagger, text: str, figure: tuple[float, str, str, str | None]) -> None:
        assert figures(tagger, text) == [figure]

    @pytest.mark.parametrize(
        ("text", "figure"),
        [
            ("出口同比增长-2.3%。", (2.3, "%", "出口", "fall")),
            ("出口同比增长百分之负二点三。", (2.3, "%", "出口", "fall")),
            ("工业投资负增长3.1%。", (3.1, "%", "工业投资", "fall")),
            ("产值同比减2.3%。", (2.3, "%", "产值", "fall")),
            ("煤炭消费比上年减少300吨。", (300, "吨", "煤炭消费", "fall")),
            ("进口降幅为2.3%。", (2.3, "%", "进口", "fall")),
            ("失业率下降至2.3%。", (2.3, "%", "失业率", None)),
            ("产量减少到300吨。", (300, "吨", "产量", None)),
            ("利润总额-300万元。", (-3000000, "元", "利润总额", None)),
            ("气温零下7℃。", (-7, "℃", "气温", None)),
            ("投资1.2万亿元。", (1200000000000, "元", "投资", None)),
            ("粮食产量1万2千吨。", (12000, "吨", "粮食产量", None)),
            ("投资1亿2000万元。", (120000000, "元", "投资", None)),
            ("货值一点二亿元。", (120000000, "元", "货值", None)),
            ("世界12,000,000人。", (12000000, "人", "", None)),
        ],
    )
    def test_signs_falls_and_powers_are_read(
        self, tagger: Tagger, text: str, figure: tuple[float, str, str, str | None]
    ) -> None:
        """The size and the direction of a change; where it ended is no change."""
        assert figures(tagger, text) == [figure]

    @pytest.mark.parametrize(
        ("text", "value", "upper", "exactness"),
        [
            ("投资3至5万元。", 30000, 50000, None),
            ("损耗10%-15%。", 10, 15, None),
            ("占百分之三到百分之五。", 3, 5, None),
            ("水温零下2℃至5℃。", -2, 5, None),
            ("约300人参加。", 300, None, "about"),
            ("投资超过5亿元。", 500000000, None, "over"),
            ("3千余人参加。", 3000, None, "over"),
            ("货值不足5000元。", 5000, None, "under"),
            ("重5吨左右。", 5, None, "about"),
        ],
    )
    def test_ranges_and_approximations_are_told(
        self, tagger: Tagger, text: str, value: float, upper: float | None, exactness: str | None
    ) -> None:
        """Both ends of a range, and how the print limits a number."""
        (figure,) = tagger.tag(article(text)).figures
        assert (figure.value, figure.upper, figure.exactness) == (value, upper, exactness)

    def test_from_one_amount_to_another_is_no_range(self, tagger: Tagger) -> None:
        """从300吨到500吨 gives two figures."""
        assert [figure.value for figure in tagger.tag(article("产量从300吨到500吨。")).figures] == [300, 500]

    def test_a_share_neither_rises_nor_falls(self, tagger: Tagger) -> None:
        assert figures(tagger, "出口增长后占全国的60%。")[0][3] is None

    @pytest.mark.parametrize(
        "text",
        [
            "第3机床厂投产。",
            "8月4日开会。",
            "一个人来了。",
            "东风2-3级。",
            "他一度想走。",
            "2023年计划",
            "来了两人。",
            "零下六到七度。",
        ],
    )
    def test_what_counts_nothing_is_no_figure(self, tagger: Tagger, text: str) -> None:
        assert figures(tagger, text) == []

    def test_the_span_quotes_the_print(self, tagger: Tagger) -> None:
        (figure,) = tagger.tag(article("產值達１．５億元。")).figures
        assert (figure.span.text, figure.span.start, figure.value) == ("１．５億元", 3, 150000000)
