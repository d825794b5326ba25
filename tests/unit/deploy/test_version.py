"""The prod overlay deploys this release, and docs/versions.md names the servers that are tested and deployed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from services.local.relock import ELASTICSEARCH, KAFKA
from tests.unit.deploy.cluster import of_kind

ROOT = Path(__file__).parents[3]


def test_the_image_has_the_version_of_the_project() -> None:
    """pyproject.toml alone decides the version; the overlay's tag follows it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    overlay = yaml.safe_load((ROOT / "k8s" / "overlays" / "prod" / "kustomization.yaml").read_text())
    assert [image["newTag"] for image in overlay["images"]] == [version]


def test_the_table_of_versions_is_what_is_tested_and_deployed() -> None:
    page = (ROOT / "docs" / "versions.md").read_text("utf-8")
    rows = [re.split(r" *\| *", line)[1:-1] for line in page.splitlines() if line.startswith("|")][2:]
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    composed = [services[name]["image"].rpartition(":")[2] for name in ("kafka", "elasticsearch", "kibana")]
    deployed = [
        of_kind("prod", "Kafka")["broadsheet"]["spec"]["kafka"]["version"],
        of_kind("prod", "Elasticsearch")["broadsheet"]["spec"]["version"],
        of_kind("prod", "Kibana")["broadsheet"]["spec"]["version"],
    ]
    tested = [KAFKA[0].rpartition(":")[2], ELASTICSEARCH[2], "none"]
    names = ["Kafka", "Elasticsearch", "Kibana"]
    assert rows == [list(row) for row in zip(names, tested, composed, deployed, strict=True)]
