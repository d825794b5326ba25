"""The desk's topics on the command line, as far as no server is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from services.cli.correct.taxonomy import as_yaml
from services.topics.taxonomy.seed import seed_taxonomy
from services.topics.taxonomy.taxonomy import parse_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

EDUCATION = """\
version: "2"
topics:
  - id: education
    label: 教育
    label_en: Education
    terms:
      - weight: 3
        words: [学校, 教师, 开学]
"""


@pytest.fixture
def education(tmp_path: Path) -> Path:
    path = tmp_path / "education.yaml"
    path.write_text(EDUCATION, encoding="utf-8")
    return path


def test_a_sound_taxonomy_is_said_to_be_so(broadsheet: Run, education: Path) -> None:
    result = broadsheet("taxonomy", "check", education)
    assert result.exit_code == 0
    assert "3 terms for 1 topics: 教育 education" in result.stdout
    assert broadsheet("taxonomy", "check", "seeds/taxonomy.yaml").exit_code == 0


@pytest.mark.parametrize("command", ["check", "push"])
@pytest.mark.parametrize(
    "fault",
    [
        ("weight: 3", "weigth: 3", "line 7: topics[1].terms[1].weigth: unknown field"),
        ("weight: 3", "weight: 9", "line 7: topics[1].terms[1].weight:"),
        ("    label_en: Education\n", "", "topics[1].label_en: missing"),
        ("[学校, 教师, 开学]", "[学校, 教师", "not valid YAML"),
        ("[学校, 教师, 开学]", "[学校, 学校]", "line 8: topics[1].terms[1].words[2]: '学校' is also on line 8"),
    ],
)
def test_a_broken_one_is_refused_with_line_and_field_before_any_server_is_asked(
    broadsheet: Run, education: Path, command: str, fault: tuple[str, str, str]
) -> None:
    written, instead, said = fault
    education.write_text(EDUCATION.replace(written, instead), encoding="utf-8")
    result = broadsheet("taxonomy", command, education)
    assert (result.exit_code, result.stdout) == (1, "")
    for part in (str(education), said):
        assert part in result.stderr


def test_a_file_of_many_faults_shows_the_first_of_them(broadsheet: Run, education: Path) -> None:
    words = "\n".join(f"      - weight: 9\n        words: [词{number}]" for number in range(30))
    education.write_text(EDUCATION + words + "\n", encoding="utf-8")
    lines = broadsheet("taxonomy", "check", education).stderr.splitlines()
    assert (len(lines), lines[-1]) == (11, "and 20 more")


def test_a_file_that_is_not_text(broadsheet: Run, education: Path) -> None:
    education.write_bytes(EDUCATION.encode("gb18030"))
    assert "not UTF-8" in broadsheet("taxonomy", "check", education).stderr
    assert "No such file" in broadsheet("taxonomy", "check", education.with_name("gone.yaml")).stderr
    assert "no such file" in broadsheet("taxonomy", "diff", "seed", education.with_name("gone.yaml")).stderr


def test_what_changes_is_told_topic_by_topic(broadsheet: Run, education: Path) -> None:
    result = broadsheet("taxonomy", "diff", education, "seed")
    assert result.exit_code == 0
    for line in ("- education (教育, Education)", "+ customs (海关, Customs)"):
        assert line in result.stdout
    assert broadsheet("taxonomy", "diff", "seed", "seeds/taxonomy.yaml").stdout == "no difference\n"


def test_the_yaml_that_is_shown_is_the_same_taxonomy_when_it_is_read_back() -> None:
    for taxonomy in (seed_taxonomy(), parse_taxonomy(EDUCATION)):
        assert parse_taxonomy(as_yaml(taxonomy)) == taxonomy


def test_documents_are_tagged_by_the_seed_or_by_the_taxonomy_given(broadsheet: Run, education: Path) -> None:
    lines = [
        {
            "id": "a",
            "headline": "全市学校今日开学",
            "text": "教师到校门口迎接学生。开学第一课讲的是海洋。",
            "topics": ["x"],
        },
        {"id": 2, "headline": "海关查获走私香烟", "text": "海关关员在码头查获一批走私香烟，海关缉私局立案调查。"},
        {"id": "c", "headline": None, "text": ""},
    ]
    documents = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    assert json.loads(broadsheet("tag", "-", given=documents).stdout) == {"a": [], "2": ["customs"], "c": []}
    result = broadsheet("tag", "-", "--taxonomy", education, given=documents)
    assert json.loads(result.stdout) == {"a": ["education"], "2": [], "c": []}
