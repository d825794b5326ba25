"""Every manifest is one that the Kubernetes API, or the operator that owns its kind, accepts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.unit.deploy.cluster import OVERLAY_NAMES, is_dns_name, manifests

if TYPE_CHECKING:
    from tests.unit.deploy.kustomization import Manifest

KUBERNETES = "1.34"
"""The oldest version that the manifests are meant for; topology spread by matchLabelKeys is older."""

EVERY = [(overlay, manifest) for overlay in OVERLAY_NAMES for manifest in manifests(overlay)]
OWNED_BY_OPERATORS = ("kafka.strimzi.io/", "elasticsearch.k8s.elastic.co/", "kibana.k8s.elastic.co/", "keda.sh/")


@cache
def custom_schemas() -> dict[str, Any]:
    text = (Path(__file__).parent / "crds.yaml").read_text("utf-8")
    schemas: dict[str, Any] = yaml.safe_load(text)
    return schemas


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
def test_a_custom_resource_has_no_stray_or_missing_field(manifest: Manifest) -> None:
    assert manifest.keys() == {"apiVersion", "kind", "metadata", "spec"}
    assert manifest["metadata"].keys() <= {"name", "namespace", "labels", "annotations"}
    schemas = custom_schemas()
    schema = schemas[f"{manifest['apiVersion']}/{manifest['kind']}"] | {"$defs": schemas["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(manifest["spec"])


@pytest.mark.parametrize("manifest", each())
def test_a_manifest_has_a_name_and_the_namespace_of_the_installation(manifest: Manifest) -> None:
    assert is_dns_name(manifest["metadata"]["name"])
    expected = None if manifest["kind"] == "Namespace" else "broadsheet"
    assert manifest["metadata"].get("namespace") == expected


def test_the_schemas_of_custom_resources_are_schemas_themselves() -> None:
    schemas = custom_schemas()
    for name, schema in schemas.items():
        if name != "$defs":
            jsonschema.Draft202012Validator.check_schema(schema | {"$defs": schemas["$defs"]})


def test_no_schema_of_a_custom_resource_is_unused() -> None:
    used = {f"{manifest['apiVersion']}/{manifest['kind']}" for _, manifest in EVERY if custom(manifest)}
    assert custom_schemas().keys() - {"$defs"} == used
