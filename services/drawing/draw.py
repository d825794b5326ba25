"""Draw a page as SVG with the template `sheet.html`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Template

    from services.drawing.sheet import Sheet


def draw(sheet: Sheet, name: str) -> Markup:
    """Return the page as an `svg` element for an HTML page; every text in it is escaped.

    Args:
        sheet: the page.
        name: the name that screen readers read aloud.
    """
    return Markup(_template().render(sheet=sheet, name=name))  # noqa: S704  # the template escapes what it is given


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("services.drawing").joinpath("sheet.html").read_text("utf-8"))
