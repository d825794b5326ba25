"""What a list calls an article."""

from __future__ import annotations

from services.desk.archive.titles import title_of
from tests.unit.desk.edition import article, forecast


def test_an_article_without_a_headline_is_called_by_its_beginning() -> None:
    assert title_of(article(headline="", kicker="", deck="")).startswith("本报讯")
    assert title_of(forecast()) == "今日天气：大雨，24到29度"
