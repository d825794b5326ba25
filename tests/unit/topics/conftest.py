from __future__ import annotations

from tests.unit.tag.conftest import tagger, topics

__all__ = ["tagger", "topics"]
