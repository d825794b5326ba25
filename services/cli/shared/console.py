"""Where the command line writes, and how it exits on an error."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from rich.console import Console
from typer.core import TyperGroup

from services.runtime.errors import EXIT_CONFIG, BroadsheetError, NotAdmitted

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let `plain_errors` handle a reader that has gone."""
        raise BrokenPipeError


out = _Console(highlight=False, soft_wrap=False, emoji=False)
"""Results."""

err = Console(stderr=True, highlight=False, emoji=False)
"""Progress and errors."""

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def print_json(content: object) -> None:
    """Print a value as JSON for programs; it goes to standard output as it is, however wide the terminal."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def quiet_libraries() -> None:
    """Silence the logs of libraries; our own messages say what a user must know."""
    logging.getLogger().addHandler(logging.NullHandler())


class PlainErrors(TyperGroup):
    """A group whose commands print plain lines, not tracebacks, for errors that a user can fix."""

    def invoke(self, ctx: Any) -> Any:
        """Run the named command."""
        with plain_errors():
            return super().invoke(ctx)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error that a user can fix into one or two plain lines and an exit code.

    The code is 78 if a server does not let us in, 1 for any other error, and 130 for Ctrl-C.
    """
    try:
        yield
    except NotAdmitted as error:
        _fail(str(error), EXIT_CONFIG)
    except BroadsheetError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone (… | head): print nothing more, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}")


def _fail(reason: str, code: int = EXIT_FAILED) -> NoReturn:
    err.print(reason, style="red", markup=False, soft_wrap=True)
    sys.exit(code)
