"""Logging: structlog, written as ECS JSON lines in services and as readable lines on a terminal."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import ecs_logging
import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

    from services.runtime.settings import Settings

CHATTY = ("aiokafka", "elastic_transport", "faust", "mode", "asyncio")


def configure_logging(settings: Settings, service: str) -> None:
    """Send the records of structlog and of every library's logger to standard error in one form.

    Libraries below us speak only from warning upwards: faust and aiokafka log each rebalance step at info.
    """
    as_json = settings.log_format == "ecs" or (settings.log_format == "auto" and not sys.stderr.isatty())
    level = getattr(logging, settings.log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        shared += [_service_fields(service), structlog.processors.format_exc_info]
        render = cast("Processor", ecs_logging.StructlogFormatter(ensure_ascii=False))
    else:
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _service_fields(service: str) -> Processor:
    fields = {"service.name": f"broadsheet-{service}", "service.version": version("broadsheet")}

    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.update(fields)
        return event

    return add
