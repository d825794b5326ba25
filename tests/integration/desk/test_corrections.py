"""Correcting an article on the desk: what is sent stands on the topic, and nothing is sent that should not be."""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from elasticsearch import Elasticsearch

from schemas.article import Withdrawal
from schemas.contract import decode
from schemas.correction import (
    Correction,
    HeadlineChange,
    KindChange,
    Merge,
    Split,
    TakeBack,
    TopicsChange,
)
from services.desk.correcting.values import state_of
from tests.integration.desk.archive import STOP_SECONDS, running_desk, store
from tests.integration.desk.conftest import settings_for
from tests.kafka import read_all
from tests.unit.desk.edition import IDENTITY, ISSUE, TEA_HEADLINE, applied, article, forecast, record, teas

if TYPE_CHECKING:
    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

ARTICLE = f"/articles/{quote(article().article_id)}"
POSTED = f"{ARTICLE}/corrections"
API = f"/api{POSTED}"
FORM = "application/x-www-form-urlencoded"
CHOSEN = ("checkbox", "radio")
TEAS = f"/articles/{quote(teas().article_id)}"


class FormReader(HTMLParser):
    """Reads what a browser would send of the form to correct an article."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "details" and given.get("id") == "correct":
            self._inside = True
        elif self._inside and tag == "select":
            self._select = given["name"] or ""
        elif self._inside and tag == "option" and "selected" in given:
            self.pairs.append((self._select, given["value"] or ""))
        elif self._inside and tag == "input" and (given.get("type") not in CHOSEN or "checked" in given):
            self.pairs.append((given["name"] or "", given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._inside = False


@dataclass(slots=True)
class Editor:
    """A browser without JavaScript: it keeps cookies and sends forms."""

    desk: Desk
    cookies: dict[str, str] = field(default_factory=dict)

    def go(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.desk.get(path, method, body, **({"accept_language": "en"} | headers))
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def form(self, path: str = ARTICLE) -> dict[str, Any]:
        """Return the fields of the form on an article's page as they are sent unchanged."""
        reader = FormReader()
        reader.feed(self.go(path).text)
        fields: dict[str, Any] = {}
        for name, value in reader.pairs:
            if name in {"topic", "seen_topic"}:
                fields.setdefault(name, []).append(value)
            else:
                fields[name] = value
        return fields

    def send(self, fields: dict[str, Any], path: str = POSTED, **headers: str) -> Answer:
        given = {"content_type": FORM, "origin": self.desk.address} | headers
        return self.go(path, "POST", urlencode(fields, doseq=True).encode(), **given)


@pytest.fixture
def editor(desk: Desk) -> Editor:
    return Editor(desk)


def on_topic(servers: Servers, prefix: str) -> list[tuple[str, Correction]]:
    """Return the corrections on the topic with their keys, in the order of their times."""
    settings = settings_for(servers, prefix)
    records = read_all(settings, settings.names.corrections)
    found = [((record.key or b"").decode(), decode(Correction, record.value)) for record in records]
    return sorted(found, key=lambda one: one[1].at)


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


def program(desk: Desk, asked: dict[str, Any], path: str = API, **headers: str) -> Answer:
    return desk.get(path, "POST", json.dumps(asked).encode(), content_type="application/json", **headers)


def test_a_program_sends_a_correction_under_an_id_of_its_own(desk: Desk, servers: Servers, prefix: str) -> None:
    chosen = "cd" * 16
    asked = {"change": {"change": "topics", "topics": ["industry", "customs"]}, "by": "桌面程序"}
    answer = program(desk, asked | {"correction_id": chosen, "version": article().version})
    assert answer.status == 202
    assert answer.json() == {"correction_id": chosen, "article_id": article().article_id}
    key, sent = on_topic(servers, prefix)[-1]
    assert key == ISSUE
    assert (sent.correction_id, sent.by, sent.change) == (
        chosen,
        "桌面程序",
        TopicsChange(change="topics", topics=("industry", "customs")),
    )


KIND = {"change": "kind", "kind": "brief"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"change": KIND}, (403, "no-editor")),
        ({"change": KIND, "by": "周敏", "version": 1}, (409, "changed")),
        ({"change": {"change": "kind", "kind": "poem"}, "by": "周敏"}, (422, "bad-parameter")),
        ({"change": {"change": "topics", "topics": ["sport"]}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "merge", "other_id": article().article_id}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "split", "begins": "没有"}, "by": "周敏"}, (409, "no-effect")),
        ({"change": {"change": "take_back", "taken_back": "0" * 32}, "by": "周敏"}, (409, "no-effect")),
        ({"change": KIND, "by": "周敏", "when": "now"}, (422, "bad-parameter")),
    ],
)
def test_a_program_is_told_what_is_wrong(desk: Desk, asked: dict[str, Any], expected: tuple[int, str]) -> None:
    answer = program(desk, asked)
    assert (answer.status, answer.json()["code"]) == expected


def test_the_corrections_come_with_the_article(desk: Desk) -> None:
    inside = desk.get(f"/api{TEAS}").json()["corrections"]
    assert desk.get(f"/api{TEAS}/corrections").json() == inside
    states = [(one["by"], one["state"]) for one in inside]
    assert states[1:3] == [("周敏", "applied"), ("吴启明", "taken_back")]
    assert inside[1]["before"] == "春茶上市"


def test_an_address_names_every_method_that_it_takes(desk: Desk) -> None:
    answer = desk.get(API, "PUT")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


def test_the_description_says_how_a_correction_is_sent(desk: Desk) -> None:
    described = desk.get("/api/openapi.json").json()
    posted = described["paths"]["/api/articles/{article_id}/corrections"]["post"]
    reference = posted["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schemas = described["components"]["schemas"]
    assert schemas[reference.rpartition("/")[2]]["required"] == ["change"]
    named = set(re.findall(r"#/components/schemas/([\w-]+)", json.dumps(described)))
    assert named <= set(schemas)


def test_without_kafka_the_desk_reads_on_and_says_that_nothing_was_sent(servers: Servers, prefix: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        kafka = f"127.0.0.1:{silent.getsockname()[1]}"
        with running_desk(servers.elasticsearch, prefix, kafka) as desk:
            editor = Editor(desk)
            answer = editor.send(editor.form() | {"headline": "送不出去的标题", "by": "周敏"})
            assert answer.status == 503
            assert "Kafka does not answer" in answer.text
            assert 'value="送不出去的标题"' in answer.text
            problem = program(desk, {"change": KIND, "by": "周敏"})
            assert (problem.status, problem.json()["code"]) == (503, "unsent")
            assert "retry-after" in problem.headers
            assert editor.go(ARTICLE).status == editor.go("/ready").status == 200
            desk.process.terminate()
            desk.process.wait(STOP_SECONDS)


def test_a_desk_that_only_reads_offers_and_takes_no_corrections(servers: Servers, prefix: str) -> None:
    with running_desk(servers.elasticsearch, prefix, servers.kafka, BROADSHEET_DESK_CORRECTIONS="false") as desk:
        editor = Editor(desk)
        shown = editor.go(TEAS)
        assert "周敏" in shown.text
        assert "<form method" not in shown.text
        assert editor.send({"headline": "x"}).status == 403
        assert program(desk, {"change": KIND, "by": "周敏"}).status == 403


def test_the_sign_on_before_the_desk_names_the_editor(servers: Servers, prefix: str) -> None:
    with running_desk(
        servers.elasticsearch, prefix, servers.kafka, BROADSHEET_DESK_EDITOR_HEADER="X-Forwarded-User"
    ) as desk:
        editor = Editor(desk)
        assert "<form method" not in editor.go(ARTICLE).text, "whom it does not name may read only"
        answer = editor.go(ARTICLE, x_forwarded_user="zhou.min")
        assert 'name="by"' not in answer.text
        token = re.search(r'name="token" value="(\w+)"', answer.text)
        assert token is not None
        fields = {"token": token[1], "state": state_of(article()), "kind": "notice", "seen_kind": "story"}
        assert editor.send(fields | {"by": "mallory"}, x_forwarded_user="zhou.min").status == 303
        assert on_topic(servers, prefix)[-1][1].by == "zhou.min"
        assert editor.send(fields).status == 403
        assert program(desk, {"change": KIND}, x_forwarded_user="zhou.min").status == 202
        other = program(desk, {"change": KIND, "by": "mallory"}, x_forwarded_user="zhou.min")
        assert (other.status, other.json()["code"]) == (403, "other-editor")
