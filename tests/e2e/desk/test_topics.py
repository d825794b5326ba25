"""An editor edits a topic and sees which articles it would change, at a desk and on a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.desk.conftest import opened
from tests.integration.desk.following.test_topics import TEA

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.integration.desk.archive import Desk

pytestmark = pytest.mark.servers

DESK = {"width": 1440, "height": 900}
TELEPHONE = {"width": 390, "height": 844}
WORDS = {
    "zh-CN": {"nav": "主题", "preview": "预览", "changes": "1 篇会变", "gains": "＋ 茶业", "line": "第 5 行"},
    "en-GB": {"nav": "Topics", "preview": "Preview", "changes": "1 would change", "gains": "+ Tea", "line": "line 5"},
}


@pytest.mark.parametrize("viewport", [DESK, TELEPHONE], ids=["1440", "390"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_an_edited_topic_is_previewed_with_the_words_that_speak(
    browser: Browser, desk: Desk, viewport: Any, locale: str
) -> None:
    words = WORDS[locale]
    with opened(browser, desk, "/", viewport=viewport, locale=locale) as page:
        page.get_by_role("navigation").get_by_role("link", name=words["nav"], exact=True).click()
        page.locator("#text").fill(TEA.replace("weight: 3", "weight: 30"))
        page.get_by_role("button", name=words["preview"]).click()
        expect(page.get_by_role("alert")).to_contain_text(words["line"])
        page.locator("#text").fill(TEA)
        page.get_by_role("button", name=words["preview"]).click()
        expect(page.locator("#changes h2")).to_contain_text(words["changes"])
        expect(page.locator("#changes .evidence").first).to_contain_text(words["gains"])
        expect(page.locator("#changes .word").first).to_have_text("春茶")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
