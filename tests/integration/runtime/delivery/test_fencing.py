"""Fencing: Kafka refuses whatever a worker still sends that its group went on without, also when that is empty."""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.kafka import new_installation, numbered, publish, read_all, remaining, wait_until
from tests.workers import running

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

RELAY = "tests.integration.runtime.relay"
LEFT_OUT = "local member_id was not recognized"
"""aiokafka's words: from then on it commits as a consumer without a group."""


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return new_installation(servers)


def test_a_worker_whose_group_is_empty_by_now_does_not_deliver_what_another_has(
    settings: Settings, tmp_path: Path
) -> None:
    """Kafka takes a commit that names no generation when a group has no members; the transaction named no member."""
    gate = tmp_path / "open"
    first, *others = numbered(10)
    records = [replace(first, key=b"gate", value=str(gate).encode()), *others]
    publish(settings, settings.names.raw, records)
    with running(settings, RELAY) as frozen:
        wait_until(lambda: frozen.said("batch begins"), "the worker to have the batch in hand")
        frozen.process.send_signal(signal.SIGSTOP)
        gate.touch()
        with running(settings, RELAY) as other:
            wait_until(lambda: other.runs() and not remaining(settings, "relay", settings.names.raw), "the other")
            other.process.terminate()
            assert other.process.wait(30) == 0
        gate.unlink()
        frozen.process.send_signal(signal.SIGCONT)
        wait_until(lambda: frozen.said(LEFT_OUT), "the worker to hear that it was left out")
        gate.touch()
        wait_until(lambda: frozen.said("partitions revoked"), "the worker to let its batch go")
        wait_until(lambda: not remaining(settings, "relay", settings.names.raw), "nothing to be left")
    found = Counter(each.key for each in read_all(settings, settings.names.issues))
    assert found == Counter(each.key for each in records)
