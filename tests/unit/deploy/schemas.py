"""The operators' own schemas of their resources, from the files of their custom resource definitions.

BROADSHEET_CRDS names the folders, with colons between: Strimzi's install files, `config/crds` of ECK (the Go module
github.com/elastic/cloud-on-k8s/v3) and `config/crd` of KEDA (github.com/kedacore/keda/v2). `make crds` fetches the two
modules. They are other people's files, so this repository holds none.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

OPEN = "x-kubernetes-preserve-unknown-fields"
EITHER = "x-kubernetes-int-or-string"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def folders() -> tuple[Path, ...]:
    return tuple(Path(each) for each in os.environ.get("BROADSHEET_CRDS", "").split(os.pathsep) if each)


@cache
def schemas() -> dict[tuple[str, str], dict[str, Any]]:
    """Every schema by (apiVersion, kind), closed to fields that it does not name."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path in (path for folder in folders() for path in sorted(folder.rglob("*.yaml"))):
        for document in yaml.load_all(path.read_text("utf-8"), Loader):
            if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
                spec = document["spec"]
                for version in spec["versions"]:
                    name = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
                    found[name] = _closed(version["schema"]["openAPIV3Schema"])
    return found


def faults(manifest: dict[str, Any]) -> list[str]:
    """What an API server with these definitions would say about a manifest's spec."""
    schema = schemas()[manifest["apiVersion"], manifest["kind"]]["properties"]["spec"]
    return [
        f"{error.json_path}: {error.message}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(manifest["spec"])
    ]


def _closed(schema: Any) -> Any:
    """Return the schema as JSON Schema: closed where Kubernetes would drop a field that nobody named."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items() if key != "properties"}
    if isinstance(schema.get("properties"), dict):
        made["properties"] = {name: _closed(value) for name, value in schema["properties"].items()}
    if schema.get(EITHER):
        made.pop("type", None)
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    if isinstance(schema.get("properties"), dict) and not schema.get(OPEN):
        made.setdefault("additionalProperties", False)
    if schema.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made
