"""Clients in other languages. A test is skipped without its runtime, or if its packages cannot be fetched once."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "broadsheet" / "clients"
INSTALL_SECONDS = 300


def runtime(name: str) -> str:
    """Return the path of a program, or skip the test because it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="session")
def node() -> Path:
    """Return a folder in which Node finds the packages of node/package-lock.json; it is kept for later runs."""
    npm = runtime("npm")
    runtime("node")
    lock = (HERE / "node" / "package-lock.json").read_bytes()
    folder = CACHE / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (folder / "complete").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / file, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot fetch the packages: {done.stderr.strip().splitlines()[-1:]}")
        (folder / "complete").touch()
    return folder


def run_node(folder: Path, program: Path, *arguments: str, given: str = "") -> str:
    """Run a program with Node among the packages, give it standard input, and return what it prints."""
    copied = folder / program.name
    shutil.copy(program, copied)
    done = subprocess.run(
        [runtime("node"), str(copied), *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
