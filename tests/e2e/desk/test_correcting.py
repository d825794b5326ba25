"""An editor corrects an article in a real Chromium, with JavaScript and without, and sees it hold."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from elasticsearch import Elasticsearch
from playwright.sync_api import expect

from schemas.article import Withdrawal
from schemas.correction import AppliedCorrection, HeadlineChange
from tests.e2e.desk.conftest import opened
from tests.integration.desk.archive import store
from tests.unit.desk.edition import IDENTITY, ISSUE, TEA_HEADLINE, VERSION, teas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.integration.desk.archive import Desk
    from tests.servers import Servers

pytestmark = pytest.mark.servers

NARROW = {"width": 360, "height": 740}


@pytest.fixture
def mine(servers: Servers, prefix: str) -> Iterator[str]:
    """Give the id of an article which no editor has corrected yet; it is withdrawn afterwards."""
    article_id = f"{ISSUE}/{uuid.uuid4().hex[:12]}"
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [teas(article_id=article_id, corrections=())])
        yield article_id
        store(client, prefix, [Withdrawal(**IDENTITY | {"version": VERSION + 9}, article_id=article_id)])


def page_of(article_id: str) -> str:
    return f"/articles/{quote(article_id)}"


def open_form(page: Page) -> None:
    page.get_by_role("link", name="更正", exact=True).click()
    expect(page.get_by_label("标题", exact=True)).to_be_visible()


def sent_ids(page: Page, name: str = "sent") -> list[str]:
    return parse_qs(urlsplit(page.url).query)[name]


def test_a_correction_shows_by_itself_as_soon_as_it_holds(
    browser: Browser, desk: Desk, mine: str, servers: Servers, prefix: str
) -> None:
    with opened(browser, desk, page_of(mine)) as page:
        open_form(page)
        page.get_by_label("标题", exact=True).fill("春茶价再涨一成")
        page.get_by_label("更正人").fill("周敏")
        page.get_by_role("button", name="送出更正").click()
        expect(page.get_by_role("status")).to_contain_text("已送出，稍候生效")
        (sent,) = sent_ids(page)
        made = AppliedCorrection(
            correction_id=sent,
            article_id=mine,
            by="周敏",
            at=dt.datetime.now(dt.UTC),
            change=HeadlineChange(change="headline", headline="春茶价再涨一成"),
            state="applied",
            before="春茶上市价略高",
        )
        now = teas(article_id=mine, headline="春茶价再涨一成", corrections=(made,), version=VERSION + 1)
        with Elasticsearch(servers.elasticsearch) as client:
            store(client, prefix, [now])
        expect(page.get_by_role("heading", level=1)).to_have_text("春茶价再涨一成")
        expect(page.get_by_role("status")).to_contain_text("更正已生效")
        expect(page.locator(".made del")).to_have_text("春茶上市价略高")
        page.get_by_role("button", name=re.compile("^撤回")).click()
        expect(page.get_by_role("status")).to_contain_text("已送出，稍候生效")
        assert sent_ids(page, "taken_back") == [sent]


def test_everything_can_be_corrected_without_javascript(browser: Browser, desk: Desk, mine: str) -> None:
    with opened(browser, desk, page_of(mine), java_script_enabled=False) as page:
        open_form(page)
        page.get_by_label("体裁").select_option("简讯")
        page.get_by_role("checkbox", name="海关").check()
        page.get_by_text("与另一篇合并").click()
        page.get_by_label("接在后面").fill("今日天气")
        page.get_by_text("拆出后半部分").click()
        page.get_by_role("radio", name=re.compile("茶商说")).check()
        page.get_by_label("更正人").fill("周敏")
        page.get_by_role("button", name="送出更正").click()
        expect(page.get_by_role("status")).to_contain_text("已送出，稍候生效")
        assert len(sent_ids(page)) == 4
        open_form(page)
        expect(page.get_by_label("更正人")).to_have_value("周敏")


def test_the_place_of_a_split_is_chosen_in_the_text(browser: Browser, desk: Desk, mine: str) -> None:
    with opened(browser, desk, page_of(mine)) as page:
        open_form(page)
        here = page.locator(".split-here")
        expect(here.first).to_be_hidden()
        page.get_by_text("拆出后半部分").click()
        expect(here).to_have_count(3)
        here.nth(1).click()
        expect(page.get_by_role("radio", name=re.compile("一等茶"))).to_be_checked()
        expect(page.locator(".parting")).to_contain_text("一等茶每斤")


def test_a_form_at_fault_is_open_and_keeps_what_was_typed(browser: Browser, desk: Desk, mine: str) -> None:
    with opened(browser, desk, page_of(mine)) as page:
        open_form(page)
        page.get_by_label("标题", exact=True).fill(" ")
        page.get_by_label("更正人").fill("周敏")
        page.get_by_role("button", name="送出更正").click()
        expect(page.get_by_role("alert")).to_contain_text("标题要有一至二百字")
        expect(page.get_by_label("标题", exact=True)).to_be_focused()
        expect(page.get_by_label("更正人")).to_have_value("周敏")


def test_the_form_is_reached_and_sent_by_keyboard(browser: Browser, desk: Desk, mine: str) -> None:
    with opened(browser, desk, page_of(mine)) as page:
        page.get_by_text("更正这篇稿件").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("标题", exact=True)).to_be_focused()
        page.keyboard.type("！")
        page.get_by_label("更正人").fill("周敏")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已送出，稍候生效")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_axe_finds_no_serious_fault_with_everything_open(browser: Browser, desk: Desk, locale: str, look: str) -> None:
    path = f"/articles/{quote(teas().article_id)}?sent={TEA_HEADLINE.correction_id}"
    with opened(browser, desk, path, locale=locale, color_scheme=look, bypass_csp=True) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["help"]) for fault in faults if fault["impact"] in ("serious", "critical")] == []


def test_the_open_form_fits_a_telephone(browser: Browser, desk: Desk) -> None:
    path = f"/articles/{quote(teas().article_id)}"
    with opened(browser, desk, path, viewport=NARROW) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


QUEUE = "/?flag=any&sort=doubtful"


@pytest.mark.parametrize(
    "viewport", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["1440", "390"]
)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_an_editor_goes_through_the_queue_and_says_what_is_right(
    browser: Browser, desk: Desk, viewport: Any, locale: str
) -> None:
    with opened(browser, desk, QUEUE, viewport=viewport, locale=locale) as page:
        page.locator(".result h2 a").first.click()
        first = page.url
        page.locator("#confirm-by").fill("周敏")
        page.locator(".confirm button").click()
        expect(page.locator(".near [role=status]")).to_be_visible()
        assert urlsplit(page.url).path != urlsplit(first).path
        page.keyboard.press("k")
        page.wait_for_url(re.compile(re.escape(urlsplit(first).path)))
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_titles_bylines_and_paragraphs_are_corrected_in_one_form(
    browser: Browser, desk: Desk, mine: str, locale: str
) -> None:
    with opened(browser, desk, page_of(mine), locale=locale, java_script_enabled=False) as page:
        page.locator("#correct > summary").click()
        page.locator("#correct-titles > summary").click()
        page.locator("#correct-kicker").fill("山区见闻")
        page.locator("#correct-bylines").fill("记者 王小明；通讯员 李四")
        page.locator("#correct-body > summary").click()
        page.locator("#correct-text_2").fill("一等茶每斤一百二十元。\n二等茶八十元，比去年同期涨一成。")
        page.locator("[name=join_1]").check()
        page.locator("#correct-move").select_option("3")
        page.locator("#correct-move-to").fill("今日天气")
        page.locator("#correct-by").fill("周敏")
        page.locator("#correct .button").click()
        expect(page.get_by_role("status")).to_be_visible()
        assert len(sent_ids(page)) == 6


def test_the_other_article_of_a_merge_is_chosen_on_the_page(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, page_of(teas().article_id), java_script_enabled=False) as page:
        page.locator("#correct > summary").click()
        page.locator("#correct-merge > summary").click()
        page.get_by_role("link", name="到版面上选").click()
        page.get_by_role("link", name=re.compile("选这一篇.*今日天气")).first.click()
        expect(page.locator("#correct-other")).to_have_value(re.compile("今日天气.*#00000000000b"))


@pytest.mark.parametrize(
    "viewport", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["1440", "390"]
)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("path", ["/corrections", "/operations?day=2023-08-04", "/clips"])
def test_lists_for_editors_and_operators_fit_and_are_accessible(
    browser: Browser, desk: Desk, path: str, viewport: Any, locale: str
) -> None:
    with opened(browser, desk, path, viewport=viewport, locale=locale, bypass_csp=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["help"]) for fault in faults if fault["impact"] in ("serious", "critical")] == []


def test_the_list_of_corrections_is_narrowed_to_an_editor(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, "/corrections") as page:
        page.get_by_label("编辑").select_option("吴启明")
        page.get_by_role("button", name="查看").click()
        expect(page.locator(".made li")).to_have_count(2)


def test_a_long_name_of_an_editor_fits_a_telephone(
    browser: Browser, desk: Desk, mine: str, servers: Servers, prefix: str
) -> None:
    made = AppliedCorrection(
        correction_id=uuid.uuid4().hex,
        article_id=mine,
        by="周" * 80,
        at=dt.datetime.now(dt.UTC),
        change=HeadlineChange(change="headline", headline="春茶价再涨一成"),
        state="applied",
        before="春茶上市价略高",
    )
    with Elasticsearch(servers.elasticsearch) as client:
        store(client, prefix, [teas(article_id=mine, corrections=(made,), version=VERSION + 1)])
    with opened(browser, desk, "/corrections", viewport=NARROW) as page:
        expect(page.locator("option", has_text="周" * 80)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_the_operations_page_shows_stages_pages_and_the_quarantine(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, "/operations?day=2023-08-04") as page:
        expect(page.get_by_role("row", name=re.compile("切分"))).to_contain_text("node-0")
        expect(page.locator("#quarantine .held li")).to_have_count(3)
        expect(page.locator(".sheets li").first).to_contain_text("第1版")
