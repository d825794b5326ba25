"""An editor follows what changes: the versions of an article, a withdrawn one, and searches with what is new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from elasticsearch import Elasticsearch
from playwright.sync_api import expect

from tests.e2e.desk.conftest import opened
from tests.e2e.desk.test_reading import LOCALES, SIZES
from tests.integration.desk.archive import Desk, running_desk
from tests.integration.desk.conftest import UNLIMITED
from tests.integration.desk.following.test_watching import arrive
from tests.integration.desk.versions import GONE, tea_versions
from tests.unit.desk.edition import teas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.servers import Servers

pytestmark = pytest.mark.servers

TEAS = f"/articles/{quote(teas().article_id)}"
WORDS = {
    "zh-CN": {
        "versions": "各版本",
        "with-before": "与前一版对照",
        "older": "旧版",
        "compare": "对照",
        "withdrawn": "2023-08-04 10:30 起撤下",
        "watch": "关注这次检索",
        "keep": "关注",
        "watching": "关注",
        "new": "新到 1 篇",
        "none": "没有新到",
        "rename": "改名",
        "remove": "移除",
        "seen": "记为已看",
    },
    "en-GB": {
        "versions": "Versions",
        "with-before": "Compare with the one before",
        "older": "Older",
        "compare": "Compare",
        "withdrawn": "Withdrawn since 2023-08-04 10:30",
        "watch": "Watch this search",
        "keep": "Watch",
        "watching": "Watching",
        "new": "new: 1",
        "none": "nothing new",
        "rename": "Rename",
        "remove": "Remove",
        "seen": "Mark as seen",
    },
}
arrivals = iter(range(0x900, 0xA00))
"""Each test lets an article of its own arrive."""


@pytest.fixture(scope="module")
def signed_desk(servers: Servers, prefix: str) -> Iterator[Desk]:
    """Return a desk behind a sign-on, over the same archive."""
    variables = UNLIMITED | {"BROADSHEET_DESK_EDITOR_HEADER": "X-Forwarded-User"}
    with running_desk(servers.elasticsearch, prefix, **variables) as running:
        yield running


def fits(page: Page, viewport: Any) -> bool:
    """Return whether nothing on the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth") == viewport["width"])


@SIZES
@LOCALES
def test_versions_are_compared_from_the_article_by_keyboard_without_javascript(
    browser: Browser, desk: Desk, viewport: Any, locale: str
) -> None:
    words = WORDS[locale]
    with opened(browser, desk, TEAS, viewport=viewport, locale=locale, java_script_enabled=False) as page:
        page.get_by_role("link", name=words["versions"], exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".version-list li")).to_have_count(len(tea_versions()))
        expect(page.locator("#compared ins")).to_have_text(["价略高"])
        page.get_by_role("link", name=words["with-before"]).nth(1).click()
        expect(page.locator("#compared del")).to_have_text(["荼", "价略高"])
        expect(page.locator("#compared ins")).to_have_text(["茶"])
        page.get_by_role("combobox", name=words["older"], exact=True).select_option(index=3)
        page.get_by_role("button", name=words["compare"], exact=True).click()
        expect(page.locator("#compared .newer ins").last).to_have_text("茶商说，雨水少，产量减了两成，价还会涨。")
        expect(page.locator("#compared .row.same").first).to_be_visible()


@SIZES
@LOCALES
def test_a_withdrawn_article_says_since_when_and_why(browser: Browser, desk: Desk, viewport: Any, locale: str) -> None:
    with opened(browser, desk, f"/articles/{quote(GONE)}", viewport=viewport, locale=locale) as page:
        expect(page.get_by_text(WORDS[locale]["withdrawn"])).to_be_visible()
        expect(page.get_by_role("heading", name="市民拾金不昧", level=3)).to_be_visible()
        assert fits(page, viewport)


@SIZES
@LOCALES
def test_a_search_is_watched_in_the_browser_and_says_what_is_new(  # noqa: PLR0913, PLR0917  # sizes, languages, fixtures
    browser: Browser, desk: Desk, viewport: Any, locale: str, servers: Servers, prefix: str
) -> None:
    with opened(browser, desk, f"/?q={quote('海关')}&kind=notice", viewport=viewport, locale=locale) as page:
        _watch(page, locale, "海关公告")
        expect(page.locator(".watch-this [role=status]")).not_to_be_empty()
        page.goto("/watching")
        _follow(page, locale, servers, prefix)
        assert fits(page, viewport)


@SIZES
@LOCALES
def test_a_search_is_kept_for_the_editor_whom_the_sign_on_names(  # noqa: PLR0913, PLR0917  # sizes, languages, fixtures
    browser: Browser, signed_desk: Desk, viewport: Any, locale: str, servers: Servers, prefix: str
) -> None:
    """Without JavaScript, and in another browser, too."""
    name = {"X-Forwarded-User": f"zhou-{locale}-{viewport['width']}"}
    given: dict[str, Any] = {"viewport": viewport, "locale": locale, "extra_http_headers": name}
    with opened(browser, signed_desk, f"/?q={quote('海关')}&kind=notice", **given, java_script_enabled=False) as page:
        _watch(page, locale, "海关公告")
        expect(page).to_have_url(re.compile("/watching$"))
    with opened(browser, signed_desk, "/watching", **given) as page:
        _follow(page, locale, servers, prefix)
        assert fits(page, viewport)


def _watch(page: Page, locale: str, name: str) -> None:
    words = WORDS[locale]
    page.get_by_text(words["watch"], exact=True).click()
    form = page.locator("form.watch-this")
    expect(form).to_be_in_viewport(ratio=1)
    form.locator("[name=name]").fill(name)
    form.get_by_role("button", name=words["keep"], exact=True).click()


def _follow(page: Page, locale: str, servers: Servers, prefix: str) -> None:
    """See that nothing is new, let an article arrive, mark it as seen, rename the search and remove it."""
    words, number = WORDS[locale], next(arrivals)
    expect(page.locator(".watch .new")).to_have_text(words["none"])
    with Elasticsearch(servers.elasticsearch) as client:
        arrive(client, prefix, number, kind="notice")
    page.reload()
    expect(page.locator(".watch .new")).to_have_text(words["new"])
    expect(page.get_by_role("link", name=f"海关第{number}号公告")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^{words['seen']}")).click()
    expect(page.locator(".watch .new")).to_have_text(words["none"])
    page.locator(".rename summary").click()
    page.locator(".rename [name=name]").fill("关务")
    page.get_by_role("button", name=words["rename"], exact=True).click()
    expect(page.get_by_role("heading", name="关务", level=2)).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^{words['remove']}")).click()
    expect(page.locator(".watch")).to_have_count(0)


@pytest.mark.parametrize("look", ["light", "dark"])
@LOCALES
def test_axe_finds_no_serious_fault_in_a_list_of_watched_searches(
    browser: Browser, desk: Desk, locale: str, look: Any
) -> None:
    with opened(browser, desk, f"/?q={quote('海关')}", locale=locale, color_scheme=look, bypass_csp=True) as page:
        _watch(page, locale, "海关稿")
        expect(page.locator(".watch-this [role=status]")).not_to_be_empty()
        page.goto("/watching")
        expect(page.locator(".watch .new")).to_have_text(WORDS[locale]["none"])
        faults = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in faults if one["impact"] in ("serious", "critical")] == []
