"""Correcting an article on the desk: what is sent stands on the topic, and nothing is sent that should not be."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from schemas.correction import (
    HeadlineChange,
    KindChange,
    Merge,
    Split,
    TakeBack,
)
from tests.integration.desk.archive import store
from tests.integration.desk.editor import API, ARTICLE, FORM, POSTED, TEAS, Editor, on_topic
from tests.unit.desk.edition import IDENTITY, ISSUE, TEA_HEADLINE, applied, article, forecast, record, teas

if TYPE_CHECKING:
    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers


def test_a_form_sent_stands_on_the_topic_under_its_issue(editor: Editor, servers: Servers, prefix: str) -> None:
    before = on_topic(servers, prefix)
    answer = editor.send(editor.form() | {"headline": "首批月饼运往海外", "kind": "brief", "by": "周敏"})
    assert answer.status == 303
    after = on_topic(servers, prefix)[len(before) :]
    assert [one.change for _, one in after] == [
        HeadlineChange(change="headline", headline="首批月饼运往海外"),
        KindChange(change="kind", kind="brief"),
    ]
    for key, one in after:
        assert (key, one.article_id, one.by) == (ISSUE, article().article_id, "周敏")
        assert abs(one.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)
    shown = editor.go(answer.headers["location"].partition("#")[0])
    assert "The article shows it shortly" in shown.text
    assert all(one.correction_id in shown.text for _, one in after)
    assert editor.form()["by"] == "周敏", "the name is remembered"


def test_a_form_sent_twice_is_one_correction(editor: Editor, servers: Servers, prefix: str) -> None:
    fields = editor.form() | {"topic": ["customs", "industry"], "by": "周敏"}
    first, second = editor.send(fields), editor.send(fields)
    assert first.headers["location"] == second.headers["location"]
    sent = [one.correction_id for _, one in on_topic(servers, prefix)][-2:]
    assert sent[0] == sent[1]


def test_other_items_of_the_issue_can_be_merged(editor: Editor, servers: Servers, prefix: str) -> None:
    fields = editor.form() | {"other": forecast().article_id, "by": "周敏"}
    assert editor.send(fields).status == 303
    assert on_topic(servers, prefix)[-1][1].change == Merge(change="merge", other_id=forecast().article_id)


def test_what_was_split_off_begins_at_a_block(editor: Editor, servers: Servers, prefix: str) -> None:
    fields = editor.form(TEAS) | {"begins": teas().body[2].text, "split_headline": "茶价", "by": "周敏"}
    assert editor.send(fields, f"{TEAS}/corrections").status == 303
    split = Split(change="split", begins=teas().body[2].text[:30], headline="茶价")
    assert on_topic(servers, prefix)[-1][1].change == split


def test_a_correction_is_shown_with_who_and_when_and_can_be_taken_back(
    editor: Editor, servers: Servers, prefix: str
) -> None:
    shown = editor.go(TEAS)
    assert "春茶上市</del>" in shown.text
    assert "周敏, 2023-08-04 14:32 · in force" in shown.text
    assert "taken back by 周敏, 2023-08-04 15:02" in shown.text
    fields = {"token": editor.form(TEAS)["token"], "take_back": TEA_HEADLINE.correction_id, "by": "吴启明"}
    answer = editor.send(fields, f"{TEAS}/corrections")
    assert answer.status == 303
    assert f"taken_back={TEA_HEADLINE.correction_id}" in answer.headers["location"]
    _, sent = on_topic(servers, prefix)[-1]
    assert (sent.by, sent.change) == ("吴启明", TakeBack(change="take_back", taken_back=TEA_HEADLINE.correction_id))


def test_what_holds_already_is_said_to_hold(editor: Editor) -> None:
    assert "is in force." in editor.go(f"{TEAS}?sent={TEA_HEADLINE.correction_id}").text
    assert "The article shows it shortly" in editor.go(f"{TEAS}?taken_back={TEA_HEADLINE.correction_id}").text


def test_a_corrected_article_is_marked_in_lists(editor: Editor) -> None:
    for path in (f"/?{urlencode({'q': '春茶'})}", f"/issues/{quote(ISSUE)}"):
        assert editor.go(path).text.count('class="corrected">Corrected') == 1


@pytest.mark.parametrize("asked", [{"correction": "headline"}, {"q": "更正:headline"}])
def test_corrected_articles_can_be_filtered_for(editor: Editor, asked: dict[str, str]) -> None:
    page = editor.go(f"/?{urlencode(asked)}").text
    assert 'name="correction" value="headline"' in page
    assert TEA_HEADLINE.article_id.rpartition("/")[2] in page
    assert page.count('class="corrected">Corrected') == page.count("<article")


def test_what_was_merged_away_leads_to_where_it_is_now(editor: Editor, servers: Servers, prefix: str) -> None:
    gone, whole = f"{ISSUE}/00000000aa01", f"{ISSUE}/00000000aa02"
    merge = applied(6, Merge(change="merge", other_id=gone), article_id=whole)
    with Elasticsearch(servers.elasticsearch) as client:
        joined = article(article_id=whole, headline="合为一篇", body=(), corrections=(merge,))
        store(client, prefix, [Withdrawal(**IDENTITY, article_id=gone), joined])
        try:
            answer = editor.go(f"/articles/{quote(gone)}")
        finally:
            store(client, prefix, [Withdrawal(**IDENTITY | {"version": article().version + 1}, article_id=whole)])
    assert answer.status == 410
    assert f'<a href="/articles/{quote(whole)}" lang="zh-Hans">合为一篇</a>' in answer.text


def test_an_issue_shows_the_corrections_that_no_article_can(editor: Editor, servers: Servers, prefix: str) -> None:
    later = "示例日报/2023-08-05"
    lost = applied(7, HeadlineChange(change="headline", headline="没有了的稿"), "without_effect")
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [record(issue_id=later, date=dt.date(2023, 8, 5), corrections=(lost,))])
    shown = editor.go(f"/issues/{quote(later)}").text
    assert "Corrections without an article" in shown
    assert "没有了的稿" in shown
    assert editor.go(f"/api/issues/{quote(later)}").json()["issue"]["corrections"][0]["by"] == "周敏"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "The form has no change"),
        ({"headline": ""}, "A headline has 1 to 200 characters"),
        ({"kind": "poem"}, "no such kind"),
        ({"topic": ["sport"]}, "no such topic"),
        ({"other": "别的"}, "another current article of the same issue"),
        ({"begins": "没有这一段"}, "Split at a paragraph"),
        ({"take_back": "0" * 32}, "no such correction"),
    ],
)
def test_a_form_at_fault_comes_back_as_it_was_filled_in(
    editor: Editor, servers: Servers, prefix: str, typed: dict[str, Any], says: str
) -> None:
    before = len(on_topic(servers, prefix))
    answer = editor.send(editor.form() | {"by": "周敏"} | typed)
    assert answer.status == 422
    assert says in answer.text
    assert 'value="周敏"' in answer.text
    assert len(on_topic(servers, prefix)) == before


def test_a_name_is_asked_for(editor: Editor) -> None:
    answer = editor.send(editor.form() | {"headline": "还没有署名", "by": " "})
    assert answer.status == 422
    assert "Enter your name" in answer.text
    assert 'value="还没有署名"' in answer.text


def test_an_article_that_changed_meanwhile_is_looked_at_again(editor: Editor) -> None:
    old = {"state": "earlier", "seen_headline": "旧标题", "headline": "旧标题"}
    answer = editor.send(editor.form(TEAS) | {"kind": "brief", "by": "周敏"} | old, f"{TEAS}/corrections")
    assert answer.status == 409
    assert "has changed since you opened it" in answer.text
    assert 'name="headline" maxlength="200" lang="zh-Hans" value="春茶上市价略高"' in answer.text
    assert '<option value="brief" selected>' in answer.text, "what the editor chose is kept"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_another_sites_page_cannot_correct(
    editor: Editor, servers: Servers, prefix: str, headers: dict[str, str]
) -> None:
    before = len(on_topic(servers, prefix))
    answer = editor.send(editor.form() | {"headline": "外来的标题", "by": "周敏"}, **headers)
    assert answer.status == 403
    assert "another site" in answer.text
    body = json.dumps({"by": "周敏", "change": {"change": "kind", "kind": "brief"}}).encode()
    program = editor.go(API, "POST", body, content_type="application/json", **headers)
    assert (program.status, program.json()["code"]) == (403, "other-site")
    assert len(on_topic(servers, prefix)) == before


def test_a_form_without_the_browsers_token_comes_back_with_a_new_one(editor: Editor, desk: Desk) -> None:
    fields = editor.form() | {"headline": "过期的表单", "by": "周敏"}
    stranger = Editor(desk)
    answer = stranger.send(fields)
    assert answer.status == 403
    assert 'value="过期的表单"' in answer.text
    again = re.search(r'name="token" value="(\w+)"', answer.text)
    assert again is not None
    assert stranger.send(fields | {"token": again[1]}).status == 303


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status"),
    [
        (POSTED, b"a=" + b"x" * 300_000, FORM, 413),
        (POSTED, b"{}", "application/json", 415),
        (POSTED, "标题=".encode(), FORM, 400),
        (POSTED, b"&".join(b"a=1" for _ in range(501)), FORM, 400),
        (f"/articles/{quote(ISSUE)}/ffffffffffff/corrections", b"by=x", FORM, 404),
        (API, b'"' + b"x" * 300_000 + b'"', "application/json", 413),
        (API, b"{}", FORM, 415),
        (API, b"{", "application/json", 422),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    editor: Editor, path: str, body: bytes, content_type: str, status: int
) -> None:
    answer = editor.go(path, "POST", body, content_type=content_type)
    assert answer.status == status
    assert "Traceback" not in answer.text


def test_the_address_of_a_form_leads_back_to_the_article(editor: Editor) -> None:
    answer = editor.go(f"{POSTED}?lang=en")
    assert (answer.status, answer.headers["location"]) == (303, f"{ARTICLE}?lang=en#corrections")


def test_the_language_of_a_form_that_came_back_can_be_changed(editor: Editor) -> None:
    text = editor.send(editor.form() | {"by": "周敏"}).text
    links = [unescape(link) for link in re.findall(r'href="(\?lang=\w\w)"', text)]
    assert links == ["?lang=zh", "?lang=en"]
