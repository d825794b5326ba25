"""The events of starting servers, and how a terminal shows them."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


@dataclass(frozen=True, slots=True)
class Downloading:
    """The state of a download: sent once with `received` 0 for each missing file, then again as bytes arrive."""

    file: str
    received: int
    size: int


@dataclass(frozen=True, slots=True)
class Starting:
    """A server's process has started."""

    server: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A server answers at its address, that many seconds after its process started."""

    server: str
    address: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """A server is gone, that many seconds after it was asked to stop."""

    server: str
    seconds: float


Event = Downloading | Starting | Ready | Stopped


class OnProgress(Protocol):
    """A listener for events; one thread at a time calls it."""

    def __call__(self, event: Event, /) -> None:
        """Receive one event."""


def silent(_event: Event, /) -> None:
    """Ignore every event."""


class TerminalProgress:
    """Shows the events on a rich console: one bar for all downloads, and a line for each server that is ready.

    Use it as a context manager around `LocalStack.start`, and pass the object itself as `on_progress`.
    """

    def __init__(self, console: Console) -> None:
        self._files: dict[str, Downloading] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("Downloading Kafka and Elasticsearch", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, event: Event, /) -> None:
        """Show one event."""
        match event:
            case Downloading(file):
                self._files[file] = event
                received = sum(each.received for each in self._files.values())
                size = sum(each.size for each in self._files.values())
                self._progress.update(self._task, completed=received, total=size, visible=received < size)
            case Starting(server):
                self._progress.print(f"[dim]{server} is starting …[/dim]")
            case Ready(server, address, seconds):
                self._progress.print(f"[green]✓[/green] {server} is ready at {address} [dim]({seconds:.1f} s)[/dim]")
            case Stopped(server, seconds):
                self._progress.print(f"[dim]{server} stopped ({seconds:.1f} s)[/dim]")
