"""What the documents name exists: paths, make targets, modules to run, and the functions on the walk of a page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
FOLDERS = "schemas|services|seeds|tests|training|benchmarks|k8s|docs|[.]github|[.]ci"
PATH = re.compile(rf"(?<![\w/.:-])(?:{FOLDERS})/[\w./*-]*[\w/*]")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
TARGET = re.compile(r"(?:^\s+|`|\n)make ((?:-\w+ )*)([a-z][a-z-]*)")
MODULE = re.compile(r"python -m ((?:services|training|benchmarks|seeds|tests|schemas)[\w.]*)")
STOP = re.compile(r"`(services/[\w/]+\.py):(\w+(?:\.\w+)?)`")
PLACEHOLDER = re.compile(r"[A-Z]{4,}")
MOST_STOPS = 40
WIDEST = 120

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_paths_exist(document: Path) -> None:
    """A path in running text or code leads to a file or a folder; a word in capitals is for the reader to fill in."""
    paths = {path for path in PATH.findall(document.read_text()) if not PLACEHOLDER.search(path)}
    assert not {path for path in paths if not list(ROOT.glob(path.rstrip("/")))}


@every_document
def test_links_lead_to_files_and_headings(document: Path) -> None:
    """A relative link leads to a file, and its anchor to a heading of that file."""
    broken = set()
    for target, anchor in LINK.findall(document.read_text()):
        file = (document.parent / target).resolve() if target else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.add(f"{target}#{anchor}")
    assert not broken


def anchors(document: Path) -> set[str]:
    """The headings of a page as GitHub and MyST make anchors of them."""
    headings = re.findall(r"^#+ +(.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@every_document
def test_make_targets_exist(document: Path) -> None:
    """What a reader is told to make, the Makefile makes."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {target for _, target in TARGET.findall(document.read_text())} <= targets


@every_document
def test_modules_to_run_exist(document: Path) -> None:
    """What stands behind `python -m` is a module, or a package that can be run."""
    missing = set()
    for name in MODULE.findall(document.read_text()):
        path = ROOT.joinpath(*name.rstrip(".").split("."))
        if not (path.with_suffix(".py").exists() or (path / "__main__.py").exists()):
            missing.add(name)
    assert not missing


@every_document
def test_running_text_keeps_to_120_characters(document: Path) -> None:
    """A line of running text fits a window; tables, code and pictures may be wider."""
    lines = document.read_text().splitlines()
    assert not [line for line in lines if len(line) > WIDEST and not line.startswith(("|", "    ", "!["))]


def walk() -> list[tuple[str, str]]:
    """The stops of the walk in ARCHITECTURE.md, in order: a file and a function in it."""
    _, _, section = (ROOT / "ARCHITECTURE.md").read_text().partition("\n## Walk of a page")
    return STOP.findall(section.partition("\n## ")[0])


def defined(file: Path) -> set[str]:
    """Every function of a module, and every method with its class before it."""
    names = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
            }
    return names


def test_every_stop_of_the_walk_exists() -> None:
    """The walk names functions that are there, at most forty of them."""
    stops = walk()
    assert stops
    assert len(stops) <= MOST_STOPS
    assert not [(file, name) for file, name in stops if not (ROOT / file).exists() or name not in defined(ROOT / file)]


def test_the_walk_never_returns_to_a_room() -> None:
    """Once the walk has left a folder it does not come back to it."""
    rooms = [str(Path(file).parent) for file, _ in walk()]
    stays = [room for before, room in zip(["", *rooms], rooms, strict=False) if room != before]
    assert len(stays) == len(set(stays))
