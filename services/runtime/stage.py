"""A stage: a Faust app whose agent works on batches, and whose batches are delivered in transactions.

Faust gives the worker its life (signals, supervision, agents); its own consumer and producer stay off, since they lose
or double records when code raises or workers die. See docs/decisions/0002-delivery.md for what was measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import faust
import structlog
from faust.app.base import BootStrategy

from services.runtime.delivery.delivery import Delivery
from services.runtime.errors import NeedsOperator, Unavailable
from services.runtime.health.condition import STALL_SECONDS
from services.runtime.health.operations import Operations
from services.runtime.health.pulse import Pulse, pulse_of
from services.runtime.health.server import HealthServer
from services.runtime.kafka.topics import check_topics
from services.runtime.logs import configure_logging

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from elasticsearch import AsyncElasticsearch
    from faust.types import StreamT

    from services.runtime.health.condition import Condition
    from services.runtime.messages.records import Batch
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

EXIT_CRASHED = 70
"""sysexits.h EX_SOFTWARE: an error nobody foresaw; the supervisor restarts the worker and the records come again."""

EXIT_NEEDS_OPERATOR = 66
"""sysexits.h EX_NOINPUT: what the worker needs is lost or too old; starting it again will not help until the command
that its log names was run."""


class _OwnDelivery(BootStrategy):
    """Boot neither Faust's consumer nor its producer: `Delivery` takes their place."""

    enable_kafka = False
    enable_web = False


class _App(faust.App):
    """An app that keeps nothing on disk."""

    async def on_first_start(self) -> None:
        """Make no directories for tables: there are none, and a container's file system may be read-only."""


@dataclass(slots=True)
class _Handover:
    """A batch on its way to the agent, and the answer that it is done."""

    batch: Batch
    done: asyncio.Future[None]


class Stage:
    """One stream processor.

    Args:
        name: ingest, segment, tag or index.
        settings: the installation's.
        topics: what it consumes.
        stall_seconds: without progress for so long while there is work, it is not live.
        elasticsearch: what its work needs to reach; None: it needs none.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        topics: Iterable[str],
        *,
        stall_seconds: float = STALL_SECONDS,
        elasticsearch: AsyncElasticsearch | None = None,
    ) -> None:
        self.name = name
        self._stall_seconds = stall_seconds
        self.settings = settings
        self.delivery = Delivery(settings, name, topics)
        self._open: list[Callable[[], Awaitable[None]]] = []
        self._close: list[Callable[[], Awaitable[None]]] = []
        self._crashed: BaseException | None = None
        self._elasticsearch = elasticsearch
        self._obstacle = ""
        self._pulse: Pulse | None = None
        self._health: HealthServer | None = None
        self._operations: Operations | None = None

    @property
    def condition(self) -> Condition:
        """What the worker knows of itself now; may be asked from any thread."""
        found = self.delivery.condition
        silent = 0.0 if self._pulse is None else self._pulse.silent_seconds
        return replace(found, elasticsearch_seconds=silent, obstacle=found.obstacle or self._obstacle)

    def on_start(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do `action` before the first record, such as making sure that an index is there."""
        self._open.append(action)

    def on_stop(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do `action` after the last record, such as closing a client."""
        self._close.append(action)

    def app(self, handle: Callable[[Batch], Awaitable[None]]) -> faust.App:
        """Return the Faust app whose agent handles each batch with `handle`."""
        app = _App(
            self.settings.names.group(self.name),
            broker=f"kafka://{self.settings.kafka_address}",
            web_enabled=False,
            autodiscover=False,
        )
        app.boot_strategy = _OwnDelivery(app)
        channel = app.channel(maxsize=1)

        async def agent(handovers: StreamT[_Handover]) -> None:
            async for handover in handovers:
                try:
                    await handle(handover.batch)
                except Exception as error:  # noqa: BLE001  # handed to the delivery, which decides
                    handover.done.set_exception(error)
                else:
                    handover.done.set_result(None)

        app.agent(channel, name=f"{self.name}-agent")(agent)

        async def work(batch: Batch) -> None:
            handover = _Handover(batch, asyncio.get_running_loop().create_future())
            await channel.send(value=handover)
            await handover.done

        app.service(_delivery_service(self, app, work))
        return app

    def run(self, handle: Callable[[Batch], Awaitable[None]]) -> int:
        """Run the stage until SIGTERM or SIGINT; return the process's exit code."""
        configure_logging(self.settings, self.name)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        app = self.app(handle)
        worker = faust.Worker(
            app,
            loop=loop,
            loglevel=None,
            override_logging=False,
            redirect_stdouts=False,
            quiet=True,
            stdout=io.StringIO(),  # where it would draw a spinner
        )
        with contextlib.suppress(SystemExit):
            worker.execute_from_commandline()
        if isinstance(self._crashed, NeedsOperator):
            return EXIT_NEEDS_OPERATOR
        if self._crashed is not None:
            log.error("worker crashed", reason=str(self._crashed), exc_info=self._crashed)
            return EXIT_CRASHED
        return 0

    async def _open_all(self) -> None:
        if self.settings.http_port:
            self._health = HealthServer(
                self.settings.http_port,
                lambda: self.condition,
                self.delivery.measures.registry,
                self._stall_seconds,
            )
        self._operations = Operations(self.settings, self.name, lambda: self.condition, self.delivery.measures.registry)
        for action in (lambda: check_topics(self.settings), *self._open):
            await self._persist(action)
        if self._elasticsearch is not None:
            self._pulse = pulse_of(self._elasticsearch, self.settings.session_timeout / 4)
        await self.delivery.start()
        log.info("worker ready")

    async def _persist(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do `action`, waiting for servers that are not there yet: in a cluster everything starts at once."""
        pause = 0.5
        while True:
            try:
                await action()
            except Unavailable as error:
                log.warning("waiting for a server", reason=str(error))
                self._obstacle = str(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
            else:
                self._obstacle = ""
                return

    async def _close_all(self) -> None:
        await self.delivery.stop()
        if self._pulse is not None:
            await self._pulse.close()
        for action in self._close:
            await action()
        if self._operations is not None:
            await self._operations.close()
        if self._health is not None:
            self._health.close()
        log.info("worker stopped")


def _delivery_service(stage: Stage, app: faust.App, work: Callable[[Batch], Awaitable[None]]) -> type[Any]:
    class DeliveryService(faust.Service):
        """Runs the delivery for as long as the app lives; it is the stage's own, hence its use of private names."""

        async def on_start(self) -> None:
            await stage._open_all()  # noqa: SLF001  # see above

        @faust.Service.task
        async def deliver(self) -> None:
            # With Faust's own consumer off, nothing else opens the valve before its channels.
            app.flow_control.resume()
            try:
                await stage.delivery.run(work)
            except Exception as error:  # noqa: BLE001  # logged by run(), once everything has stopped
                stage._crashed = error  # noqa: SLF001  # see above
                await self.crash(error)

        async def on_stop(self) -> None:
            await stage._close_all()  # noqa: SLF001  # see above

    return DeliveryService
