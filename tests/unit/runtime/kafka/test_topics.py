"""Topics as they are, held against what is wanted of them."""

from __future__ import annotations

from services.runtime.kafka.topics import Found, TopicsDiffer, differences
from services.runtime.names import Names

NAMES = Names()
RAW, *_ = NAMES.topics(8)


def found(partitions: int = 8, replicas: int = 1, **change: str) -> Found:
    config = RAW.config | {name.replace("_", "."): value for name, value in change.items()}
    return Found(partitions, replicas, config, {})


def test_a_topic_as_it_is_wanted_differs_in_nothing() -> None:
    assert differences(RAW, 1, found()) == []


def test_more_partitions_copies_or_bytes_are_fine() -> None:
    assert differences(RAW, 1, found(24, 3, max_message_bytes="67108864")) == []


def test_what_kafka_makes_of_its_own_accord_is_named_setting_by_setting() -> None:
    by_itself = found(1, 1, retention_ms="604800000", max_message_bytes="1048588")
    assert [str(one) for one in differences(RAW, 3, by_itself)] == [
        "issues.raw: partitions is 1, must be 8",
        "issues.raw: replicas is 1, must be 3",
        "issues.raw: retention.ms is 604800000, must be -1",
        "issues.raw: max.message.bytes is 1048588, must be 33554432",
    ]


def test_a_source_that_is_compacted_or_bounded_in_bytes_differs() -> None:
    changed = found(cleanup_policy="compact", retention_bytes="1000000")
    assert {one.setting for one in differences(RAW, 1, changed)} == {"cleanup.policy", "retention.bytes"}


def test_the_error_names_each_difference_and_what_to_run() -> None:
    error = TopicsDiffer(differences(RAW, 1, found(4)))
    difference, what_to_do = str(error).splitlines()
    assert difference == "issues.raw: partitions is 4, must be 8"
    assert what_to_do.startswith("Run `broadsheet setup --mend`")
