"""Workers follow their stage's lag, within what its partitions allow."""

from __future__ import annotations

import pytest

from services.runtime.names import STAGES
from tests.unit.deploy.cluster import NAMES, READS, deployments, of_kind, secrets, settings

OVERLAY = "prod"


def test_each_stage_scales() -> None:
    targets = {scaled["spec"]["scaleTargetRef"]["name"] for scaled in of_kind(OVERLAY, "ScaledObject").values()}
    assert targets == {deployment["metadata"]["name"] for deployment in deployments(OVERLAY).values()}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_scales_by_the_lag_of_its_group_on_its_topic(stage: str) -> None:
    (trigger,) = of_kind(OVERLAY, "ScaledObject")[f"broadsheet-{stage}"]["spec"]["triggers"]
    metadata = trigger["metadata"]
    assert metadata["consumerGroup"] == NAMES.group(stage)
    assert metadata["topic"] == READS[stage][0]
    assert metadata["bootstrapServers"] == settings(OVERLAY)["BROADSHEET_KAFKA"]
    assert metadata["offsetResetPolicy"] == "earliest", "where services.runtime.delivery begins without a commit"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_never_has_more_workers_than_partitions(stage: str) -> None:
    topic = of_kind(OVERLAY, "KafkaTopic")[READS[stage][0]]
    scaled = of_kind(OVERLAY, "ScaledObject")[f"broadsheet-{stage}"]["spec"]
    assert 1 <= scaled["minReplicaCount"] <= scaled["maxReplicaCount"] <= topic["spec"]["partitions"]
    # What scales a Deployment must be the only one to say how many.
    assert "replicas" not in deployments(OVERLAY)[stage]["spec"]


@pytest.mark.parametrize("stage", STAGES)
def test_while_the_lag_cannot_be_read_workers_stay(stage: str) -> None:
    scaled = of_kind(OVERLAY, "ScaledObject")[f"broadsheet-{stage}"]["spec"]
    fallback = scaled["fallback"]
    assert scaled["minReplicaCount"] < fallback["replicas"] <= scaled["maxReplicaCount"]
    assert fallback["behavior"] == "currentReplicasIfHigher"


@pytest.mark.parametrize("stage", STAGES)
def test_the_marker_at_the_end_of_each_partition_is_no_lag(stage: str) -> None:
    scaled = of_kind(OVERLAY, "ScaledObject")[f"broadsheet-{stage}"]["spec"]
    partitions = of_kind(OVERLAY, "KafkaTopic")[READS[stage][0]]["spec"]["partitions"]
    assert int(scaled["triggers"][0]["metadata"]["lagThreshold"]) > partitions


def test_keda_signs_in_to_kafka_as_a_user_that_reads_no_message() -> None:
    (name, authentication), *others = of_kind(OVERLAY, "TriggerAuthentication").items()
    assert not others
    used = {s["spec"]["triggers"][0]["authenticationRef"]["name"] for s in of_kind(OVERLAY, "ScaledObject").values()}
    assert used == {name}
    (user,) = authentication["spec"]["configMapTargetRef"]
    username = of_kind(OVERLAY, "ConfigMap")[user["name"]]["data"][user["key"]]
    acls = of_kind(OVERLAY, "KafkaUser")[username]["spec"]["authorization"]["acls"]
    assert {operation for acl in acls for operation in acl["operations"]} == {"Describe"}
    assert {acl["resource"]["name"] for acl in acls} == {
        name for stage in STAGES for name in (READS[stage][0], NAMES.group(stage))
    }
    given = {ref["parameter"]: ref for ref in authentication["spec"]["secretTargetRef"]}
    assert given.keys() == {"password", "ca"}
    assert given["password"]["name"] == username
    assert all(ref["key"] in secrets(OVERLAY)[ref["name"]] for ref in given.values())
