"""The initial taxonomy of an installation."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from services.tag.taxonomy.taxonomy import parse_taxonomy
from services.tag.vocabulary import QuickLoader

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy


@cache
def seed_taxonomy() -> Taxonomy:
    """Return the taxonomy of seeds/taxonomy.yaml."""
    return parse_taxonomy(files("seeds").joinpath("taxonomy.yaml").read_text(encoding="utf-8"), QuickLoader)
