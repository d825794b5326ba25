"""`make screenshot`: take the pictures of the desk for the documentation, on servers of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ADDRESS = re.compile(r"The desk: (http://\S+)")
START_SECONDS = 180.0
POLL_SECONDS = 0.2
WIDTH, HEIGHT = 1280, 800


def main() -> int:
    """Start everything, take the pictures, and stop; return the exit code."""
    if CHROMIUM is None:
        sys.stderr.write("no Chromium on this machine; on Debian: apt-get install chromium fonts-noto-cjk\n")
        return 1
    with installation() as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--lang=en-GB"]
        )
        page = browser.new_page(
            base_url=desk, locale="en-GB", color_scheme="light", viewport={"width": WIDTH, "height": HEIGHT}
        )
        page.goto(f"/?q={quote('茂名')}")
        take(page, "desk-search.png")
        page.get_by_role("link", name="海关助力茂名中秋月饼首次出口大洋洲").first.click()
        page.wait_for_load_state()
        take(page, "desk-article.png")
        browser.close()
    return 0


@contextmanager
def installation() -> Iterator[str]:
    """Give the address of the desk of a `broadsheet run` in a folder and on ports of its own."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
        environment["BROADSHEET_HOME"] = home
        for server in ("LOCAL_KAFKA", "LOCAL_ELASTICSEARCH", "DESK"):
            environment[f"BROADSHEET_{server}_PORT"] = str(free_port())
        output = Path(home) / "output"
        with output.open("wb") as sink:
            command = [Path(sys.executable).with_name("broadsheet"), "run"]
            run = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink)  # noqa: S603  # our own program
        try:
            yield address(run, output)
        finally:
            run.send_signal(signal.SIGINT)
            run.wait()


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def address(run: subprocess.Popen[bytes], output: Path) -> str:
    """Wait until `broadsheet run` has named the desk.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while run.poll() is None and time.monotonic() < deadline:
        text = output.read_text("utf-8")
        if found := ADDRESS.search(text):
            return found[1]
        time.sleep(POLL_SECONDS)
    raise RuntimeError(f"broadsheet run did not come up:\n{output.read_text('utf-8')}")


def take(page: Page, name: str) -> None:
    """Write what the window shows as a PNG, in as few colours as keep it legible where pngquant is at hand."""
    PICTURES.mkdir(exist_ok=True)
    file = PICTURES / name
    page.screenshot(path=file)
    if smaller := shutil.which("pngquant"):
        subprocess.run([smaller, "--force", "--strip", "--output", file, "128", file], check=True)  # noqa: S603
    sys.stdout.write(f"{file}: {file.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    sys.exit(main())
