"""The taxonomy that an operator pushes while things break: the first one, and a topic that most stories get."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from services.topics.taxonomy.blocks import parse_topics, replaced
from services.topics.taxonomy.seed import seed_taxonomy
from tests.faults.work.newsprint import WHO

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy

TOPIC = f"""
- id: workplaces
  label: 单位
  label_en: Workplaces
  threshold: 0.5
  terms:
    - weight: 3
      words: [{", ".join(WHO)}]
"""


@cache
def pushed_taxonomy() -> Taxonomy:
    """Return the taxonomy; the same version each time."""
    first = seed_taxonomy()
    return replaced(first, (*first.topics, *parse_topics(TOPIC)))
