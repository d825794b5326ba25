"""Drawing a page as SVG; `sheet.html` is its template."""

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
    """Return the page as an `svg` element to stand in an HTML page; every text in it is escaped.

    Args:
        sheet: the page.
        name: what it is called for those who hear it.
    """
    return Markup(_template().render(sheet=sheet, name=name))  # noqa: S704  # the template escapes what it is given


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("services.drawing").joinpath("sheet.html").read_text("utf-8"))
