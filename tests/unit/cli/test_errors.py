"""Whatever a user can cause ends in one or two plain lines with the remedy, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

PAGE = "渔港今晨开渔\n\n本报讯 今晨六时，三百零五艘渔船驶出渔港，\n为期三个半月的休渔期结束。渔民说，今年鱼多。\n"
ISSUE = json.dumps({"paper": "渔港日报", "date": "2023-08-15", "pages": [{"page": 1, "text": PAGE}]}).encode()


CODE = "from services.cli.main import main; main()"


def fails(result: Result, *said: str, code: int = 1, lines: int = 2) -> None:
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    text = result.stderr.strip()
    assert 1 <= len(text.splitlines()) <= lines, text
    for part in said:
        assert part in text


@pytest.mark.parametrize("command", ["publish", "preview"])
def test_a_file_that_is_not_there(broadsheet: Run, command: str) -> None:
    fails(broadsheet(command, "gone.txt"), "gone.txt: no such file or folder")


@pytest.mark.parametrize("command", ["publish", "preview"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b'{"paper": ', "not valid JSON"),
        (b'{"paper": "x", "pages": [{"page": 1, "text": "x"}]}', "date: missing; add this field"),
        (ISSUE.replace(b"2023-08-15", b"2023-02-30"), "date"),
        (ISSUE.replace(b'"paper"', b'"papr"'), "papr: unknown field"),
        (b"\x89PNG\x00\x00\x00\x00\x00\x01\x02\x03", "page"),
    ],
)
def test_json_and_bytes_that_are_no_issue(
    broadsheet: Run, tmp_path: Path, command: str, value: bytes, said: str
) -> None:
    path = tmp_path / "issue-1.json"
    path.write_bytes(value)
    fails(broadsheet(command, path), f"{path}: ", said if value.startswith(b"{") else "not valid JSON")


@pytest.mark.parametrize("command", ["publish", "preview"])
def test_a_date_that_does_not_exist(broadsheet: Run, tmp_path: Path, command: str) -> None:
    path = tmp_path / "page-01.txt"
    path.write_text(PAGE, encoding="utf-8")
    fails(broadsheet(command, path, "--paper", "渔港日报", "--date", "2023-02-30"), "--date", "'2023-02-30'")


def test_a_page_without_paper_or_date_is_refused_with_the_field_to_add(broadsheet: Run, tmp_path: Path) -> None:
    path = tmp_path / "page-01.txt"
    path.write_text(PAGE, encoding="utf-8")
    result = broadsheet("publish", path)
    fails(result, "paper and date not known", "--paper NAME --date")
    assert result.stdout.strip() == "accepted 0, refused 1"


def test_one_bad_page_among_good_ones_is_named_and_the_others_are_shown(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(ISSUE)
    (tmp_path / "blank-02.txt").write_text(" \n\n", encoding="utf-8")
    result = broadsheet("preview", tmp_path, "--json", "--paper", "渔港日报", "--date", "2023-08-15")
    fails(result, "blank-02.txt: page 2: nothing but blank lines")
    assert [issue["issue"]["issue_id"] for issue in json.loads(result.stdout)] == ["渔港日报/2023-08-15"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "-"),
        ("tail", "issues"),
        ("setup",),
        ("retag",),
        ("taxonomy", "show"),
        ("taxonomy", "diff", "seed", "1-0"),
    ],
    ids=" ".join,
)
def test_no_kafka(broadsheet: Run, arguments: tuple[str, ...]) -> None:
    fails(
        broadsheet(*arguments, given=ISSUE),
        "Kafka does not answer at 127.0.0.1:1",
        "Start it with `broadsheet run`, or set BROADSHEET_KAFKA",
    )


def test_status_says_of_each_server_that_it_does_not_answer(broadsheet: Run) -> None:
    fails(broadsheet("status"), "Kafka does not answer at", "Elasticsearch does not answer at", lines=4)


def test_no_elasticsearch(broadsheet: Run) -> None:
    fails(
        broadsheet("search", "渔港"),
        "Elasticsearch does not answer at http://127.0.0.1:1",
        "Start it with `broadsheet run`, or set BROADSHEET_ELASTICSEARCH",
    )


def test_one_server_set_and_not_the_other(broadsheet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_ELASTICSEARCH")
    fails(broadsheet("run"), "BROADSHEET_KAFKA is set and BROADSHEET_ELASTICSEARCH is not")


@pytest.mark.parametrize("query", ["渔港 AND (", "(", "日期:昨天"])
def test_a_query_that_cannot_be_understood(broadsheet: Run, query: str) -> None:
    fails(broadsheet("search", query))


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_day_to_search_from_that_is_no_day(broadsheet: Run, option: str) -> None:
    fails(broadsheet("search", "渔港", option, "2023-02-30"), f"{option}: '2023-02-30' is not a day")


def test_a_setting_that_is_wrong(broadsheet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_PARTITIONS", "viele")
    monkeypatch.setenv("BROADSHEET_PREFIX", "Große")
    fails(broadsheet("status"), "BROADSHEET_PARTITIONS: ", "BROADSHEET_PREFIX: ")


def test_a_command_that_is_not_there_is_a_matter_of_usage(broadsheet: Run) -> None:
    result = broadsheet("find")
    assert (result.exit_code, "No such command 'find'" in result.stderr) == (2, True)


def test_a_file_that_cannot_be_written(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "page-01.txt").write_text(PAGE, encoding="utf-8")
    fails(broadsheet("preview", tmp_path, "--spans", tmp_path / "no" / "x.json"), "x.json: No such file")


def test_documents_to_tag_or_to_search_that_are_none(broadsheet: Run, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": 1, "text": "渔港"}\n{"id": 2}\n', encoding="utf-8")
    fails(broadsheet("tag", path), "line 2", "expected an object with id, headline and text")
    fails(broadsheet("tag", tmp_path / "gone"), "gone: No such file")
    fails(broadsheet("search-eval", tmp_path / "gone", path), "gone: No such file")
    fails(broadsheet("search-eval", path, path), "expected a JSON list of objects with id and query")
    path.write_text('{"headline": "渔港"}\n', encoding="utf-8")
    fails(broadsheet("search-eval", path, path), "line 1", "expected an object with id")


def test_nothing_but_our_own_lines_is_said_when_a_server_is_away() -> None:
    command = [sys.executable, "-c", CODE, "status"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert [line.split(" ")[0] for line in ended.stderr.splitlines()] == ["Kafka", "Start", "Elasticsearch", "Start"]


@pytest.mark.parametrize("arguments", [("preview", "seeds/sample", "--json"), ("settings",)], ids=["json", "tables"])
def test_a_reader_that_has_gone_ends_it_without_a_word(arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", CODE, *arguments]
    ended = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")
