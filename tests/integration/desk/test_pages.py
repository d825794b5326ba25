"""The desk's pages, served by the real desk over a real Elasticsearch."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from tests.integration.desk.archive import store
from tests.unit.desk.edition import IDENTITY, ISSUE, article

if TYPE_CHECKING:
    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers


def search(desk: Desk, **parameters: object) -> Answer:
    return desk.get(f"/?{urlencode(parameters, doseq=True)}", accept_language="zh")


def test_a_search_shows_what_is_found_with_the_words_marked(desk: Desk) -> None:
    answer = search(desk, q="月饼 海关")
    assert answer.status == 200
    assert "找到 31 篇" in answer.text
    assert '<mark class="hit">月饼</mark>' in answer.text
    assert '<mark class="hit">海关</mark>' in answer.text


def test_counts_of_a_facets_other_values_stay_what_choosing_them_would_bring(desk: Desk) -> None:
    def count(text: str, facet: str, value: str) -> int:
        found = re.search(rf'name="{facet}" value="{value}"[^>]*>.*?class="count">(\d+)<', text)
        assert found is not None
        return int(found[1])

    both = search(desk, q="月饼")
    briefs = search(desk, q="月饼", kind="brief")
    assert count(briefs.text, "kind", "story") == count(both.text, "kind", "story")
    assert count(briefs.text, "page", "1") < count(both.text, "page", "1")
    chosen = search(desk, q="月饼", kind=["brief", "story"])
    assert "找到 31 篇" in chosen.text
    assert 'value="brief" checked' in chosen.text


def test_following_the_next_page_brings_every_article_once(desk: Desk) -> None:
    address = f"/?{urlencode({'q': '月饼', 'sort': 'oldest', 'size': 7})}"
    found: list[str] = []
    while address:
        text = desk.get(address).text
        found += re.findall(r'<h2 lang="zh-Hans"><a href="(/articles/[^"?]+)', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = unescape(following[1]) if following else ""
    assert len(found) == len(set(found)) == 31


def test_days_chosen_narrow_the_search(desk: Desk) -> None:
    assert "找到 0 篇" in search(desk, q="月饼", since="2023-08-05").text


def test_an_article_stands_beside_its_printed_lines(desk: Desk) -> None:
    answer = desk.get(f"/articles/{quote(article().article_id)}", accept_language="en")
    assert answer.status == 200
    assert 'data-lines="p1-l2 p1-l3"' in answer.text
    assert re.search(r'id="p1-l6" class="mine" value="6">.*?首批月饼出口.*?headline', answer.text)
    assert re.search(r'id="p1-l1" value="1">', answer.text)
    assert '<mark class="topic-0">海关</mark>' in answer.text


def test_an_issue_shows_its_lines_by_item_and_its_quality(desk: Desk) -> None:
    answer = desk.get(f"/issues/{quote(ISSUE)}", accept_language="zh")
    assert answer.status == 200
    assert 'class="run furniture"' in answer.text
    assert "质量记录" in answer.text
    assert "示例日报" in desk.get("/issues").text


def test_nothing_found_says_what_to_try(desk: Desk) -> None:
    answer = search(desk, q="“不存在的词句”", kind="story")
    assert answer.status == 200
    assert "没有找到" in answer.text
    assert "去掉筛选条件" in answer.text


def test_other_words_that_were_found_are_named_with_a_way_to_do_without(desk: Desk) -> None:
    """An editor sees why an article was found."""
    text = search(desk, q="中秋").text
    assert "找到 31 篇" in text
    assert "也查到 <span" in text
    assert "月饼" in text.split("也查到")[1].split("</p>")[0]
    without = search(desk, q="中秋", literal="true").text
    assert "也查到" not in without
    many, few = (re.search(r"找到 (\d+) 篇", page) for page in (text, without))
    assert many is not None
    assert few is not None
    assert int(few[1]) <= int(many[1])


def test_an_unknown_value_or_field_is_named(desk: Desk) -> None:
    """Nothing found in silence looks like an empty archive."""
    assert "没有一篇的主题是“custom”" in unescape(search(desk, q="月饼", topic="custom").text)
    assert "是否想找：title" in unescape(search(desk, q="titel:爆竹声声入云霄").text)


def test_an_empty_quotation_says_so(desk: Desk) -> None:
    """It is a mistake, not a search for nothing."""
    answer = search(desk, q="月饼 “”")
    assert answer.status == 400
    assert "内没有可查的内容" in answer.text


def test_a_query_that_cannot_be_understood_is_shown_with_its_place(desk: Desk) -> None:
    answer = search(desk, q='月饼 "海关')
    assert answer.status == 400
    assert '月饼 <mark class="wrong">&#34;</mark>海关' in answer.text


@pytest.mark.parametrize("path", ["/articles/x/2023-08-04/0", "/issues/x/2023-08-04", "/nowhere"])
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    answer = desk.get(path, accept_language="en")
    assert answer.status == 404
    assert "Back to search" in answer.text


def test_a_withdrawn_article_is_gone_and_says_since_when(desk: Desk, servers: Servers, prefix: str) -> None:
    gone = f"{ISSUE}/0000000000ff"
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [Withdrawal(**IDENTITY, article_id=gone)])
    answer = desk.get(f"/articles/{quote(gone)}", accept_language="en")
    assert answer.status == 410
    assert "revision 3" in answer.text


def test_what_a_newsroom_prints_is_never_markup(desk: Desk, servers: Servers, prefix: str) -> None:
    hostile = article(
        article_id=f"{ISSUE}/0000000000ee",
        headline="<script>alert(1)</script>爆竹",
        kicker='"><img src=x onerror=alert(1)>',
    )
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [hostile])
    try:
        for path in (f"/?{urlencode({'q': '爆竹'})}", f"/articles/{quote(hostile.article_id)}"):
            text = desk.get(path).text
            assert "alert(1)" in text
            assert "<script>" not in text
            assert "<img" not in text
    finally:
        with Elasticsearch(servers.elasticsearch) as client:
            gone = Withdrawal(**IDENTITY | {"version": hostile.version + 1}, article_id=hostile.article_id)
            store(client, prefix, [gone])


def test_pages_carry_a_policy_that_lets_no_foreign_or_inline_script_run(desk: Desk) -> None:
    answer = desk.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src=\"/static/)| style=| on\w+=", answer.text)


def test_every_file_that_a_page_names_is_packaged(desk: Desk) -> None:
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', desk.get("/").text):
        answer = desk.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]


def test_the_language_chosen_is_remembered(desk: Desk) -> None:
    answer = desk.get("/?lang=en", accept_language="zh")
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert '<html lang="en">' in answer.text
    assert '<html lang="en">' in desk.get("/", accept_language="zh", cookie=cookie).text
    assert '<html lang="zh-Hans">' in desk.get("/?lang=zh", cookie=cookie).text
