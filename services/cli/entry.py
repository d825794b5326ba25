"""Where the `broadsheet` command begins: it says what to install if only the models of the messages are there."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line."""
    try:
        from services.cli.main import main as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("schemas", "seeds", "services"):
            raise
        sys.exit(f"The broadsheet command needs {error.name}: pip install 'broadsheet[pipeline]'")
    try:
        run()
    finally:
        gc.freeze()  # else Python looks through half a million objects at its end: 0.1 s for nothing
