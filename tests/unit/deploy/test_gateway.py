"""The desk's door: editors come in through a sign-on that the desk believes, and through nothing else."""

from __future__ import annotations

import kubernetes_validate
import pytest

from tests.unit.deploy.cluster import container, of_kind, pod
from tests.unit.deploy.kustomization import ROOT, Manifest, render
from tests.unit.deploy.test_manifests import KUBERNETES

RENDERED = {one["kind"]: one for one in render(ROOT / "k8s" / "gateway")}
SETTINGS: dict[str, str] = RENDERED["ConfigMap"]["data"]


@pytest.mark.parametrize("manifest", RENDERED.values(), ids=RENDERED)
def test_a_manifest_of_the_gateway_has_no_stray_or_missing_field(manifest: Manifest) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    assert manifest["metadata"]["namespace"] == "gateway"


def test_the_proxy_leads_to_the_desk_under_the_name_that_the_desk_answers_to() -> None:
    (rule,) = RENDERED["Ingress"]["spec"]["rules"]
    env = {
        entry["name"]: entry.get("value")
        for entry in container(of_kind("prod", "Deployment")["broadsheet-desk"])["env"]
    }
    hosts = (env["BROADSHEET_DESK_HOSTS"] or "").split(",")
    assert rule["host"] in hosts
    assert SETTINGS["OAUTH2_PROXY_UPSTREAMS"].removeprefix("http://") in hosts
    assert SETTINGS["OAUTH2_PROXY_REDIRECT_URL"] == f"https://{rule['host']}/oauth2/callback"
    assert RENDERED["Ingress"]["spec"]["tls"][0]["hosts"] == [rule["host"]]


def test_the_desk_takes_the_editors_name_from_the_proxys_header() -> None:
    """In prod alone: without the sign-on and the network policy anybody could send the header."""
    for overlay, header in (("prod", "X-Forwarded-Preferred-Username"), ("dev", None)):
        entries = container(of_kind(overlay, "Deployment")["broadsheet-desk"])["env"]
        env = {entry["name"]: entry.get("value") for entry in entries}
        assert env.get("BROADSHEET_DESK_EDITOR_HEADER") == header
    assert SETTINGS["OAUTH2_PROXY_PASS_USER_HEADERS"] == "true"  # noqa: S105  # no password


def test_the_proxy_holds_no_secret_and_no_right() -> None:
    main, spec = container(RENDERED["Deployment"]), pod(RENDERED["Deployment"])
    assert not [name for name in SETTINGS if "SECRET" in name]
    assert all("valueFrom" in entry for entry in main["env"])
    assert main["securityContext"]["readOnlyRootFilesystem"] is True
    assert (spec["automountServiceAccountToken"], spec["securityContext"]["runAsNonRoot"]) == (False, True)


def test_only_the_ingress_controller_reaches_the_proxy() -> None:
    policy = RENDERED["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"] == RENDERED["Deployment"]["spec"]["selector"]["matchLabels"]
    (rule,) = policy["ingress"]
    assert [port["port"] for port in rule["ports"]] == [4180]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
