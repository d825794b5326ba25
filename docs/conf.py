"""How Sphinx builds the site: `make docs` writes it, `make check` only follows its links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parent

project = "Broadsheet"
author = "The Broadsheet authors"
release = version = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["project"]["version"]
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {
    "description": "Chinese newspaper pages become articles",
    "page_width": "72rem",
    "body_max_width": "none",
}
html_show_sphinx = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Give the front page a hidden table of contents, so that it can stay plain Markdown."""
    app.connect("source-read", append_contents)


def append_contents(_app: Sphinx, page: str, source: list[Any]) -> None:
    """Append a table of the pages that the front page links to; Sphinx warns of a page that is missing there."""
    if page == "index":
        pages = "\n".join(re.findall(r"\]\(([\w/-]+)\.md\)", source[0]))
        source[0] += f"\n```{{toctree}}\n:hidden:\n\n{pages}\n```\n"
