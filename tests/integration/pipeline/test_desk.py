"""From the desk's form through the whole pipeline and back onto the desk's page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.integration.desk.archive import running_desk
from tests.integration.pipeline.pages import BRIDGE, FISHING

if TYPE_CHECKING:
    from tests.integration.desk.archive import Desk
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

FISHING_HEADLINE = "渔港三百艘渔船今晨开渔"
BRIDGE_HEADLINE = "跨海大桥全线合龙"


def send(desk: Desk, pipeline: Pipeline, article_id: str, change: dict[str, Any]) -> str:
    """Correct an article over the API, wait until all is done, and return the correction's id."""
    body = json.dumps({"by": "周敏", "change": change}).encode()
    path = f"/api/articles/{quote(article_id)}/corrections"
    answer = desk.get(path, "POST", body, content_type="application/json")
    assert answer.status == 202, answer.text
    pipeline.settle()
    pipeline.documents(article_id.partition("/")[0])
    return str(answer.json()["correction_id"])


def test_what_is_corrected_on_the_desk_is_shown_there_and_undone_there(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = {headline: found["article_id"] for headline, found in pipeline.documents(paper).items()}
    fishing, bridge = before[FISHING_HEADLINE], before[BRIDGE_HEADLINE]
    page = f"/articles/{quote(fishing)}"
    with running_desk(
        pipeline.settings.elasticsearch_address, pipeline.settings.prefix, pipeline.settings.kafka_address
    ) as desk:
        chosen = send(desk, pipeline, fishing, {"change": "headline", "headline": "渔船出海"})
        merged = send(desk, pipeline, fishing, {"change": "merge", "other_id": bridge})
        shown = desk.get(f"{page}?sent={chosen}&sent={merged}", accept_language="en").text
        assert re.search(r"<h1>渔船出海</h1>", shown)
        assert f"{FISHING_HEADLINE}</del>" in shown
        assert "is in force." in shown
        assert "lines may not fit" not in shown
        gone = desk.get(f"/articles/{quote(bridge)}", accept_language="en")
        assert (gone.status, f'href="{page}"' in gone.text) == (410, True)
        for one in (merged, chosen):
            send(desk, pipeline, fishing, {"change": "take_back", "taken_back": one})
        text = pipeline.documents(paper)[BRIDGE_HEADLINE]["article"]["body"][-1]["text"]
        begins = {"change": "split", "begins": text[:30], "headline": "桥长三十里"}
        split = send(desk, pipeline, bridge, begins)
        off = desk.get(f"/articles/{quote(paper)}/2023-08-15/{split[:12]}", accept_language="en")
        assert re.search(r"<h1>桥长三十里</h1>", off.text)
        assert f'href="/articles/{quote(bridge)}"' in off.text
        assert re.search(rf"<h1>{FISHING_HEADLINE}</h1>", desk.get(page).text)
