"""The desk in a real Chromium, where one is on the machine and `make browser` has brought Playwright.

BROADSHEET_BROWSER_TESTS says how much: `short` runs each flow once, in a size, language and look that take turns;
`whole` runs every one of them. Both are an error where the browser is missing. Without the variable, the short form
runs where the browser is, and elsewhere the run's summary says that these tests were left out.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.desk.short_form import shortened
from tests.integration.desk.conftest import desk, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.integration.desk.archive import Desk

__all__ = ["desk", "prefix"]

PATIENCE_MS = 60_000
"""On a busy machine, the first search of a new desk takes long; Playwright's own five seconds are not enough."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PACKAGES = ("playwright", "axe_playwright_python")
MISSING = [name for name in PACKAGES if importlib.util.find_spec(name) is None] + ([] if CHROMIUM else ["Chromium"])

HERE = Path(__file__).parent
FORM = os.environ.get("BROADSHEET_BROWSER_TESTS", "")

if FORM not in {"", "short", "whole"}:
    raise RuntimeError(f"BROADSHEET_BROWSER_TESTS: {FORM!r} is unknown; use short or whole, or leave it out")
if FORM and MISSING:
    raise RuntimeError(f"missing for the browser tests: {', '.join(MISSING)}; see `make browser`")
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one test of each flow, unless the whole is asked for."""
    if FORM == "whole":
        return
    flows = [item for item in items if isinstance(item, pytest.Function) and HERE in item.path.parents]
    left_out = {item.nodeid for item in flows} - {item.nodeid for item in shortened(flows)}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that the browser tests were left out, and why."""
    if MISSING:
        terminalreporter.write_line(f"browser tests left out: no {', '.join(MISSING)} (docs/desk.md, make browser)")


@pytest.fixture(scope="module")
def browser(desk: Desk) -> Iterator[Browser]:  # noqa: ARG001  # the desk first: Playwright's loop bars another
    """Give a Chromium, until the end of the file: while its loop runs, no other test could run one of its own."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  # not there where these are left out

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@contextmanager
def opened(browser: Browser, desk: Desk, path: str, **options: Any) -> Iterator[Page]:
    """Give a page at `path`, in a window of its own."""
    with browser.new_context(base_url=desk.address, **{"locale": "zh-CN", **options}) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(path)
        yield page
