"""A link to Kafka that can be cut or fall silent, and that recognises the worker's requests."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Self

from tests.faults.breaking.steps import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536

REQUESTS = {
    0: "Produce",
    8: "OffsetCommit",
    24: "AddPartitionsToTxn",
    25: "AddOffsetsToTxn",
    26: "EndTxn",
    28: "TxnOffsetCommit",
}
"""Kafka's api keys (kafka.apache.org/protocol) of the requests that a worker sends with each batch."""

Passing = Callable[[str, Moment], Awaitable[bool]]
"""Called with a request's name before the link forwards the request or its answer; tells whether to forward it."""


class KafkaLink:
    """Listens on its own port and forwards every connection to `target`, a port of this machine.

    When cut, it ends every connection, and new connections at once. When silent, it keeps connections and the data
    sent, and forwards the data later. Cuts and silences may overlap.

    Args:
        target: the port to which connections are forwarded.
        port: the port on which it listens; 0 means any free port.
        passing: is told about each request in `REQUESTS`; without it, the link does not read the forwarded data.
    """

    def __init__(self, target: int, port: int = 0, passing: Passing | None = None) -> None:
        self._target = target
        self._port = port
        self._passing = passing
        self._cuts = 0
        self._silences = 0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.struck = 0
        """The number of ended connections."""

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def address(self) -> str:
        """The address where it listens, as host:port."""
        return f"{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, self._port)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        self._flowing.set()
        self._end_all()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Cut the link while the context lasts."""
        self._cuts += 1
        self._end_all()
        try:
            yield
        finally:
            self._cuts -= 1

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Forward nothing while the context lasts."""
        self._silences += 1
        self._flowing.clear()
        try:
            yield
        finally:
            self._silences -= 1
            if not self._silences:
                self._flowing.set()

    def _end_all(self) -> None:
        self.struck += len(self._open) // 2
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        if self._cuts:
            writer.transport.abort()
            return
        try:
            from_target, to_target = await asyncio.open_connection(HOST, self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, to_target}
        self._open |= both
        asked: dict[int, str] = {}
        try:
            if self._passing is None:
                await asyncio.gather(self._pump(reader, to_target), self._pump(from_target, writer))
            else:
                await asyncio.gather(
                    self._pump_frames(reader, to_target, lambda frame: _note(asked, frame), "before"),
                    self._pump_frames(from_target, writer, lambda frame: _answered(asked, frame), "after"),
                )
        finally:
            self._open -= both
            for each in both:
                each.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK_BYTES):
                await self._flowing.wait()
                target.write(data)
                await target.drain()
        target.close()

    async def _pump_frames(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        name_of: Callable[[bytes], str | None],
        moment: Moment,
    ) -> None:
        """Forward requests or answers one by one; each begins with its length as four bytes."""
        assert self._passing is not None
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await source.readexactly(4)
                frame = await source.readexactly(int.from_bytes(head))
                name = name_of(frame)
                if name is not None and not await self._passing(name, moment):
                    target.transport.abort()
                    return
                await self._flowing.wait()
                target.write(head + frame)
                await target.drain()
        target.close()


def _note(asked: dict[int, str], frame: bytes) -> str | None:
    """Return the name of a request, and remember it by its correlation id."""
    key, _version, correlation = struct.unpack_from(">hhi", frame)
    name = REQUESTS.get(key)
    if name is not None:
        asked[correlation] = name
    return name


def _answered(asked: dict[int, str], frame: bytes) -> str | None:
    (correlation,) = struct.unpack_from(">i", frame)
    return asked.pop(correlation, None)
