"""Logging: structlog, written as ECS JSON lines in services and as readable lines on a terminal."""

from __future__ import annotations

import io
import logging
import re
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import ecs_logging
import structlog

from services.runtime.errors import NeedsOperator, NotAdmitted

if TYPE_CHECKING:
    from typing import TextIO

    from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

    from services.runtime.settings import Settings

CHATTY = ("aiokafka", "faust", "mode", "asyncio")
REPEATING = "elastic_transport"
"""It logs each try with a traceback; whoever asked says once what the matter is."""

TOLD = (NotAdmitted, NeedsOperator)
"""Errors that a worker tells in one line before it ends; Faust would add their traceback."""


ECS_FIELDS = {
    "logger": "log.logger",
    "reason": "error.message",
    "method": "http.request.method",
    "status": "http.response.status_code",
    "path": "url.path",
    "address": "url.full",
    "client": "client.address",
    "account": "user.name",
    "editor": "user.name",
}
"""The Elastic Common Schema's names for our fields; `milliseconds` becomes `event.duration`, in ns."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that a terminal may obey instead of showing them, except tab and line feed."""


def configure_logging(settings: Settings, service: str) -> None:
    """Send the log records of structlog and of every library to standard error in the same format.

    Libraries log only warnings and errors, because faust and aiokafka log each step of a rebalance at level info.
    """
    as_json = settings.log_format == "ecs" or (settings.log_format == "auto" and not sys.stderr.isatty())
    level = getattr(logging, settings.log_level.upper())
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_logger_name]
    if as_json:
        shared += [structlog.processors.format_exc_info, _ecs_fields(service)]
        render = cast("Processor", ecs_logging.StructlogFormatter(ensure_ascii=False))
    else:
        shared += [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)]
        shared.append(_shown)
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_shown_traceback)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], TOLD)))
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
    logging.getLogger(REPEATING).setLevel(logging.ERROR)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shown(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape control characters as Python does, so that a terminal shows them; in a field, escape line feeds too."""
    return {
        name: value if not isinstance(value, str) else _visible(value, lines=name in ("event", "exception", "stack"))
        for name, value in event.items()
    }


def _shown_traceback(target: TextIO, error: ExcInfo) -> None:
    written = io.StringIO()
    structlog.dev.plain_traceback(written, error)
    target.write(_visible(written.getvalue(), lines=True))


def _visible(text: str, *, lines: bool) -> str:
    shown = CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown if lines else shown.replace("\n", "\\n")


def _ecs_fields(service: str) -> Processor:
    """Return a processor that puts our own fields under `labels`, as the Elastic Common Schema requires."""
    fields = {
        "service.name": f"broadsheet-{service}",
        "service.version": version("broadsheet"),
        "event.dataset": f"broadsheet.{service}",
    }
    kept = {"event", "message", "exception"}

    def arrange(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        arranged = dict(fields)
        for name, value in event.items():
            if name.startswith("_") or name in kept:
                arranged[name] = value
            elif name == "milliseconds":
                arranged["event.duration"] = round(value * 1_000_000)
            elif name in ECS_FIELDS:
                arranged[ECS_FIELDS[name]] = value
            else:
                arranged[f"labels.{name}"] = value
        return arranged

    return arrange
