"""Property tests are not timed: their first example also compiles patterns and builds models."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
