"""The picture of a segmented page."""

from services.segment.segmentation import segment_issue
from services.segment.views.page_html import render

PAGES = {
    1: "清江新桥<通车>\n\n　　本报讯 昨日上午，新桥建成通车。\n新桥全长两公里，比老桥近得多。\n",
    2: "今日天气：晴，东风2-3级，温度18℃-26℃",
}


def test_every_line_is_drawn_once_and_its_text_escaped() -> None:
    """Nothing printed is lost in the picture, and no text of a page becomes markup."""
    html = render(PAGES, segment_issue(PAGES), "清江日报 & 副刊")
    assert html.count('<div class="line ') == 4
    assert "清江新桥&lt;通车&gt;" in html
    assert "清江日报 &amp; 副刊" in html


def test_the_file_needs_nothing_else() -> None:
    """No script, no address to load from."""
    html = render(PAGES, segment_issue(PAGES), "清江日报")
    assert "<script" not in html
    assert "http" not in html
