"""A preview is what the processors would make of the pages, without any server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from schemas.tagged import TaggedArticle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

PAGE = "渔港今晨开渔\n\n本报讯 今晨六时，三百零五艘渔船驶出渔港，\n为期三个半月的休渔期结束。渔民说，今年鱼多。\n"


def issues(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_loose_pages_need_neither_paper_nor_date(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (issue,) = issues(broadsheet("preview", tmp_path / "a.txt", "--json"))
    assert issue["issue"]["pages"] == [1]
    assert issue["issue"]["quality"]["lines"] == issue["issue"]["quality"]["placed"] == 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_standard_input_is_a_page_in_whatever_encoding_newsrooms_use(broadsheet: Run, encoding: str) -> None:
    (issue,) = issues(broadsheet("preview", "--json", "--paper", "渔港日报", given=PAGE.encode(encoding)))
    assert issue["issue"]["paper"] == "渔港日报"
    assert "三百零五艘渔船" in json.dumps(issue["articles"], ensure_ascii=False)


def test_pages_of_one_issue_are_shown_as_one_issue(broadsheet: Run, tmp_path: Path) -> None:
    for name in ("渔港日报_2023-08-15_01.txt", "渔港日报_2023-08-15_02.txt", "渔港日报_2023-08-16_01.txt"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    found = issues(broadsheet("preview", tmp_path, "--json"))
    assert [(issue["issue"]["issue_id"], issue["issue"]["pages"]) for issue in found] == [
        ("渔港日报/2023-08-15", [1, 2]),
        ("渔港日报/2023-08-16", [1]),
    ]


def test_the_json_holds_the_very_messages_of_the_stream(broadsheet: Run) -> None:
    (issue,) = issues(broadsheet("preview", "seeds/sample", "--json"))
    articles = [TaggedArticle.model_validate(article, strict=False) for article in issue["articles"]]
    assert len(articles) == issue["issue"]["quality"]["articles"] > 0
    assert [json.loads(article.encode()) for article in articles] == issue["articles"]


def test_the_table_shows_the_headline_and_how_much_was_placed(broadsheet: Run) -> None:
    result = broadsheet("preview", "seeds/sample")
    assert "海关助力茂名中秋月饼首次出口大洋洲" in result.stdout
    assert "264 of 264 lines placed" in result.stdout


def test_spans_of_a_folder_of_issues_are_written_by_issue(broadsheet: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "set" / name).mkdir(parents=True)
        (tmp_path / "set" / name / "page-01.txt").write_text(PAGE, encoding="utf-8")
    target = tmp_path / "spans.json"
    assert broadsheet("preview", tmp_path / "set", "--spans", target).exit_code == 0
    assert sorted(json.loads(target.read_text(encoding="utf-8"))) == ["one", "two"]
