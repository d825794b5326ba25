"""The overlays are whole, and the renderer of these tests renders them as kustomize does."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.unit.deploy.kustomization import OVERLAYS, ROOT, Manifest, load, render

if TYPE_CHECKING:
    from pathlib import Path

K8S = ROOT / "k8s"
KUSTOMIZE = next(
    (command for tool, command in (("kustomize", ["kustomize", "build"]), ("kubectl", ["kubectl", "kustomize"]))
     if shutil.which(tool)),
    None,
)  # fmt: skip


def kustomizations() -> list[Path]:
    return sorted(path.parent for path in K8S.rglob("kustomization.yaml"))


def files_of(folder: Path) -> set[Path]:
    """The files that a kustomization names."""
    (settings,) = load(folder / "kustomization.yaml")
    names = [*settings.get("resources", ()), *(patch["path"] for patch in settings.get("patches", ()))]
    for generator in settings.get("configMapGenerator", []) + settings.get("secretGenerator", []):
        names += [*generator.get("envs", ()), *generator.get("files", ())]
    return {path for name in names if not (path := (folder / name).resolve()).is_dir()}


def canonical(value: Any) -> Any:
    """The same value with lists of named things in order, no line ends in base64, no hash on the settings' name."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [canonical(item) for item in value]
        keyed = all(isinstance(item, dict) and "name" in item for item in items)
        return sorted(items, key=lambda item: str(item["name"])) if keyed else items
    if isinstance(value, str):
        plain = value.replace("\n", "") if re.fullmatch(r"[A-Za-z0-9+/=\n]+", value) else value
        return re.sub(r"^(broadsheet-settings)-[a-z0-9]{10}$", r"\1", plain)
    return value


def by_identity(manifests: list[Manifest]) -> dict[tuple[str, str], Any]:
    ordered = [canonical(manifest) for manifest in manifests]
    return {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in ordered}


@pytest.mark.parametrize("folder", kustomizations(), ids=lambda folder: folder.name)
def test_every_file_that_a_kustomization_names_is_there_and_no_other(folder: Path) -> None:
    others = {path for path in folder.iterdir() if path.is_file()} - {folder / "kustomization.yaml"}
    assert files_of(folder) == others


def test_every_component_is_part_of_an_overlay() -> None:
    used = set()
    for overlay in OVERLAYS.iterdir():
        (settings,) = load(overlay / "kustomization.yaml")
        used |= {(overlay / name).resolve() for name in settings["components"]}
    assert used == set((K8S / "components").iterdir())


@pytest.mark.parametrize("overlay", ["dev", "prod"])
def test_no_two_manifests_of_an_overlay_have_one_identity(overlay: str) -> None:
    manifests = render(OVERLAYS / overlay)
    assert len(by_identity(manifests)) == len(manifests)


@pytest.mark.skipif(KUSTOMIZE is None, reason="neither kustomize nor kubectl is installed")
@pytest.mark.parametrize("overlay", ["dev", "prod"])
def test_the_tests_render_an_overlay_as_kustomize_does(overlay: str) -> None:
    assert KUSTOMIZE is not None
    built = subprocess.run([*KUSTOMIZE, str(OVERLAYS / overlay)], capture_output=True, check=True, text=True)
    theirs = [document for document in yaml.safe_load_all(built.stdout) if document]
    assert by_identity(render(OVERLAYS / overlay)) == by_identity(theirs)
