"""A page's way from the publisher to the index is one trace on an OpenTelemetry collector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.collector import collecting
from tests.integration.pipeline.pages import BRIDGE, FISHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.collector import Collector
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

STAGES = ("ingest", "segment", "tag", "index")


@pytest.fixture(scope="module", autouse=True)
def collector() -> Iterator[Collector]:
    """The workers send their spans here; `autouse`, so that it is there before they start."""
    with collecting() as found, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROADSHEET_TRACES", found.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        yield found


def test_one_trace_leads_from_the_publisher_to_the_index(
    pipeline: Pipeline, paper: str, collector: Collector, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    """Two stories and the issue's record make three messages for tag and for index."""
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE})
    wanted = {"publish": 1, "ingest": 1, "segment": 1, "tag": 3, "index": 3}

    def counted() -> dict[str, int]:
        names = [one.facts["messaging.operation.name"] for one in collector.spans if of(paper, one.facts)]
        return {name: names.count(name) for name in wanted}

    eventually(lambda: counted() == wanted)
    spans = [one for one in collector.spans if of(paper, one.facts)]
    (root,) = [one for one in spans if not one.parent_id]
    assert (root.name, root.service) == (f"publish {pipeline.settings.names.raw}", "broadsheet-ingest")
    assert {one.trace_id for one in spans} == {root.trace_id}
    assert {one.parent_id for one in spans if one is not root} == {root.span_id}
    assert {one.service for one in spans} == {f"broadsheet-{stage}" for stage in STAGES}
    begins = [min(one.begin_ns for one in spans if one.service == f"broadsheet-{stage}") for stage in STAGES]
    assert begins == sorted(begins)
    (record,) = pipeline.records(pipeline.settings.names.issues)
    assert record.header("traceparent") == f"00-{root.trace_id.hex()}-{root.span_id.hex()}-01"


def test_a_page_that_goes_to_quarantine_ends_its_trace_with_the_reason(
    pipeline: Pipeline, paper: str, collector: Collector, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    pipeline.send((f"{paper}/2023-08-15".encode(), b"{", {}))
    eventually(lambda: any(one.error for one in collector.spans if of(paper, one.facts)))
    failed = [one for one in collector.spans if of(paper, one.facts) and one.error]
    assert [(one.service, one.facts["error.type"]) for one in failed] == [("broadsheet-ingest", "Rejected")]


def of(paper: str, facts: dict[str, object]) -> bool:
    return str(facts["messaging.kafka.message.key"]).startswith(paper)
