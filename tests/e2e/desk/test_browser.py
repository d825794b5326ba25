"""The desk as an editor has it: without JavaScript, smoother with it, by keyboard, and for a screen reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.desk.conftest import opened
from tests.integration.desk.versions import GONE
from tests.unit.desk.edition import ISSUE, article, forecast, teas

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.integration.desk.archive import Desk

pytestmark = pytest.mark.servers

ARTICLE = f"/articles/{quote(article().article_id)}"
PAGES = {
    "newest": "/",
    "search": f"/?q={quote('月饼 海关')}&kind=story&page=1",
    "nothing": f"/?q={quote('“没有这句话”')}",
    "mistake": f"/?q={quote('月饼 (海关')}",
    "article": f"{ARTICLE}?q={quote('月饼')}",
    "corrected": f"/articles/{quote(teas().article_id)}?sent={'0' * 32}#correct-split-headline",
    "forecast": f"/articles/{quote(forecast().article_id)}",
    "issue": f"/issues/{quote(ISSUE)}",
    "issues": "/issues",
    "missing": "/nowhere",
    "versions": f"/articles/{quote(teas().article_id)}/versions",
    "withdrawn": f"/articles/{quote(GONE)}",
    "watching": "/watching",
}
EVERY_PAGE = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())


def test_everything_can_be_done_without_javascript(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, "/", java_script_enabled=False) as page:
        page.get_by_label("检索报道").fill("月饼")
        page.get_by_role("button", name="检索").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("31")
        page.get_by_role("checkbox", name="简讯").check()
        page.get_by_role("button", name="应用筛选").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("10")
        page.get_by_role("link", name=re.compile("简讯")).click()
        page.get_by_role("link", name="最早").click()
        page.get_by_role("link", name="下一页").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("第 2 页")
        page.get_by_role("link", name="首批月饼出口").or_(
            page.get_by_role("link", name=re.compile("月饼专列"))
        ).first.click()
        expect(page.get_by_role("region", name="原版文字").first).to_be_visible()


def test_a_filter_answers_at_once_and_back_takes_it_off(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, f"/?q={quote('月饼')}") as page:
        page.evaluate("window.same = true")
        page.get_by_role("checkbox", name="简讯").check()
        expect(page.get_by_role("heading", level=1)).to_contain_text("10")
        assert "kind=brief" in page.url
        assert page.evaluate("window.same"), "the page was loaded anew"
        expect(page.get_by_role("checkbox", name="简讯")).to_be_focused()
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_contain_text("31")
        expect(page.get_by_role("checkbox", name="简讯")).not_to_be_checked()


def test_the_next_page_begins_at_its_top(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, f"/?q={quote('月饼')}&sort=newest") as page:
        page.get_by_role("link", name="下一页").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("第 2 页")
        expect(page.get_by_role("main")).to_be_focused()


def test_days_in_force_can_be_taken_off(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, f"/?q={quote('月饼')}&since=2023-08-05") as page:
        expect(page.get_by_role("heading", level=1)).to_contain_text("找到 0 篇")
        page.get_by_role("link", name=re.compile("2023-08-05 至")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("31")
        expect(page.get_by_label("自")).to_have_value("")


def test_the_search_box_suggests_what_the_archive_holds(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, "/") as page:
        page.keyboard.press("/")
        expect(page.get_by_label("检索报道")).to_be_focused()
        page.keyboard.type("月饼 王小")
        expect(page.locator("#suggestions option")).to_have_attribute("value", "月饼 记者:王小明")


def test_a_sentence_and_its_printed_lines_light_up_together(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, ARTICLE) as page:
        page.get_by_text("厂长说。").first.hover()
        expect(page.locator(".lines .lit")).to_have_text(re.compile("厂长说。"))
        page.locator("#p1-l3").hover()
        expect(page.locator(".sentence.lit")).to_have_count(2)


def test_a_paragraph_leads_to_its_first_line(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, ARTICLE, java_script_enabled=False) as page:
        page.get_by_role("link", name="第1版 第2–4行").click()
        expect(page.locator("#p1-l2:target")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, ARTICLE) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@EVERY_PAGE
def test_axe_finds_no_serious_fault(browser: Browser, desk: Desk, path: str, locale: str, look: str) -> None:
    with opened(browser, desk, path, locale=locale, color_scheme=look, bypass_csp=True) as page:
        faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["help"]) for fault in faults if fault["impact"] in ("serious", "critical")] == []


@EVERY_PAGE
def test_a_page_fits_a_telephone_is_quiet_and_asks_nobody_else(browser: Browser, desk: Desk, path: str) -> None:
    said: list[str] = []
    hosts: set[str] = set()
    with browser.new_context(base_url=desk.address, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert [text for text in said if not text.startswith("Failed to load resource")] == []
    assert hosts == {urlsplit(desk.address).netloc}
