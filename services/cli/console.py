"""Where the command line writes, and how it ends when something is wrong."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console

from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterator

out = Console(highlight=False, soft_wrap=False)
"""Results."""

err = Console(stderr=True, highlight=False)
"""Progress and errors."""

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a user can do something about into one or two plain lines and exit code 1; Ctrl-C into 130."""
    try:
        yield
    except BroadsheetError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone (… | head): nothing left to say, and nothing may be said at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
