"""A stage: a Faust app whose agent works on batches, and whose batches are delivered in transactions.

Faust runs the worker: signals, supervision, agents. Faust's own consumer and producer stay off, because they lose or
duplicate records when code raises or workers die. docs/decisions/0002-delivery.md has the measurements.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import os
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import faust
import structlog
from faust.app.base import BootStrategy

from services.runtime.delivery.delivery import Delivery
from services.runtime.errors import EXIT_CONFIG, NeedsOperator, NotAdmitted, Unavailable
from services.runtime.health.condition import STALL_SECONDS, is_ready
from services.runtime.health.operations import Operations
from services.runtime.health.pulse import Pulse, pulse_of
from services.runtime.health.server import HealthServer
from services.runtime.kafka.topics import check_topics
from services.runtime.logs import configure_logging
from services.runtime.messages.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from elasticsearch import AsyncElasticsearch
    from faust.types import StreamT

    from services.runtime.health.condition import Condition
    from services.runtime.health.otlp import SpanSender
    from services.runtime.messages.records import Batch
    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

EXIT_CRASHED = 70
"""sysexits.h EX_SOFTWARE: an unexpected error; the supervisor restarts the worker, which reads the records again."""

EXIT_NEEDS_OPERATOR = 66
"""sysexits.h EX_NOINPUT: data that the worker needs is lost or too old. A restart does not help until someone has run
the command that the worker's log names."""

NEEDS_OTEL = "BROADSHEET_TRACES is set, but OpenTelemetry is not installed: pip install 'broadsheet[otel]', or unset it"


class _OwnDelivery(BootStrategy):
    """Start neither Faust's consumer nor its producer: `Delivery` replaces them."""

    enable_kafka = False
    enable_web = False


class _App(faust.App):
    """An app that keeps nothing on disk."""

    async def on_first_start(self) -> None:
        """Create no directories for tables: there are no tables, and a container's file system may be read-only."""


@dataclass(slots=True)
class _Handover:
    """A batch on its way to the agent, and a future that tells when the agent is done."""

    batch: Batch
    done: asyncio.Future[None]


class Stage:
    """One stream processor.

    Args:
        name: ingest, segment, tag or index.
        settings: the installation's settings.
        topics: the topics that the stage consumes.
        stall_seconds: a worker that has work and makes no progress for this long is not live.
        elasticsearch: the client that the stage's work needs; None: it needs no Elasticsearch.
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
        self._spans: SpanSender | None = None

    @property
    def condition(self) -> Condition:
        """What the worker knows about itself now; any thread may ask."""
        found = self.delivery.condition
        silent = 0.0 if self._pulse is None else self._pulse.silent_seconds
        return replace(found, elasticsearch_seconds=silent, obstacle=found.obstacle or self._obstacle)

    def on_start(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` before the first record; for example, make sure that an index exists."""
        self._open.append(action)

    def on_stop(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` after the last record; for example, close a client."""
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
                except Exception as error:  # noqa: BLE001  # the delivery receives it and decides
                    handover.done.set_exception(error)
                else:
                    handover.done.set_result(None)

        app.agent(channel, name=f"{self.name}-agent")(agent)

        async def work(batch: Batch) -> None:
            if self._spans is not None:
                group = self.settings.names.group(self.name)
                batch.on_delivered = partial(_send_spans, self._spans, batch, self.name, group, time.time_ns())
            handover = _Handover(batch, asyncio.get_running_loop().create_future())
            await channel.send(value=handover)
            await handover.done

        app.service(_delivery_service(self, app, work))
        return app

    def run(self, handle: Callable[[Batch], Awaitable[None]]) -> int:
        """Run the stage until SIGTERM or SIGINT; return the process's exit code."""
        configure_logging(self.settings, self.name)
        if self.settings.traces is not None:
            try:
                self._spans = _span_sender(self.settings.traces, self.name)
            except ModuleNotFoundError:
                log.error(NEEDS_OTEL)  # noqa: TRY400  # one line says it; its trace says nothing more
                return EXIT_CONFIG
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
            stdout=io.StringIO(),  # Faust would draw a spinner here
        )
        gc.freeze()  # else each full collection looks through the modules again: up to a tenth of a small stage's time
        with contextlib.suppress(SystemExit):
            worker.execute_from_commandline()
        if isinstance(self._crashed, NeedsOperator):
            return EXIT_NEEDS_OPERATOR
        if isinstance(self._crashed, NotAdmitted):
            return EXIT_CONFIG
        if self._crashed is not None:
            log.error("worker crashed", reason=str(self._crashed), exc_info=self._crashed)
            return EXIT_CRASHED
        return 0

    async def _open_all(self) -> None:
        if self.settings.http_port:
            self._health = HealthServer(
                self.settings.http_host,
                self.settings.http_port,
                lambda: self.condition,
                self.delivery.measures.registry,
                self._stall_seconds,
            )
        self.delivery.measures.readiness(lambda: is_ready(self.condition)[0])
        self._operations = Operations(self.settings, self.name, lambda: self.condition, self.delivery.measures.registry)
        for action in (lambda: check_topics(self.settings), *self._open):
            await self._persist(action)
        if self._elasticsearch is not None:
            self._pulse = pulse_of(self._elasticsearch, self.settings.session_timeout / 4, self.delivery.refuse)
        await self.delivery.start()
        log.info("worker ready")

    async def _persist(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` until it succeeds: in a cluster everything starts at once, so servers may not be up yet.

        Raises:
            NotAdmitted: a server does not let the worker in; it has shown the reason for a while.
        """
        pause = 0.5
        while True:
            try:
                await action()
            except NotAdmitted as error:
                await self.delivery.linger(error)
                raise
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
        if self._spans is not None:
            await asyncio.to_thread(self._spans.close)
        if self._health is not None:
            self._health.close()
        log.info("worker stopped")


def _span_sender(url: str, stage: str) -> SpanSender:
    from services.runtime.health.otlp import SpanSender  # noqa: PLC0415  # nothing is loaded for it while it is off

    return SpanSender(url, stage, f"{os.uname().nodename}-{os.getpid()}")


def _send_spans(sender: SpanSender, batch: Batch, stage: str, group: str, began_ns: int) -> None:
    sender.send(spans_of(batch, stage, group, began_ns, time.time_ns()))


def _delivery_service(stage: Stage, app: faust.App, work: Callable[[Batch], Awaitable[None]]) -> type[Any]:
    class DeliveryService(faust.Service):
        """Runs the delivery for as long as the app lives; it belongs to the stage, so it may use private names."""

        async def on_start(self) -> None:
            try:
                await stage._open_all()  # noqa: SLF001  # see above
            except Exception as error:
                stage._crashed = error  # noqa: SLF001  # run() tells the exit code from it
                raise

        @faust.Service.task
        async def deliver(self) -> None:
            # Faust's own consumer is off, so nothing else lets the app's channels pass messages.
            app.flow_control.resume()
            try:
                await stage.delivery.run(work)
            except Exception as error:  # noqa: BLE001  # run() logs it after everything has stopped
                stage._crashed = error  # noqa: SLF001  # see above
                await self.crash(error)

        async def on_stop(self) -> None:
            await stage._close_all()  # noqa: SLF001  # see above

    return DeliveryService
