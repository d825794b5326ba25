"""Every manifest is one that the Kubernetes API, or the operator that owns its kind, accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest

from tests.unit.deploy.cluster import OVERLAY_NAMES, is_dns_name, manifests
from tests.unit.deploy.schemas import faults, schemas

if TYPE_CHECKING:
    from tests.unit.deploy.kustomization import Manifest

KUBERNETES = "1.34"
"""The oldest version that the manifests are meant for; topology spread by matchLabelKeys is older."""

EVERY = [(overlay, manifest) for overlay in OVERLAY_NAMES for manifest in manifests(overlay)]
OWNED_BY_OPERATORS = ("kafka.strimzi.io/", "elasticsearch.k8s.elastic.co/", "kibana.k8s.elastic.co/", "keda.sh/")


def each(*, custom_only: bool | None = None) -> list[Any]:
    """The manifests as parameters: those of operators only, those of the core only, or all."""
    return [
        pytest.param(manifest, id=f"{overlay}-{manifest['kind']}-{manifest['metadata']['name']}")
        for overlay, manifest in EVERY
        if custom_only is None or custom(manifest) == custom_only
    ]


def custom(manifest: Manifest) -> bool:
    return str(manifest["apiVersion"]).startswith(OWNED_BY_OPERATORS)


@pytest.mark.parametrize("manifest", each(custom_only=False))
def test_a_core_manifest_has_no_stray_or_missing_field(manifest: Manifest) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@pytest.mark.parametrize("manifest", each(custom_only=True))
def test_a_custom_resource_fits_its_operators_own_schema(manifest: Manifest) -> None:
    """No field is missing, misspelt or misplaced, and every value is one that the operator knows."""
    assert manifest.keys() == {"apiVersion", "kind", "metadata", "spec"}
    assert manifest["metadata"].keys() <= {"name", "namespace", "labels", "annotations"}
    if (manifest["apiVersion"], manifest["kind"]) not in schemas():
        pytest.skip(
            f"no definition of {manifest['apiVersion']} {manifest['kind']}: BROADSHEET_CRDS names no folder with it"
        )
    assert faults(manifest) == []


@pytest.mark.parametrize("manifest", each())
def test_a_manifest_has_a_name_and_the_namespace_of_the_installation(manifest: Manifest) -> None:
    assert is_dns_name(manifest["metadata"]["name"])
    expected = None if manifest["kind"] == "Namespace" else "broadsheet"
    assert manifest["metadata"].get("namespace") == expected


def test_a_misspelt_field_and_a_wrong_value_are_found() -> None:
    """The operators' schemas are open: Kubernetes drops what they do not name, and a test must not."""
    for _, manifest in EVERY:
        if manifest["kind"] == "KafkaTopic" and (manifest["apiVersion"], "KafkaTopic") in schemas():
            spec = manifest["spec"]
            assert faults(manifest | {"spec": spec | {"partition": 8}})
            assert faults(manifest | {"spec": spec | {"partitions": "eight"}})
            return
    pytest.skip("BROADSHEET_CRDS names no folder with Strimzi's definitions")
