"""A desk's own topics: pushed, taken up without a restart, and applied to what is there."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from schemas.contract import decode
from schemas.tagged import TAGGED_MESSAGE, TaggedArticle
from services.tag.taxonomy_feed import KEY
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import parse_taxonomy
from tests.integration.pipeline.pages import CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

EDUCATION = """
  - id: education
    label: 教育
    label_en: Education
    terms:
      - weight: 3
        words: [小学, 中学, 开学, 教育局, 教师]
"""
SCHOOLS_HEADLINE = "全县七所新小学昨日开学"


def with_education(path: Path, declared: str) -> Path:
    """Write the seed taxonomy with a fifth topic."""
    text = files("seeds").joinpath("taxonomy.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace('version: "1"', f'version: "{declared}"').rstrip() + EDUCATION, encoding="utf-8")
    return path


def tagged_by(pipeline: Pipeline, paper: str) -> dict[str, str]:
    return {headline: found["taxonomy_version"] for headline, found in pipeline.documents(paper).items()}


def test_a_fifth_topic_is_taken_up_without_a_restart_and_applied_to_what_is_there(
    pipeline: Pipeline, paper: str, tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    path = with_education(tmp_path / "taxonomy.yaml", "five")
    version = parse_taxonomy(path.read_text(encoding="utf-8")).version
    pipeline.publish(paper, {1: SCHOOLS, 2: CUSTOMS}, revision=1)
    pipeline.publish(f"{paper}撤", {1: FISHING, 2: SCHOOLS}, revision=1)
    pipeline.publish(f"{paper}撤", {1: FISHING}, revision=2, complete=True)
    before = {one["article_id"]: one for one in (*pipeline.stored(paper), *pipeline.stored(f"{paper}撤"))}
    assert pipeline.documents(paper)[SCHOOLS_HEADLINE].get("topic", []) == []

    pushed = pipeline.run("taxonomy", "push", path)
    assert pushed.exit_code == 0, pushed.output
    assert "+ education (教育, Education)" in pushed.stdout
    assert "is in force already" in pipeline.run("taxonomy", "push", path).stdout

    new = f"{paper}新"

    def taken_up() -> bool:
        pipeline.publish(new, {1: SCHOOLS}, revision=1)
        return set(tagged_by(pipeline, new).values()) == {version}

    eventually(taken_up)
    assert pipeline.documents(new)[SCHOOLS_HEADLINE]["topic"] == ["education"]
    assert set(tagged_by(pipeline, paper).values()) != {version}

    result = pipeline.run("retag")
    assert result.exit_code == 0, result.output
    assert f"tagged again with version {version}" in result.stdout
    pipeline.settle()
    after = {one["article_id"]: one for one in (*pipeline.stored(paper), *pipeline.stored(f"{paper}撤"))}
    assert after.keys() == before.keys()
    for article_id, document in after.items():
        for field in ("issue_id", "revision", "version", "withdrawn", "page", "headline"):
            assert document.get(field) == before[article_id].get(field)
    tagged = tagged_by(pipeline, paper)
    assert tagged[SCHOOLS_HEADLINE] == version
    assert tagged["海关查获走私香烟两千条"] != version, "an article with the same tags is not sent again"
    topics = {headline: found.get("topic", []) for headline, found in pipeline.documents(paper).items()}
    assert topics == {SCHOOLS_HEADLINE: ["education"], "海关查获走私香烟两千条": ["customs"]}
    assert sum(one["withdrawn"] for one in after.values()) == 1

    records = len(pipeline.records(pipeline.settings.names.tagged))
    assert ", 0 tagged again" in pipeline.run("retag").stdout
    assert len(pipeline.records(pipeline.settings.names.tagged)) == records

    assert ", 0 tagged again" not in pipeline.run("retag", "--all").stdout
    newest = {
        record.key: decode(TAGGED_MESSAGE, record.value) for record in pipeline.records(pipeline.settings.names.tagged)
    }
    assert {one.taxonomy_version for one in newest.values() if isinstance(one, TaggedArticle)} == {version}


def test_a_broken_push_is_refused_and_changes_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    topic = pipeline.settings.names.taxonomy
    before = len(pipeline.records(topic))
    path = with_education(tmp_path / "broken.yaml", "broken")
    path.write_text(path.read_text(encoding="utf-8").replace("label: 教育", "labl: 教育"), encoding="utf-8")
    result = pipeline.run("taxonomy", "push", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "topics[5].labl: unknown field" in result.stderr
    assert len(pipeline.records(topic)) == before


def test_versions_are_shown_as_the_yaml_they_are_pushed_from(pipeline: Pipeline, tmp_path: Path) -> None:
    path = with_education(tmp_path / "taxonomy.yaml", "shown")
    taxonomy = parse_taxonomy(path.read_text(encoding="utf-8"))
    assert pipeline.run("taxonomy", "push", path).exit_code == 0
    assert [record.key for record in pipeline.records(pipeline.settings.names.taxonomy)][-1] == KEY
    shown = pipeline.run("taxonomy", "show")
    assert parse_taxonomy(shown.stdout) == taxonomy
    assert f"version {taxonomy.version}" in shown.stderr
    assert parse_taxonomy(pipeline.run("taxonomy", "show", "--version", "1-").stdout) == seed_taxonomy()
    missing = pipeline.run("taxonomy", "show", "--version", "none")
    assert (missing.exit_code, taxonomy.version in missing.stderr) == (1, True)
    changed = pipeline.run("taxonomy", "diff", "seed", "shown").stdout.splitlines()
    assert [line[:11] for line in changed] == ["version 1-" + seed_taxonomy().version[2:3], "+ education"]


def test_bytes_on_the_topic_that_are_no_taxonomy_are_passed_over(pipeline: Pipeline, paper: str) -> None:
    before = pipeline.run("taxonomy", "show").stdout
    pipeline.send_to(pipeline.settings.names.taxonomy, KEY, json.dumps({"type": "taxonomy"}).encode())
    assert pipeline.run("taxonomy", "show").stdout == before
    pipeline.publish(paper, {1: CUSTOMS}, revision=1)
    assert pipeline.documents(paper)["海关查获走私香烟两千条"]["topic"] == ["customs"]
