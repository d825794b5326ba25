"""The desk and the import into Kibana on Kubernetes: reached by whom they should be, with no right too many."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from services.index.names import Names as IndexNames
from tests.unit.deploy.cluster import (
    ACCOUNTS,
    DESK_PORT,
    NAMES,
    OVERLAY_NAMES,
    SECRETS_MADE_BY_HAND,
    container,
    manifests,
    of_kind,
    pod,
    settings,
)
from tests.unit.deploy.kustomization import ROOT, Manifest

overlays = pytest.mark.parametrize("overlay", OVERLAY_NAMES)
SHOWN = ("articles", "issues", "quarantine")
"""The kinds of index that the desk reads."""


def desk(overlay: str) -> Manifest:
    return of_kind(overlay, "Deployment")["broadsheet-desk"]


def environment(workload: Manifest) -> dict[str, Any]:
    return {entry["name"]: entry.get("value") for entry in container(workload)["env"]}


def role(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "k8s/components/elasticsearch-role/roles.yml").read_text("utf-8"))
    return dict(found[name])


@overlays
def test_the_command_is_the_desk(overlay: str) -> None:
    assert container(desk(overlay))["command"] == ["python", "-m", "services.desk"]


@overlays
def test_service_and_probes_ask_the_port_that_it_listens_on(overlay: str) -> None:
    main = container(desk(overlay))
    port = main["ports"][0]
    assert environment(desk(overlay))["BROADSHEET_DESK_PORT"] == str(port["containerPort"]) == str(DESK_PORT)
    assert environment(desk(overlay))["BROADSHEET_DESK_HOST"] == "0.0.0.0", "or nothing outside reaches it"  # noqa: S104  # in a pod
    probes = {kind: main[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: probe["path"] for kind, probe in probes.items()} == {
        "startup": "/live",
        "liveness": "/live",
        "readiness": "/ready",
    }
    service = of_kind(overlay, "Service")["broadsheet-desk"]["spec"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]} == {service["ports"][0]["targetPort"]}
    assert service["selector"].items() <= desk(overlay)["spec"]["template"]["metadata"]["labels"].items()
    assert "type" not in service, "the desk has no log-in, so nothing may publish it"


@overlays
def test_it_answers_under_the_name_of_its_service(overlay: str) -> None:
    """A request for any other name is refused, so the manifests must list those that are asked for."""
    names = environment(desk(overlay))["BROADSHEET_DESK_HOSTS"].split(",")
    assert {"broadsheet-desk.broadsheet.svc", "broadsheet-desk.broadsheet.svc.cluster.local"} <= set(names)
    assert ("desk.example.com" in names) == (overlay == "prod")


def test_the_word_of_a_proxy_counts_only_where_nothing_else_reaches_the_desk() -> None:
    """Whom the desk believes about the client, the network policy admits; without the policy it believes nobody."""
    assert "BROADSHEET_DESK_PROXIES" in environment(desk("prod"))
    assert "broadsheet-desk" in of_kind("prod", "NetworkPolicy")
    assert "BROADSHEET_DESK_PROXIES" not in environment(desk("dev"))
    assert "broadsheet-desk" not in of_kind("dev", "NetworkPolicy")


@overlays
def test_a_drained_node_takes_one_desk_at_a_time_and_they_spread(overlay: str) -> None:
    budget = of_kind(overlay, "PodDisruptionBudget")["broadsheet-desk"]["spec"]
    assert (budget["maxUnavailable"], budget["selector"]) == (1, desk(overlay)["spec"]["selector"])
    spread = pod(desk(overlay))["topologySpreadConstraints"]
    assert {rule["topologyKey"] for rule in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}


def test_it_scales_by_its_own_work_and_one_of_it_can_always_go() -> None:
    scaler = of_kind("prod", "HorizontalPodAutoscaler")["broadsheet-desk"]["spec"]
    target = scaler["scaleTargetRef"]
    assert (target["apiVersion"], target["kind"], target["name"]) == ("apps/v1", "Deployment", "broadsheet-desk")
    assert 2 <= scaler["minReplicas"] < scaler["maxReplicas"]
    # What scales a Deployment must be the only one to say how many.
    assert "replicas" not in desk("prod")["spec"]


def test_only_the_namespace_of_the_proxies_reaches_the_desk() -> None:
    spec = of_kind("prod", "NetworkPolicy")["broadsheet-desk"]["spec"]
    assert spec["podSelector"]["matchLabels"] == desk("prod")["spec"]["selector"]["matchLabels"]
    ((rule,), kinds) = spec["ingress"], spec["policyTypes"]
    assert (rule["ports"], kinds) == ([{"protocol": "TCP", "port": DESK_PORT}], ["Ingress"])
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "gateway"}}}]


def test_in_elasticsearch_the_desk_may_read_what_it_shows_and_nothing_else() -> None:
    assert environment(desk("prod"))["BROADSHEET_ELASTICSEARCH_USER"] == "broadsheet-desk"
    may = role("broadsheet-desk")
    indices, watched = may["indices"]
    assert (may["cluster"], indices["privileges"]) == ([], ["read"])
    # The list of watched searches is the only thing that the desk itself keeps.
    assert (watched["names"], "index" in watched["privileges"]) == ([f"{NAMES.prefix}watches"], True)
    kinds = [IndexNames(NAMES.prefix, kind) for kind in SHOWN]  # type: ignore[arg-type]  # SHOWN holds kinds
    shown = {NAMES.state_index, NAMES.operations, kinds[0].write, *(names.read for names in kinds)}
    assert all(any(fnmatchcase(index, pattern) for pattern in indices["names"]) for index in shown)
    hidden = {IndexNames(NAMES.prefix, "quarantine").write, IndexNames(NAMES.prefix, "quarantine").index()}
    assert not any(fnmatchcase(index, pattern) for pattern in indices["names"] for index in hidden)


def test_every_account_and_the_roles_are_made_known_to_elasticsearch() -> None:
    (elasticsearch,) = of_kind("prod", "Elasticsearch").values()
    auth = elasticsearch["spec"]["auth"]
    assert {entry["secretName"] for entry in auth["fileRealm"]} == SECRETS_MADE_BY_HAND.keys()
    assert {entry["secretName"] for entry in auth["roles"]} == of_kind("prod", "Secret").keys()
    runbook = (ROOT / "docs/runbooks/deploy.md").read_text("utf-8")
    assert f"for account in {' '.join(ACCOUNTS)}; do" in runbook
    assert "create secret generic broadsheet-$account-elasticsearch --type=kubernetes.io/basic-auth" in runbook


@overlays
def test_the_import_goes_to_the_kibana_that_the_operator_makes(overlay: str) -> None:
    (job,) = of_kind(overlay, "Job").values()
    (kibana,) = of_kind(overlay, "Kibana")
    program, command, address, *options = container(job)["command"]
    assert (program, command) == ("broadsheet", "kibana")
    assert address == f"https://{kibana}-kb-http.broadsheet.svc:5601"
    given = dict(option.split("=") for option in options)
    mounts = {mount["mountPath"]: mount["name"] for mount in container(job)["volumeMounts"]}
    (folder, file) = given["--ca"].rsplit("/", 1)
    (volume,) = (volume for volume in pod(job)["volumes"] if volume["name"] == mounts[folder])
    assert volume["secret"] == {
        "secretName": f"{kibana}-kb-http-certs-public",
        "items": [{"key": "ca.crt", "path": file}],
    }
    assert job["spec"]["ttlSecondsAfterFinished"] > 0, "or its template could never be changed"


def test_the_import_may_go_to_kibana() -> None:
    (job,) = of_kind("prod", "Job").values()
    (kibana,) = of_kind("prod", "Kibana")
    spec = of_kind("prod", "NetworkPolicy")["broadsheet-kibana-import"]["spec"]
    assert spec["podSelector"]["matchLabels"].items() <= job["spec"]["template"]["metadata"]["labels"].items()
    (rule,) = spec["egress"]
    assert rule["to"] == [{"podSelector": {"matchLabels": {"kibana.k8s.elastic.co/name": kibana}}}]
    port = urlsplit(next(part for part in container(job)["command"] if part.startswith("https:"))).port
    assert rule["ports"] == [{"protocol": "TCP", "port": port}]


@overlays
def test_no_service_but_the_desks_is_ours(overlay: str) -> None:
    assert [m["metadata"]["name"] for m in manifests(overlay) if m["kind"] == "Service"] == ["broadsheet-desk"]
    assert "BROADSHEET_DESK_HOST" not in settings(overlay)
