"""Renders our overlays in Python, so that the tests see what a cluster would get without a binary to install.

It knows the fields of kustomize that k8s/ uses and refuses every other, and a test compares it with the real thing
wherever `kustomize` or `kubectl` is installed. It leaves out the hash that kustomize appends to generated names.
"""

from __future__ import annotations

import base64
import copy
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]

ROOT = Path(__file__).resolve().parents[3]
OVERLAYS = ROOT / "k8s" / "overlays"

FIELDS = {
    "apiVersion",
    "kind",
    "namespace",
    "resources",
    "components",
    "configMapGenerator",
    "secretGenerator",
    "patches",
    "images",
}
MERGE_KEYS = {
    "containers": "name",
    "env": "name",
    "ports": "containerPort",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "topologySpreadConstraints": "topologyKey",
}
"""The lists of a Deployment or a Job that a strategic merge patch merges by a key; any other list it replaces."""

CLUSTER_WIDE = {"Namespace"}


def render(folder: Path) -> list[Manifest]:
    """Return every manifest of a kustomization, patched and named as it would be applied."""
    return _apply(folder, [])


def load(path: Path) -> list[Manifest]:
    """Return the documents of a YAML file."""
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document is not None]


def _apply(folder: Path, manifests: list[Manifest]) -> list[Manifest]:
    (settings,) = load(folder / "kustomization.yaml")
    unknown = settings.keys() - FIELDS
    assert not unknown, f"{folder}: the tests cannot render {unknown}"
    for name in settings.get("resources", ()):
        target = (folder / name).resolve()
        manifests = manifests + (_apply(target, []) if target.is_dir() else load(target))
    for name in settings.get("components", ()):
        manifests = _apply((folder / name).resolve(), manifests)
    for kind, field in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for generator in settings.get(field, ()):
            manifests = _generate(folder, kind, generator, manifests)
    for patch in settings.get("patches", ()):
        manifests = _patch(folder, patch, manifests)
    for manifest in manifests:
        if "namespace" in settings and manifest["kind"] not in CLUSTER_WIDE:
            manifest["metadata"]["namespace"] = settings["namespace"]
        for image in settings.get("images", ()):
            _set_image(manifest, image)
    return manifests


def _generate(folder: Path, kind: str, generator: dict[str, Any], manifests: list[Manifest]) -> list[Manifest]:
    data: dict[str, str] = {}
    for name in generator.get("envs", ()):
        lines = (folder / name).read_text("utf-8").splitlines()
        data |= dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    data |= dict(literal.split("=", 1) for literal in generator.get("literals", ()))
    for name in generator.get("files", ()):
        data[Path(name).name] = (folder / name).read_text("utf-8")
    if kind == "Secret":
        data = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    if generator.get("behavior") == "merge":
        (before,) = (m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == generator["name"])
        before["data"] |= data
        return manifests
    made: Manifest = {"apiVersion": "v1", "kind": kind, "metadata": {"name": generator["name"]}, "data": data}
    return [*manifests, made | ({"type": "Opaque"} if kind == "Secret" else {})]


def _patch(folder: Path, patch: dict[str, Any], manifests: list[Manifest]) -> list[Manifest]:
    assert patch.keys() <= {"path", "target"}, f"{folder}: the tests cannot apply {patch}"
    assert patch["target"].keys() <= {"kind", "labelSelector"}, f"{folder}: the tests cannot select {patch['target']}"
    (change,) = load(folder / patch["path"])
    change = {key: value for key, value in change.items() if key not in {"apiVersion", "kind", "metadata"}}
    wanted = dict(pair.split("=") for pair in patch["target"].get("labelSelector", "").split(",") if pair)
    chosen = [
        index
        for index, manifest in enumerate(manifests)
        if manifest["kind"] == patch["target"]["kind"]
        and wanted.items() <= manifest["metadata"].get("labels", {}).items()
    ]
    assert chosen, f"{folder}: {patch['path']} changes nothing"
    keys = MERGE_KEYS if patch["target"]["kind"] in {"Deployment", "Job"} else {}
    return [_merged(manifest, change, keys) if i in chosen else manifest for i, manifest in enumerate(manifests)]


def _merged(before: Any, change: Any, keys: dict[str, str], field: str = "") -> Any:
    """Return `before` with a patch applied; `field` is the key that both stand under."""
    if isinstance(before, dict) and isinstance(change, dict):
        result = dict(before)
        for name, value in change.items():
            result[name] = _merged(before[name], value, keys, name) if name in before else copy.deepcopy(value)
        return result
    if field in keys and isinstance(before, list) and isinstance(change, list):
        key = keys[field]
        theirs = {item[key]: item for item in change}
        kept = [_merged(item, theirs.pop(item[key]), keys) if item[key] in theirs else item for item in before]
        return kept + copy.deepcopy(list(theirs.values()))
    return copy.deepcopy(change)


def _set_image(manifest: Manifest, image: dict[str, str]) -> None:
    if manifest["kind"] in {"Deployment", "Job", "CronJob"}:
        spec = manifest["spec"]["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else manifest["spec"]
        for container in spec["template"]["spec"]["containers"]:
            if container["image"] == image["name"]:
                container["image"] = f"{image.get('newName', image['name'])}:{image['newTag']}"
