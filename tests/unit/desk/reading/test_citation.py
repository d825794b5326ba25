"""What the clipboard gets: the text as a person would type it, and where it was printed."""

from __future__ import annotations

from services.desk.reading.citation import citation, cited_text, plain_text
from tests.unit.desk.edition import article, forecast

TEXT = "本报讯　记者王小明报道，海关昨日查验月饼三百箱。“手续很快！”厂长说。"


def test_the_text_has_titles_bylines_paragraphs_and_captions_and_nothing_else() -> None:
    assert plain_text(article()).split("\n\n") == [
        "中秋将近",
        "首批月饼出口",
        "三百箱运往海外",
        "记者 王小明",
        TEXT,
        "工人在装箱（李小红）",
    ]


def test_a_forecast_is_its_printed_line() -> None:
    assert plain_text(forecast()) == "今日天气：大雨，24到29度"


def test_the_citation_names_author_headline_paper_day_and_page() -> None:
    assert citation(article(), "zh") == "王小明.首批月饼出口[N].示例日报,2023-08-04(1)."
    assert citation(article(pages=(1, 4)), "en") == "王小明. “首批月饼出口”, 示例日报, 2023-08-04, pp. 1,4."


def test_the_citation_is_the_last_line() -> None:
    assert cited_text(article(), "zh").splitlines()[-1] == citation(article(), "zh")
