"""An editor edits a topic on the desk and sees what it would change; nothing is pushed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from services.topics.pushed import pushed
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import parse_taxonomy
from tests.integration.desk.archive import settings_for

if TYPE_CHECKING:
    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

TEA = """- id: tea
  label: 茶业
  label_en: Tea
  terms:
    - weight: 3
      words: [春茶, 茶农]
    - weight: 2
      words: [采摘, 茶商]
"""


def sent(desk: Desk, text: str, **more: str) -> Answer:
    body = urlencode({"topic": "-", "text": text, **more}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "accept_language": "en"}
    return desk.get("/topics", "POST", body, **form)


def test_the_topics_in_force_are_offered_with_their_words(desk: Desk) -> None:
    shown = desk.get("/topics?topic=customs", accept_language="en").text
    assert f"Version in force: {seed_taxonomy().version}" in shown
    assert "海关总署" in shown
    assert '<option value="customs" selected>Customs</option>' in shown
    assert "id: my_topic" in desk.get("/topics?topic=-").text


def test_a_preview_lists_the_articles_that_would_change_with_the_words_that_speak(desk: Desk) -> None:
    shown = sent(desk, TEA).text
    assert "1 would change" in shown
    assert "春茶上市价略高" in shown
    assert '<span class="word">茶农</span>' in shown
    assert "+ Tea, because of:" in shown


def test_a_topic_without_its_words_would_be_lost(desk: Desk) -> None:
    shown = sent(desk, TEA.replace("tea", "customs").replace("茶业", "海关")).text
    assert "customs" in shown
    assert "which it had because of:" in shown
    assert "首批月饼出口" in shown


def test_a_mistake_is_named_by_its_line_and_the_text_comes_back(desk: Desk) -> None:
    answer = sent(desk, TEA.replace("weight: 2", "weight: 20"))
    assert answer.status == 422
    assert "line 7: topics[1].terms[2].weight" in answer.text
    assert "weight: 20" in answer.text


def test_a_mistake_is_told_in_the_language_of_the_page(desk: Desk) -> None:
    body = urlencode({"topic": "-", "text": TEA.replace("weight: 2", "weight: 20")}).encode()
    answer = desk.get(
        "/topics", "POST", body, content_type="application/x-www-form-urlencoded", accept_language="zh-CN"
    )
    assert "第 7 行：topics[1].terms[2].weight：不得大于 6，写的是 20" in answer.text


def test_the_download_is_the_taxonomy_in_force_with_the_topic_and_nothing_is_pushed(
    desk: Desk, servers: Servers, prefix: str
) -> None:
    answer = sent(desk, TEA, download="1")
    assert answer.headers["content-disposition"] == 'attachment; filename="taxonomy.yaml"'
    topics = parse_taxonomy(answer.text).topics
    assert [topic.id for topic in topics] == [*(topic.id for topic in seed_taxonomy().topics), "tea"]
    assert asyncio.run(pushed(settings_for(servers, prefix))) == []


def test_another_kind_of_body_is_refused(desk: Desk) -> None:
    assert desk.get("/topics", "POST", b"{}", content_type="application/json").status == 415
