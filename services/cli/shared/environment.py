"""A command's settings from the environment, read when it runs, so that help works without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def settings() -> Settings:
    """Return the settings.

    Raises:
        BroadsheetError: a variable is invalid; the text names it.
    """
    from services.runtime.settings import load_settings

    return load_settings()
