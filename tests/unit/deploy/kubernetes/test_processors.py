"""What is ours runs on Kubernetes as the code expects, with no right that it does not need."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.index.names import KINDS, Kind
from services.index.names import Names as IndexNames
from services.runtime.health.operations import MAPPING_VERSION
from services.runtime.names import STAGES
from tests.unit.deploy.cluster import (
    ACCOUNTS,
    HTTP_PORT,
    NAMES,
    OVERLAY_NAMES,
    VARIABLES,
    container,
    deployments,
    manifests,
    of_kind,
    pod,
    secrets,
    settings,
    values,
)
from tests.unit.deploy.kustomization import ROOT

pytestmark = pytest.mark.parametrize("overlay", OVERLAY_NAMES)
stages = pytest.mark.parametrize("stage", STAGES)
PASSWORDS = {
    "elastic": {"name": "broadsheet-es-elastic-user", "key": "elastic"},
    **{f"broadsheet-{one}": {"name": f"broadsheet-{one}-elasticsearch", "key": "password"} for one in ACCOUNTS},
}
"""Where each account of Elasticsearch has its password."""


def index_names(kind: Kind) -> tuple[str, ...]:
    """A physical index and its aliases."""
    names = IndexNames(NAMES.prefix, kind)
    return names.index(), names.read, names.write


def lasting(overlay: str) -> list[dict[str, Any]]:
    """Every Deployment; the operators start the servers."""
    return list(of_kind(overlay, "Deployment").values())


def ours(overlay: str) -> list[dict[str, Any]]:
    """Everything that starts pods of our image."""
    return lasting(overlay) + list(of_kind(overlay, "Job").values())


def test_there_is_one_deployment_a_stage_beside_desk_and_console(overlay: str) -> None:
    assert of_kind(overlay, "Deployment").keys() == {f"broadsheet-{stage}" for stage in (*STAGES, "desk", "console")}


@stages
def test_the_command_is_the_stage(overlay: str, stage: str) -> None:
    assert container(deployments(overlay)[stage])["command"] == ["python", "-m", f"services.{stage}"]


def test_the_processors_differ_in_nothing_but_their_stage(overlay: str) -> None:
    alike = {
        yaml.safe_dump(deployment).replace(f"broadsheet-{stage}", "broadsheet-").replace(f"services.{stage}", "")
        for stage, deployment in deployments(overlay).items()
    }
    assert len(alike) == 1


def test_every_variable_is_a_setting_and_every_needed_setting_has_one(overlay: str) -> None:
    for workload in ours(overlay):
        assert {entry["name"] for entry in container(workload)["env"]} | settings(overlay).keys() <= VARIABLES
    for deployment in lasting(overlay):
        given = {entry["name"] for entry in container(deployment)["env"]} | settings(overlay).keys()
        assert given >= {
            f"BROADSHEET_{server}{part}"
            for server in ("KAFKA", "ELASTICSEARCH")
            for part in ("", "_USER", "_PASSWORD", "_CA")
        }


def test_the_settings_come_from_the_one_config_map(overlay: str) -> None:
    for deployment in ours(overlay):
        assert container(deployment)["envFrom"] == [{"configMapRef": {"name": "broadsheet-settings"}}]


def test_each_deployment_signs_in_to_kafka_as_its_own_user(overlay: str) -> None:
    for deployment in lasting(overlay):
        env = {entry["name"]: entry for entry in container(deployment)["env"]}
        user = env["BROADSHEET_KAFKA_USER"]["value"]
        assert user == deployment["metadata"]["name"]
        assert user in of_kind(overlay, "KafkaUser")
        assert env["BROADSHEET_KAFKA_PASSWORD"]["valueFrom"]["secretKeyRef"] == {"name": user, "key": "password"}


def test_everything_signs_in_to_elasticsearch_with_the_password_of_its_user(overlay: str) -> None:
    for workload in ours(overlay):
        env = {entry["name"]: entry for entry in container(workload)["env"]}
        name = "BROADSHEET_ELASTICSEARCH_USER"
        user = env[name]["value"] if name in env else settings(overlay)[name]
        (secret,) = env["BROADSHEET_ELASTICSEARCH_PASSWORD"]["valueFrom"].values()
        assert secret == PASSWORDS[user]


def test_every_secret_that_is_referred_to_will_be_there(overlay: str) -> None:
    for reference in values(manifests(overlay), "secretKeyRef"):
        assert reference["key"] in secrets(overlay)[reference["name"]]
    for volume in values(manifests(overlay), "secret"):
        assert {item["key"] for item in volume["items"]} <= secrets(overlay)[volume["secretName"]]


def test_no_secret_is_in_the_repository(overlay: str) -> None:
    for secret in of_kind(overlay, "Secret").values():
        assert secret["data"].keys() == {"roles.yml"}
    for entry in (entry for env in values(manifests(overlay), "env") for entry in env):
        assert ("value" in entry) != ("PASSWORD" in entry["name"])


def test_the_authorities_files_lie_where_the_settings_say(overlay: str) -> None:
    for deployment in lasting(overlay):
        mounts = {mount["mountPath"]: mount["name"] for mount in container(deployment)["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in pod(deployment)["volumes"]}
        for variable in ("BROADSHEET_KAFKA_CA", "BROADSHEET_ELASTICSEARCH_CA"):
            path = Path(settings(overlay)[variable])
            items = volumes[mounts[str(path.parent)]]["secret"]["items"]
            assert path.name in {item["path"] for item in items}


@stages
def test_the_probes_ask_the_port_that_the_stage_serves(overlay: str, stage: str) -> None:
    main = container(deployments(overlay)[stage])
    (port,) = main["ports"]
    assert port["containerPort"] == int(settings(overlay)["BROADSHEET_HTTP_PORT"]) == HTTP_PORT
    assert settings(overlay)["BROADSHEET_HTTP_HOST"] == "0.0.0.0", "or no probe reaches it"  # noqa: S104  # in a pod
    probes = {kind: main[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: probe["path"] for kind, probe in probes.items()} == {
        "startup": "/live",
        "liveness": "/live",
        "readiness": "/ready",
    }
    assert {probe["port"] for probe in probes.values()} == {port["name"]}


def test_our_pods_keep_the_restricted_profile(overlay: str) -> None:
    """Pod Security Standards, profile restricted; and a root file system that cannot be written."""
    for deployment in ours(overlay):
        spec, main = pod(deployment), container(deployment)
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert main["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}
        assert {kind for volume in spec["volumes"] for kind in volume.keys() - {"name"}} <= {"emptyDir", "secret"}


def test_no_pod_of_ours_can_speak_to_the_kubernetes_api(overlay: str) -> None:
    accounts = of_kind(overlay, "ServiceAccount")
    for deployment in ours(overlay):
        assert pod(deployment)["automountServiceAccountToken"] is False
        assert accounts[pod(deployment)["serviceAccountName"]]["automountServiceAccountToken"] is False
    assert not any(manifest["kind"].endswith(("Role", "RoleBinding")) for manifest in manifests(overlay))


def test_memory_and_processor_are_bounded(overlay: str) -> None:
    for deployment in ours(overlay):
        resources = container(deployment)["resources"]
        assert resources["requests"].keys() == resources["limits"].keys() == {"cpu", "memory"}


def test_selectors_choose_their_own_pods_and_no_others(overlay: str) -> None:
    for deployment in lasting(overlay):
        name = deployment["metadata"]["name"]
        assert deployment["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": name}
        assert deployment["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"] == name


@stages
def test_a_drained_node_takes_one_worker_of_a_stage_at_a_time(overlay: str, stage: str) -> None:
    budget = of_kind(overlay, "PodDisruptionBudget")[f"broadsheet-{stage}"]["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"] == deployments(overlay)[stage]["spec"]["selector"]


@stages
def test_workers_of_one_stage_spread_over_nodes_and_zones(overlay: str, stage: str) -> None:
    deployment = deployments(overlay)[stage]
    spread = pod(deployment)["topologySpreadConstraints"]
    assert {rule["topologyKey"] for rule in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for rule in spread:
        assert rule["labelSelector"]["matchLabels"].items() <= labels.items()
        assert "app.kubernetes.io/name" in rule["matchLabelKeys"], "or the workers of all stages would count as one"


def test_the_image_is_one_and_its_tag_says_which(overlay: str) -> None:
    images = {container(deployment)["image"] for deployment in ours(overlay)}
    assert len(images) == 1
    tag = images.pop().rpartition(":")[2]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert tag == {"dev": "local", "prod": version}[overlay]


def test_the_settings_reach_elasticsearch_under_its_name(overlay: str) -> None:
    (name,) = of_kind(overlay, "Elasticsearch")
    assert settings(overlay)["BROADSHEET_ELASTICSEARCH"] == f"https://{name}-es-http.broadsheet.svc:9200"


def test_kibana_has_elasticsearchs_name_and_version(overlay: str) -> None:
    ((name, elasticsearch),) = of_kind(overlay, "Elasticsearch").items()
    (kibana,) = of_kind(overlay, "Kibana").values()
    assert kibana["spec"]["elasticsearchRef"] == {"name": name}
    assert kibana["spec"]["version"] == elasticsearch["spec"]["version"]


def test_the_consoles_role_covers_every_index_and_no_role_reaches_the_cluster(overlay: str) -> None:
    """The other roles are tried on a real Elasticsearch: tests/secured."""
    roles = yaml.safe_load((ROOT / "k8s/components/elasticsearch-role/roles.yml").read_text("utf-8"))
    patterns = [pattern for group in roles["broadsheet-console"]["indices"] for pattern in group["names"]]
    every = (NAMES.state_index, NAMES.operations, f"{NAMES.operations}-v{MAPPING_VERSION}")
    for index in (*every, *(name for kind in KINDS for name in index_names(kind))):
        assert any(fnmatchcase(index, pattern) for pattern in patterns)
    assert [name for name, role in roles.items() if role["cluster"]] == []
    assert roles.keys() == {f"broadsheet-{account}" for account in ACCOUNTS}
    assert settings(overlay)["BROADSHEET_ELASTICSEARCH_USER"] == "elastic", "prod names an account at each process"


def test_only_dev_signs_in_as_the_superuser(overlay: str) -> None:
    """`elastic` may do everything, so nothing in prod knows its password."""
    referred = {reference["name"] for reference in values(manifests(overlay), "secretKeyRef")}
    assert ("broadsheet-es-elastic-user" in referred) == (overlay == "dev")
    for workload in ours(overlay) if overlay == "prod" else ():
        env = {entry["name"]: entry for entry in container(workload)["env"]}
        name = workload["metadata"]["name"].replace("kibana-import", "dashboards")
        assert env["BROADSHEET_ELASTICSEARCH_USER"]["value"] == name
