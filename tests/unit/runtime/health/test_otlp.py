"""Spans reach an OpenTelemetry collector, and cost nothing while none is configured."""

from __future__ import annotations

import subprocess
import sys
import time

from services.local.ports import free
from services.runtime.errors import Rejected
from services.runtime.health import otlp
from services.runtime.health.otlp import SpanSender
from services.runtime.messages.records import Batch, Record
from services.runtime.messages.spans import spans_of
from tests.collector import collecting

STAGES = "services.ingest.app, services.segment.app, services.tag.app, services.index.app"


def batch() -> Batch:
    made = Batch([Record("issues.raw", 0, offset, 1_700_000_000_123, b"key", b"value") for offset in range(2)])
    made.reject(made.records[1], Rejected("页码 must be a number"))
    return made


def test_a_collector_gets_the_spans_as_protobuf() -> None:
    with collecting() as collector:
        sender = SpanSender(collector.url, "ingest", "worker-1")
        sent = list(spans_of(batch(), "ingest", "broadsheet-ingest", 10, 20))
        sender.send(sent)
        sender.close()
        taken = {one.span_id: one for one in collector.spans}
    assert len(sent) == len(taken) == 4
    for span in sent:
        found = taken[span.span_id.to_bytes(8, "big")]
        assert found.service == "broadsheet-ingest"
        assert found.trace_id == span.trace_id.to_bytes(16, "big")
        assert found.parent_id == (span.parent_id.to_bytes(8, "big") if span.parent_id else b"")
        assert (found.name, found.begin_ns, found.end_ns) == (span.name, span.begin_ns, span.end_ns)
        assert (found.facts, found.error) == (dict(span.facts), span.error)


def test_a_collector_that_is_away_holds_up_nobody() -> None:
    """Neither the work nor, for long, the end of a worker."""
    sender = SpanSender(f"http://127.0.0.1:{free(0)}/v1/traces", "ingest", "worker-1")
    began = time.monotonic()
    sender.send(spans_of(batch(), "ingest", "broadsheet-ingest", 10, 20))
    assert time.monotonic() - began < 1
    sender.close()
    assert time.monotonic() - began < 2 * otlp.TRY_SECONDS


def test_the_stages_load_nothing_for_spans_while_they_send_none() -> None:
    loaded = f"import sys, {STAGES}; print(*(name for name in sys.modules if name.startswith('opentelemetry.')))"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in said if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
