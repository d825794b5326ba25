"""The rendered overlays, read once, and the few questions that the tests ask of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from services.runtime.names import STAGES, Names
from services.runtime.settings import variables
from tests.unit.deploy.kustomization import OVERLAYS, ROOT, Manifest, render

OVERLAY_NAMES = ("dev", "prod")
HTTP_PORT = 8000
DESK_PORT = 18080
VARIABLES = frozenset(name for name, _, _ in variables())

SETTINGS = dict(line.split("=", 1) for line in (ROOT / "k8s/base/settings.env").read_text("utf-8").splitlines())
NAMES = Names(SETTINGS.get("BROADSHEET_PREFIX", ""))
READS = {
    "ingest": (NAMES.raw, NAMES.corrections),
    "segment": (NAMES.issues,),
    "tag": (NAMES.articles, NAMES.taxonomy),
    "index": (NAMES.tagged, NAMES.quarantine),
}
"""Which topics each stage consumes, the one it scales by first (the table in ARCHITECTURE.md)."""

WRITES = {
    "ingest": (NAMES.issues, NAMES.quarantine),
    "segment": (NAMES.articles, NAMES.quarantine),
    "tag": (NAMES.tagged, NAMES.quarantine),
    "index": (NAMES.quarantine,),
}

SECRETS_MADE_BY_OPERATORS = {
    # Strimzi: <cluster>-cluster-ca-cert, and one named after each KafkaUser (see `secrets`).
    "broadsheet-cluster-ca-cert": {"ca.crt"},
    # ECK: <cluster>-es-http-certs-public, <cluster>-es-elastic-user, <kibana>-kb-http-certs-public.
    "broadsheet-es-http-certs-public": {"ca.crt", "tls.crt"},
    "broadsheet-es-elastic-user": {"elastic"},
    "broadsheet-kb-http-certs-public": {"ca.crt", "tls.crt"},
}
ACCOUNTS = ("ingest", "segment", "tag", "index", "desk", "deliver", "publishing", "console", "dashboards", "editors")
SECRETS_MADE_BY_HAND = {
    f"broadsheet-{account}-elasticsearch": {"username", "password", "roles"} for account in ACCOUNTS
}
"""By the commands in docs/runbooks/deploy.md."""


@cache
def manifests(overlay: str) -> tuple[Manifest, ...]:
    return tuple(render(OVERLAYS / overlay))


def of_kind(overlay: str, kind: str) -> dict[str, Manifest]:
    return {m["metadata"]["name"]: m for m in manifests(overlay) if m["kind"] == kind}


def settings(overlay: str) -> dict[str, str]:
    data: dict[str, str] = of_kind(overlay, "ConfigMap")["broadsheet-settings"]["data"]
    return data


def deployments(overlay: str) -> dict[str, Manifest]:
    """The processors' Deployments by stage."""
    found = {m["metadata"]["name"]: m for m in manifests(overlay) if m["kind"] == "Deployment"}
    return {stage: found[f"broadsheet-{stage}"] for stage in STAGES}


def pod(deployment: Manifest) -> dict[str, Any]:
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def container(deployment: Manifest) -> dict[str, Any]:
    (only,) = pod(deployment)["containers"]
    return dict(only)


def secrets(overlay: str) -> dict[str, set[str]]:
    """Every Secret that will be there, with its keys."""
    users = {name: {"password", "sasl.jaas.config"} for name in of_kind(overlay, "KafkaUser")}
    return SECRETS_MADE_BY_OPERATORS | SECRETS_MADE_BY_HAND | users


def values(node: Any, key: str) -> list[Any]:
    """Every value that stands under `key`, at any depth."""
    if isinstance(node, dict):
        own = [node[key]] if key in node else []
        return own + [found for value in node.values() for found in values(value, key)]
    if isinstance(node, list | tuple):
        return [found for item in node for found in values(item, key)]
    return []


def is_dns_name(name: str) -> bool:
    """An RFC 1123 subdomain, which every name in Kubernetes is."""
    return len(name) <= 253 and re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name) is not None
