"""The entry point that every `python -m services.<stage>` shares."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.runtime.errors import EXIT_CONFIG, BroadsheetError
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.runtime.settings import Settings


def run_stage(run: Callable[[Settings], int]) -> None:
    """Run a processor with the settings from the environment and exit with its code."""
    try:
        settings = load_settings()
    except BroadsheetError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(EXIT_CONFIG)
    sys.exit(run(settings))
