"""Committed offsets held against where partitions begin and end: what is gone is named, and what to run."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition

from services.runtime.delivery.inputs import Gap, InputLost, gaps, starts
from services.runtime.names import STAGES

ONE, OTHER = TopicPartition("issues", 0), TopicPartition("issues", 1)


def test_nothing_is_lost_while_the_next_record_is_there_or_yet_to_come() -> None:
    assert gaps({ONE: 3, OTHER: 8}, {ONE: 3, OTHER: 0}, {ONE: 5, OTHER: 8}) == []


def test_records_that_expired_before_they_were_read_are_a_gap() -> None:
    assert gaps({ONE: 3, OTHER: 8}, {ONE: 7, OTHER: 0}, {ONE: 9, OTHER: 8}) == [Gap("issues", 0, 3, 7)]


def test_a_partition_that_ends_before_what_was_read_was_cut() -> None:
    assert gaps({ONE: 9}, {ONE: 0}, {ONE: 4}) == [Gap("issues", 0, 4, 9, cut=True)]


def test_a_new_group_begins_with_the_first_record() -> None:
    assert starts([ONE, OTHER], {ONE: 3}, {ONE: 0, OTHER: 5}) == {ONE: 3, OTHER: 5}


@pytest.mark.parametrize("stage", [*STAGES, "relay"])
def test_the_error_says_what_is_gone_and_what_to_run(stage: str) -> None:
    error = str(InputLost(stage, [Gap("issues", 0, 3, 7), Gap("issues", 1, 4, 9, cut=True)]))
    lost, way_back = error.split("\n")
    assert "issues-0 offsets 3 to 6, issues-1 offsets 4 to 8 (behind the end of the partition)" in lost
    assert "broadsheet re" in way_back
