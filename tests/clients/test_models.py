"""`pip install broadsheet[schemas]` brings the models and pydantic, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import runtime
from tests.workers import ROOT

PYDANTIC = {"annotated-types", "pydantic", "pydantic-core", "typing-extensions", "typing-inspection"}
READ = """
import json, sys
from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE
print(json.dumps([decode(TAGGED_MESSAGE, line.encode()).version for line in sys.stdin]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a new environment that has nothing but the models."""
    folder = tmp_path_factory.mktemp("models")
    uv = str(Path(sys.executable).with_name("uv"))
    runtime(uv)
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder / "venv")], check=True)
    subprocess.run([uv, "build", "-q", "--wheel", "--no-build-isolation", "-o", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    done = subprocess.run(
        [uv, "pip", "install", "-q", "--python", str(python), f"broadsheet[schemas] @ {wheel.as_uri()}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pydantic cannot be fetched: {done.stderr.strip()[-200:]}")
    return python


def test_the_models_bring_pydantic_and_nothing_else(installed: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    listed = subprocess.run(
        [uv, "pip", "list", "--format", "json", "--python", str(installed)], capture_output=True, text=True, check=True
    )
    assert {one["name"] for one in json.loads(listed.stdout)} == {"broadsheet"} | PYDANTIC


def test_they_read_every_message_of_articles_tagged(installed: Path) -> None:
    golden = (ROOT / "tests/unit/schemas/golden/0.2.0.jsonl").read_text("utf-8").splitlines()
    values = [one["value"] for one in map(json.loads, golden) if one["topic"] == "articles.tagged"]
    lines = "".join(json.dumps(value) + "\n" for value in values)
    told = subprocess.run(
        [str(installed), "-I", "-c", READ], input=lines, capture_output=True, text=True, check=True, cwd="/"
    )
    assert json.loads(told.stdout) == [value["version"] for value in values]


def test_the_command_says_what_to_install(installed: Path) -> None:
    told = subprocess.run([str(installed.with_name("broadsheet"))], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.strip() == "The broadsheet command needs typer: pip install 'broadsheet[pipeline]'"
