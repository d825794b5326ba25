"""Send spans to an OpenTelemetry collector, over OTLP/HTTP. Import it only if a collector is configured.

The variables of the OpenTelemetry SDK apply, such as OTEL_EXPORTER_OTLP_HEADERS, OTEL_EXPORTER_OTLP_CERTIFICATE and
OTEL_BSP_MAX_QUEUE_SIZE.
"""

from __future__ import annotations

from importlib.metadata import version
from threading import Thread
from typing import TYPE_CHECKING, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.messages.spans import Span

TRY_SECONDS: Final = 5.0
"""How long sending one portion of spans may take, with its repetitions: a worker's end waits for the last one."""
KINDS: Final = {"producer": SpanKind.PRODUCER, "consumer": SpanKind.CONSUMER}


class SpanSender:
    """Sends spans from a thread of its own; a collector that is away costs spans, and never holds up the work.

    Args:
        url: the collector's address for traces, such as http://collector:4318/v1/traces.
        stage: the stage that the spans tell of.
        worker: the name of this process.
    """

    def __init__(self, url: str, stage: str, worker: str) -> None:
        release = version("broadsheet")
        self._scope = InstrumentationScope("broadsheet", release)
        self._resource = Resource.create(
            {"service.name": f"broadsheet-{stage}", "service.version": release, "service.instance.id": worker}
        )
        self._sender = BatchSpanProcessor(OTLPSpanExporter(url, timeout=TRY_SECONDS))

    def send(self, spans: Iterable[Span]) -> None:
        """Queue spans; when the queue is full, the oldest go."""
        for one in spans:
            self._sender.on_end(self._as_opentelemetry(one))

    def close(self) -> None:
        """Send what is queued, and end; a collector that is away is given up after `TRY_SECONDS`."""
        ending = Thread(target=self._sender.shutdown, daemon=True)
        ending.start()
        ending.join(TRY_SECONDS)

    def _as_opentelemetry(self, span: Span) -> ReadableSpan:
        sampled = TraceFlags(TraceFlags.SAMPLED)
        parent = span.parent_id
        return ReadableSpan(
            span.name,
            context=SpanContext(span.trace_id, span.span_id, is_remote=False, trace_flags=sampled),
            parent=SpanContext(span.trace_id, parent, is_remote=True, trace_flags=sampled) if parent else None,
            resource=self._resource,
            attributes=dict(span.facts),
            kind=KINDS[span.kind],
            status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.UNSET),
            start_time=span.begin_ns,
            end_time=span.end_ns,
            instrumentation_scope=self._scope,
        )
