"""The topics, users and scaling on Kubernetes are those that the code names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.names import STAGES, TopicSpec
from services.runtime.settings import Settings, load_settings
from tests.unit.deploy.cluster import NAMES, OVERLAY_NAMES, READS, WRITES, of_kind, settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.deploy.kustomization import Manifest

pytestmark = pytest.mark.parametrize("overlay", OVERLAY_NAMES)

Access = set[tuple[str, str, str, str]]


def topics(overlay: str) -> tuple[TopicSpec, ...]:
    return NAMES.topics(int(settings(overlay)["BROADSHEET_PARTITIONS"]))


def access(user: Manifest) -> Access:
    """What a KafkaUser may do: (type, name, pattern, operation)."""
    return {
        (acl["resource"]["type"], acl["resource"]["name"], acl["resource"]["patternType"], operation)
        for acl in user["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    }


def on_topics(names: Any, operation: str) -> Access:
    return {("topic", name, "literal", operation) for name in names}


def test_the_topics_are_exactly_those_that_the_code_names(overlay: str) -> None:
    assert of_kind(overlay, "KafkaTopic").keys() == {spec.name for spec in topics(overlay)}


def test_each_topic_has_the_partitions_settings_and_copies_that_the_code_would_give_it(overlay: str) -> None:
    copies = int(settings(overlay)["BROADSHEET_REPLICATION"])
    for spec in topics(overlay):
        topic = of_kind(overlay, "KafkaTopic")[spec.name]["spec"]
        assert topic == {"partitions": spec.partitions, "replicas": copies, "config": spec.config}


def test_the_flow_of_these_tests_covers_every_stage_and_topic(overlay: str) -> None:
    assert READS.keys() == WRITES.keys() == set(STAGES)
    moved = {name for flow in (READS, WRITES) for names in flow.values() for name in names}
    assert moved == {spec.name for spec in topics(overlay)}


class _Subscribed(Exception):
    """Ends a processor as soon as it says what it consumes."""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_consumes_what_these_tests_say(overlay: str, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def subscribe(name: str, _settings: Settings, consumed: Iterable[str], **_: object) -> None:
        raise _Subscribed(name, *consumed)

    app = import_module(f"services.{stage}.app")
    monkeypatch.setattr(app, "Stage", subscribe)
    with pytest.raises(_Subscribed) as stopped:
        app.run(Settings(partitions=int(settings(overlay)["BROADSHEET_PARTITIONS"])))
    # The taxonomy is not among a stage's work: every tagger reads the whole of it, in no group.
    work = [name for name in READS[stage] if name != NAMES.taxonomy]
    assert stopped.value.args == (stage, *work)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_may_do_on_kafka_what_its_work_needs_and_no_more(overlay: str, stage: str) -> None:
    every = {spec.name for spec in topics(overlay)}
    others = every - {*READS[stage], *WRITES[stage]}
    group = NAMES.group(stage)
    assert access(of_kind(overlay, "KafkaUser")[f"broadsheet-{stage}"]) == (
        on_topics(READS[stage], "Read")
        | on_topics(WRITES[stage], "Write")
        | on_topics(others, "Describe")
        | on_topics(every, "DescribeConfigs")
        | {("group", group, "literal", "Read"), ("transactionalId", f"{group}-", "prefix", "Write")}
    )


def test_the_desk_may_send_corrections_and_read_the_topics_in_force(overlay: str) -> None:
    granted = access(of_kind(overlay, "KafkaUser")["broadsheet-desk"])
    assert granted == on_topics({NAMES.corrections}, "Write") | on_topics({NAMES.taxonomy}, "Read")


def test_no_kafka_user_may_change_what_the_operator_manages(overlay: str) -> None:
    for user in of_kind(overlay, "KafkaUser").values():
        operations = {operation for *_, operation in access(user)}
        assert operations <= {"Read", "Write", "Describe", "DescribeConfigs"}


def test_the_console_reaches_every_topic_and_sees_every_group(overlay: str) -> None:
    granted = access(of_kind(overlay, "KafkaUser")["broadsheet-console"])
    every = {spec.name for spec in topics(overlay)}
    assert on_topics(every, "Read") | on_topics(every, "Write") <= granted
    assert ("group", "broadsheet-", "prefix", "Read") in granted, "which implies Describe"
    assert all(NAMES.group(stage).startswith("broadsheet-") for stage in STAGES)


def test_every_kafka_resource_belongs_to_the_one_cluster(overlay: str) -> None:
    (cluster,) = of_kind(overlay, "Kafka")
    for kind in ("KafkaNodePool", "KafkaTopic", "KafkaUser"):
        for manifest in of_kind(overlay, kind).values():
            assert manifest["metadata"]["labels"]["strimzi.io/cluster"] == cluster


def test_the_settings_reach_the_clusters_listener(overlay: str) -> None:
    ((name, kafka),) = of_kind(overlay, "Kafka").items()
    listener = kafka["spec"]["kafka"]["listeners"][0]
    assert settings(overlay)["BROADSHEET_KAFKA"] == f"{name}-kafka-bootstrap.broadsheet.svc:{listener['port']}"
    assert listener["authentication"]["type"] == "scram-sha-512", (
        "the only mechanism that services.runtime.kafka.connection speaks"
    )


def test_there_are_brokers_enough_for_every_copy(overlay: str) -> None:
    pool = of_kind(overlay, "KafkaNodePool")["pool"]
    (kafka,) = of_kind(overlay, "Kafka").values()
    config = kafka["spec"]["kafka"]["config"]
    copies = {value for key, value in config.items() if key.endswith("replication.factor")}
    assert copies == {int(settings(overlay)["BROADSHEET_REPLICATION"])}
    assert max(copies) <= pool["spec"]["replicas"]
    # A topic with several copies must survive the loss of one broker, and acknowledge on more than one.
    in_sync = {value for key, value in config.items() if key.endswith(("min.isr", "min.insync.replicas"))}
    assert in_sync == {max(1, max(copies) - 1)}


def test_prod_keeps_controllers_and_brokers_apart_and_spreads_both(overlay: str) -> None:
    pools = {name: pool["spec"] for name, pool in of_kind(overlay, "KafkaNodePool").items()}
    if overlay == "dev":
        assert {name: pool["roles"] for name, pool in pools.items()} == {"pool": ["controller", "broker"]}
        return
    assert {name: (pool["roles"], pool["replicas"]) for name, pool in pools.items()} == {
        "pool": (["broker"], 3),
        "controllers": (["controller"], 3),
    }
    for name, pool in pools.items():
        for rule in pool["template"]["pod"]["topologySpreadConstraints"]:
            assert rule["labelSelector"]["matchLabels"] == {"strimzi.io/pool-name": name}
    (kafka,) = of_kind(overlay, "Kafka").values()
    assert kafka["spec"]["kafka"]["rack"] == {"topologyKey": "topology.kubernetes.io/zone"}


def test_the_settings_are_valid(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings(overlay).items():
        monkeypatch.setenv(name, value)
    assert load_settings().names == NAMES
    assert load_settings().log_format == "ecs"
