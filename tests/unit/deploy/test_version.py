"""The prod overlay deploys this release."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]


def test_the_image_has_the_version_of_the_project() -> None:
    """pyproject.toml alone decides the version; the overlay's tag follows it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    overlay = yaml.safe_load((ROOT / "k8s" / "overlays" / "prod" / "kustomization.yaml").read_text())
    assert [image["newTag"] for image in overlay["images"]] == [version]
