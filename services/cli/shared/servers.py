"""The servers of a command that can start its own: the configured servers, or else embedded servers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from services.cli.shared.console import err
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from services.local.stack import LocalStack
    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Served:
    """Servers in use.

    Attributes:
        settings: the settings with the servers' addresses.
        tend: restarts embedded servers that ended by themselves, and returns how each of them ended.
    """

    settings: Settings
    tend: Callable[[], list[str]]


@contextlib.contextmanager
def servers(settings: Settings, stop: threading.Event) -> Iterator[Served]:
    """Give the settings with the addresses of Kafka and Elasticsearch; embedded servers stop with the context.

    Args:
        settings: both servers are set, or neither.
        stop: set when Ctrl-C ends the wait for embedded servers to start.

    Raises:
        BroadsheetError: only one server is set, or an embedded server does not start.
    """
    if bool(settings.kafka) != bool(settings.elasticsearch):
        given, missing = ("KAFKA", "ELASTICSEARCH") if settings.kafka else ("ELASTICSEARCH", "KAFKA")
        raise BroadsheetError(
            f"BROADSHEET_{given} is set and BROADSHEET_{missing} is not.\n"
            "Set both to use servers of your own, or neither to use the embedded ones."
        )
    if settings.kafka:
        err.print(f"using Kafka at {settings.kafka_address} and Elasticsearch at {settings.elasticsearch_address}")
        yield Served(settings, list)
        return
    from services.local.progress import TerminalProgress
    from services.local.stack import LocalStack

    _hand_on_cache(settings)
    progress = TerminalProgress(err)
    stack = LocalStack(
        settings.home,
        kafka_port=settings.local_kafka_port,
        elasticsearch_port=settings.local_elasticsearch_port,
        on_progress=progress,
    )
    try:
        with progress:
            _start(stack, stop)
        addresses = {"kafka": stack.kafka, "elasticsearch": stack.elasticsearch}
        yield Served(settings.model_copy(update=addresses), stack.tend)
    finally:
        stack.stop()


@contextlib.contextmanager
def elasticsearch(settings: Settings) -> Iterator[Settings]:
    """Give the settings with the address of an Elasticsearch for scratch work.

    It is the configured server, else that of a `broadsheet run` on this machine, else an embedded server on a free
    port, which leaves nothing behind.

    Raises:
        BroadsheetError: the embedded server does not start.
    """
    from services.local.process import responds

    place = urlsplit(settings.elasticsearch_address)
    if settings.elasticsearch or responds(place.hostname or "", place.port or 0, "/"):
        yield settings
        return
    from services.local.progress import TerminalProgress
    from services.local.stack import LocalStack

    _hand_on_cache(settings)
    home = Path(tempfile.mkdtemp(prefix="broadsheet-"))
    # Elasticsearch runs as another user if we are root.
    home.chmod(0o755)
    try:
        progress = TerminalProgress(err)
        stack = LocalStack(home, elasticsearch_port=0, with_kafka=False, on_progress=progress)
        try:
            with progress:
                stack.start()
            yield settings.model_copy(update={"elasticsearch": stack.elasticsearch})
        finally:
            stack.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _hand_on_cache(settings: Settings) -> None:
    if settings.cache is not None:
        os.environ["BROADSHEET_CACHE"] = str(settings.cache)


def _start(stack: LocalStack, stop: threading.Event) -> None:
    """Start the stack so that Ctrl-C ends the wait at once; our handler does not interrupt the stack's own start."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        stack.start()
    except KeyboardInterrupt:
        stop.set()
    finally:
        signal.signal(signal.SIGINT, previous)
