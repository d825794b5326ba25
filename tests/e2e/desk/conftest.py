"""The desk in a real Chromium: only where one is on the machine and `make test-browser` has brought Playwright.

Elsewhere these tests are left out of the run, and the run's summary says so; with BROADSHEET_BROWSER_TESTS=required
(which `make test-browser` sets) that is an error.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.desk.conftest import desk, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.integration.desk.archive import Desk

__all__ = ["desk", "prefix"]

PATIENCE_MS = 30_000
"""On a busy machine, the first search of a new desk takes long."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PACKAGES = ("playwright", "axe_playwright_python")
MISSING = [name for name in PACKAGES if importlib.util.find_spec(name) is None] + ([] if CHROMIUM else ["Chromium"])

if MISSING and os.environ.get("BROADSHEET_BROWSER_TESTS") == "required":
    raise RuntimeError(f"missing for the browser tests: {', '.join(MISSING)}")
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that the browser tests were left out, and why."""
    if MISSING:
        terminalreporter.write_line(
            f"browser tests left out: no {', '.join(MISSING)} (docs/desk.md, make test-browser)"
        )


@pytest.fixture(scope="session")
def browser(prefix: str) -> Iterator[Browser]:  # noqa: ARG001  # the archive first: Playwright's loop bars another
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # not there where these tests are left out

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
