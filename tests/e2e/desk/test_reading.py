"""An editor reads: from hit to hit, copies, prints and keeps articles, at a desk and on a telephone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import opened
from tests.unit.desk.edition import ISSUE, article, teas

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.integration.desk.archive import Desk

pytestmark = pytest.mark.servers

DESK = {"width": 1440, "height": 900}
TELEPHONE = {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("viewport", [DESK, TELEPHONE], ids=["1440", "390"])
LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
LIST = f"/?q={quote('月饼')}&sort=oldest"
ARTICLE = f"/articles/{quote(article().article_id)}"
WORDS = {
    "zh-CN": {"back": "回到结果", "clip": "收入剪报", "clips": "剪报", "copy": "复制全文与出处", "filters": "筛选"},
    "en-GB": {"back": "Back to", "clip": "Clip", "clips": "Clips", "copy": "Copy text", "filters": "Filters"},
}


@SIZES
@LOCALES
def test_keys_go_from_hit_to_hit_and_back_to_the_place_in_the_list(
    browser: Browser, desk: Desk, viewport: Any, locale: str
) -> None:
    with opened(browser, desk, LIST, viewport=viewport, locale=locale) as page:
        titles = page.locator(".result h2 a").all_inner_texts()
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".result h2 a").nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
        page.keyboard.press("j")
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[2])
        page.keyboard.press("k")
        page.wait_for_url(re.compile("list=1"))
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
        page.get_by_role("link", name=re.compile(WORDS[locale]["back"])).click()
        expect(page.locator(".result:target h2")).to_have_text(titles[1])
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_the_way_through_the_hits_crosses_pages_without_javascript(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, LIST, java_script_enabled=False) as page:
        page.locator(".result h2 a").last.click()
        expect(page.locator(".near .note")).to_have_text("第 20 篇，共 31 篇")
        page.locator(".near [rel=next]").click()
        expect(page.locator(".near .note")).to_have_text("第 21 篇，共 31 篇")
        page.locator(".near [rel=prev]").click()
        expect(page.locator(".near .note")).to_have_text("第 20 篇，共 31 篇")


def test_a_selection_is_copied_without_line_references_numbers_and_roles(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, f"/articles/{quote(teas().article_id)}") as page:
        page.evaluate(
            """() => {
              const copied = (selector) => {
                getSelection().selectAllChildren(document.querySelector(selector));
                const event = new ClipboardEvent("copy", {
                  clipboardData: new DataTransfer(), bubbles: true, cancelable: true,
                });
                document.querySelector(selector).dispatchEvent(event);
                return event.clipboardData.getData("text/plain");
              };
              window.text = copied(".text > div[lang]");
              window.lines = copied(".lines");
            }"""
        )
        texts = [block.text for block in teas().body]
        assert page.evaluate("text").split("\n")[-4:] == texts
        assert page.evaluate("lines").split("\n")[1] == "本报讯　记者王小明报道，海关昨"


@SIZES
@LOCALES
def test_a_button_copies_the_text_with_its_citation(browser: Browser, desk: Desk, viewport: Any, locale: str) -> None:
    with opened(
        browser,
        desk,
        ARTICLE,
        viewport=viewport,
        locale=locale,
        permissions=["clipboard-read", "clipboard-write"],
    ) as page:
        page.get_by_role("button", name=WORDS[locale]["copy"]).click()
        expect(page.locator("#copied")).not_to_be_empty()
        copied = page.evaluate("navigator.clipboard.readText()").split("\n\n")
        assert copied[1] == "首批月饼出口"
        assert "1:2" not in "".join(copied)
        assert "示例日报" in copied[-1]


def test_an_article_of_a_few_lines_prints_on_one_sheet_with_its_source(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, ARTICLE) as page:
        assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
        page.emulate_media(media="print")
        for seen in ("h1", ".by", ".paragraph", ".caption", ".imprint"):
            expect(page.locator(seen).first).to_be_visible()
        for unseen in (".original", ".corrections", ".masthead form", ".places", ".tools", "#record", ".related"):
            expect(page.locator(unseen).first).to_be_hidden()


@SIZES
@LOCALES
def test_clips_are_kept_in_the_browser_and_exported_like_a_result(
    browser: Browser, desk: Desk, viewport: Any, locale: str
) -> None:
    words = WORDS[locale]
    with opened(browser, desk, LIST, viewport=viewport, locale=locale) as page:
        page.get_by_role("button", name=re.compile(f"^{words['clip']}")).last.click()
        page.goto(ARTICLE)
        page.get_by_role("button", name=re.compile(f"^{words['clip']}")).click()
        page.get_by_role("link", name=re.compile(f"^{words['clips']}")).click()
        expect(page.locator("#clips li")).to_have_count(2)
        with page.expect_download() as began:
            page.get_by_role("link", name=re.compile("CSV")).click()
        rows = began.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert next(row.partition(",")[0] for row in rows[1:] if row.startswith(ISSUE)) == article().article_id
        page.locator("#clips .remove").first.click()
        expect(page.locator("#clips li")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@LOCALES
def test_on_a_telephone_the_filters_are_a_drawer_above_the_results(browser: Browser, desk: Desk, locale: str) -> None:
    with opened(browser, desk, LIST, viewport=TELEPHONE, locale=locale) as page:
        drawer = page.get_by_role("button", name=re.compile(f"^{WORDS[locale]['filters']}"))
        expect(page.locator("#filters")).to_be_hidden()
        drawer.click()
        expect(page.locator("#filters")).to_be_visible()
        top = page.locator("#filters").bounding_box()
        first = page.locator(".result").first.bounding_box()
        assert top is not None
        assert first is not None
        assert top["y"] < first["y"]
        page.locator("#kind-brief").check()
        expect(page.get_by_role("heading", level=1)).to_contain_text("10")
        expect(page.locator("#filters")).to_be_visible()
        drawer.first.click()
        expect(page.locator("#filters")).to_be_hidden()


def test_the_drawer_opens_without_javascript(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, LIST, viewport=TELEPHONE, java_script_enabled=False) as page:
        page.get_by_role("button", name=re.compile("^筛选")).click()
        expect(page.locator("#filters")).to_be_visible()


def test_related_articles_are_named_with_the_page(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, ARTICLE) as page:
        expect(page.get_by_role("heading", name="同版")).to_be_visible()
        expect(page.locator("#related").get_by_role("link", name="春茶上市价略高")).to_be_visible()
