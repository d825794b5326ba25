"""A way to Kafka that can be cut or fall silent."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536


class KafkaLink:
    """Listens on a port of its own and hands every connection on to `target`, a port of this machine.

    Cut, it ends every connection, new ones at once. Silent, it keeps them and what is sent, and hands that on later.
    Cuts and silences may overlap.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._cuts = 0
        self._silences = 0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.struck = 0
        """Connections that were ended."""

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        self._flowing.set()
        self._end_all()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Cut the link for as long as the context lasts."""
        self._cuts += 1
        self._end_all()
        try:
            yield
        finally:
            self._cuts -= 1

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Hand nothing on for as long as the context lasts."""
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
        try:
            await asyncio.gather(self._pump(reader, to_target), self._pump(from_target, writer))
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
