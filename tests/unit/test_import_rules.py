"""Every import rule of pyproject.toml bites: an import that breaks it is planted wherever the rule applies."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "services", "training")
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

Import = tuple[str, str]


def modules() -> dict[str, Path]:
    """Every module of ours by its name, packages too."""
    found = {}
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        within = path.relative_to(ROOT)
        name = ".".join(within.parent.parts if within.name == "__init__.py" else within.with_suffix("").parts)
        found[name] = within
    return found


MODULES = modules()


def matches(module: str, expression: str) -> bool:
    """Whether an expression of import-linter names a module: `**` is one or more names, a plain one is just itself."""
    if not expression.endswith(".**"):
        return fnmatchcase(module, expression)
    return module.startswith(expression.removesuffix("**"))


def allowed(importer: str, imported: str, contract: dict[str, Any]) -> bool:
    """Whether a contract makes an exception for an import."""
    exceptions = (line.split(" -> ") for line in contract.get("ignore_imports", []))
    return any(matches(importer, whom) and what in {"**", imported} for whom, what in exceptions)


def against_layers(contract: dict[str, Any]) -> list[Import]:
    """From each layer an import of the layer above, and of its neighbour where the two share a layer."""
    planted = []
    for container in contract.get("containers", [""]):
        layers = [
            [f"{container}.{name.strip()}".lstrip(".") for name in layer.split("|")] for layer in contract["layers"]
        ]
        for above, below in pairwise(layers):
            planted += [(lower, above[0]) for lower in below]
        for layer in layers:
            planted += list(pairwise(layer))
    return planted


def against_independence(contract: dict[str, Any]) -> list[Import]:
    """From each service an import of the next."""
    services = contract["modules"]
    return list(zip(services, services[1:] + services[:1], strict=True))


def against_prohibition(contract: dict[str, Any]) -> list[Import]:
    """From every module that a contract protects an import of something that it forbids, each of these in turn."""
    planted = []
    for turn, module in enumerate(sorted(filter(protected_by(contract), MODULES))):
        forbidden = (
            contract["forbidden_modules"][turn % len(contract["forbidden_modules"]) :] + contract["forbidden_modules"]
        )
        planted += [(module, name) for name in forbidden if not allowed(module, name, contract)][:1]
    return planted


def protected_by(contract: dict[str, Any]) -> Callable[[str], bool]:
    """Whether a contract that forbids imports speaks of a module."""
    return lambda module: any(
        matches(module, source) or module.startswith(f"{source}.") for source in contract["source_modules"]
    )


PLANTS = {
    "layers": against_layers,
    "independence": against_independence,
    "forbidden": against_prohibition,
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=tree,
        env={**os.environ, "COLUMNS": "500"},  # so that no import is broken over two lines
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def reported(output: str) -> dict[str, set[Import]]:
    """The imports that lint-imports complains of, by the contract that each breaks."""
    found: dict[str, set[Import]] = {}
    _, _, broken = output.partition("Broken contracts")
    heads = {contract["name"] for contract in CONTRACTS}
    name = ""
    for line in broken.splitlines():
        if line in heads:
            name = line
        elif match := re.search(r"([\w.]+) -> ([\w.]+) \(l\.", line):
            found.setdefault(name, set()).add((match[1], match[2]))
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the import rules are about."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda _, names: [n for n in names if not sources(n)]
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def sources(name: str) -> bool:
    return name.endswith(".py") or ("." not in name and name != "__pycache__")


def plant(tree: Path, importer: str, imported: str) -> None:
    with (tree / MODULES[importer]).open("a") as file:
        file.write(f"\nimport {imported}\n")


def test_every_forbidden_import_is_reported_by_the_contract_that_forbids_it(tree: Path) -> None:
    """One run over a tree with a forbidden import in each room and in each pure module."""
    planted = {contract["name"]: PLANTS[contract["type"]](contract) for contract in CONTRACTS}
    assert all(planted.values())
    for imports in planted.values():
        for importer, imported in imports:
            plant(tree, importer, imported)

    run = lint(tree)

    assert run.returncode == 1, run.stdout + run.stderr
    found = reported(run.stdout)
    missed = {name: set(imports) - found.get(name, set()) for name, imports in planted.items()}
    assert not any(missed.values()), missed


def test_a_tree_without_forbidden_imports_passes(tree: Path) -> None:
    """The copy itself breaks no rule, so that what the test above sees comes from what it planted."""
    run = lint(tree)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_package_is_pure_but_for_the_programs_around_them() -> None:
    """A new package falls under the rule against servers' clients, settings and logging without being named."""
    (pure,) = (contract for contract in CONTRACTS if contract["name"].startswith("Pure modules"))
    programs = ("services.cli", "services.local", "services.runtime", "training")
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py" and name.count(".")}
    free = {name for name in packages if not protected_by(pure)(f"{name}.anything") and not name.startswith(programs)}
    assert not free


def test_every_package_with_rooms_has_layers() -> None:
    """Where a service is divided into folders, a contract says which of them may import which."""
    divided = {
        name.rpartition(".")[0] for name, path in MODULES.items() if path.name == "__init__.py" and name.count(".") == 2
    }
    layered = {container for contract in CONTRACTS for container in contract.get("containers", [])}
    assert divided <= layered
