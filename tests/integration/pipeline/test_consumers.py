"""The programs of docs/consumers.md keep a view that equals the index, whatever is corrected, withdrawn or retagged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.conftest import CACHE, node, runtime
from tests.integration.pipeline.pages import BRIDGE, FISHING, SCHOOLS
from tests.integration.pipeline.test_taxonomy import with_education
from tests.workers import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]

__all__ = ["node"]

PROGRAMS = ROOT / "docs" / "consumers"
LANGUAGES = ("python", "node", "go", "java")


def command(language: str, request: pytest.FixtureRequest) -> list[str]:
    """Return the command that runs the program in a language, or skip because something is missing."""
    if language == "python":
        return [sys.executable, str(PROGRAMS / "local_view.py")]
    if "BROADSHEET_CLIENTS" not in os.environ:
        pytest.skip(f"the {language} program takes a minute or more to fetch and build: make test-clients")
    if language == "node":
        folder: Path = request.getfixturevalue("node")
        program = folder / "local_view.mjs"
        program.write_bytes((PROGRAMS / "local_view.mjs").read_bytes())
        return [runtime("node"), str(program)]
    if language == "java":
        jars = os.pathsep.join(str(jar) for jar in CACHE.parent.glob("*.jar"))  # Kafka's own, which the tests run
        return [runtime("java"), "-cp", jars, str(PROGRAMS / "java" / "LocalView.java")]
    program = CACHE / "local-view-go"
    CACHE.mkdir(parents=True, exist_ok=True)
    built = subprocess.run(
        [runtime("go"), "build", "-o", str(program), "."],
        cwd=PROGRAMS / "go",
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode:
        pytest.skip(f"go cannot build it: {built.stderr[-300:]}")
    return [str(program)]


@contextmanager
def running(arguments: list[str]) -> Iterator[None]:
    """Run a program, and kill it: whatever it has not stored is lost."""
    with subprocess.Popen(arguments) as process:
        try:
            yield
            assert process.poll() is None, "the program ended by itself"
        finally:
            process.kill()


def shown(pipeline: Pipeline, paper: str) -> dict[str, Any]:
    return {
        one["article_id"]: (one["version"], one.get("headline", ""), one.get("topic", []))
        for one in pipeline.stored(paper)
        if not one["withdrawn"]
    }


def kept(file: Path, paper: str) -> dict[str, Any]:
    view: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {
        name: (one["version"], one["headline"], one.get("topics") or [])
        for name, one in view.items()
        if name.startswith(f"{paper}/") and not one["withdrawn"]
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_local_view_equals_the_index(  # noqa: PLR0913, PLR0917  # fixtures
    language: str,
    pipeline: Pipeline,
    paper: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    eventually: Callable[[Callable[[], bool]], None],
) -> None:
    file = tmp_path / "view.json"
    group = f"view-{uuid.uuid4().hex[:8]}"
    settings = pipeline.settings
    program = [*command(language, request), settings.kafka_address, settings.names.tagged, group, str(file)]

    def follows() -> bool:
        return kept(file, paper) == shown(pipeline, paper) != {}

    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    with running(program):
        eventually(follows)
        pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤"), 3: SCHOOLS}, revision=2)
        fishing = next(iter(shown(pipeline, paper)))
        corrected = pipeline.run("correct", fishing, "--headline", "渔港更正", "--by", "周敏")
        assert corrected.exit_code == 0, corrected.output
        pipeline.settle()
        eventually(follows)
        assert "渔港更正" in [headline for _, headline, _ in kept(file, paper).values()]
    pipeline.publish(paper, {1: FISHING, 3: SCHOOLS}, revision=3, complete=True)
    assert pipeline.run("taxonomy", "push", with_education(tmp_path / "taxonomy.yaml", language)).exit_code == 0
    assert pipeline.run("retag").exit_code == 0
    pipeline.settle()
    with running(program):
        eventually(follows)
        assert ["education"] in [topics for _, _, topics in kept(file, paper).values()]


def test_the_ten_lines_print_what_comes(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    arguments = [sys.executable, str(PROGRAMS / "ten_lines.py"), pipeline.settings.kafka_address]
    with subprocess.Popen([*arguments, pipeline.settings.names.tagged], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert any("渔港三百艘渔船今晨开渔" in line for line in process.stdout)
        finally:
            process.kill()
