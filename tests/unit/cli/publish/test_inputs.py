"""From paths to records: what the command line takes for paper, date and page, and from where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.cli.publish.inputs import IssueOptions, from_bytes, read_sources
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from pathlib import Path

    from services.cli.publish.inputs import Source

PAGE = "本报讯 渔港今晨开渔".encode()


def write(path: Path, value: bytes = PAGE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value)
    return path


def headers(source: Source) -> dict[str, str]:
    return {name: value.decode() for name, value in source.record.headers}


def of(path: Path, **given: str) -> dict[str, str]:
    (source,) = read_sources([path], IssueOptions(**given), "issues.raw", 7)
    return headers(source)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("渔港日报_2023-08-15_01.txt", {"paper": "渔港日报", "date": "2023-08-15", "page": "1"}),
        ("渔港日报20230815-03.txt", {"paper": "渔港日报", "date": "2023-08-15", "page": "3"}),
        ("渔港日报 2023年08月15日 第4版.txt", {"paper": "渔港日报", "date": "2023-08-15", "page": "4"}),
        ("2023.08.15_page-12.txt", {"date": "2023-08-15", "page": "12"}),
        ("page-07.txt", {"page": "7"}),
        ("第2版.txt", {"page": "2"}),
        ("渔港日报.txt", {}),
    ],
)
def test_paper_date_and_page_are_read_from_the_files_name(tmp_path: Path, name: str, expected: dict[str, str]) -> None:
    assert of(write(tmp_path / name)) == {"content-type": "text/plain", **expected}


def test_options_come_before_the_files_name_and_the_name_before_the_side_car(tmp_path: Path) -> None:
    path = write(tmp_path / "甲报_2023-08-15_01.txt")
    write(path.with_name("issue.json"), json.dumps({"paper": "乙报", "date": "2000-01-01", "revision": 5}).encode())
    found = of(path, date="2024-02-29")
    assert (found["paper"], found["date"], found["page"], found["revision"]) == ("甲报", "2024-02-29", "1", "5")


def test_a_side_car_speaks_for_the_issue_and_not_for_its_pages(tmp_path: Path) -> None:
    path = write(tmp_path / "page-02.txt")
    fields = {"paper": "渔港日报", "date": "2023-08-15", "date_assumed": True, "page": 9, "pages": "1-9", "note": "…"}
    write(tmp_path / "meta.json", json.dumps(fields).encode())
    assert of(path) == {
        "content-type": "text/plain",
        "paper": "渔港日报",
        "date": "2023-08-15",
        "date-assumed": "true",
        "page": "2",
    }


@pytest.mark.parametrize(("content", "reason"), [(b'{"paper":', "not valid JSON"), (b"[1]", "expected a JSON object")])
def test_a_broken_side_car_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path / "page-02.txt")
    write(tmp_path / "issue.json", content)
    with pytest.raises(BroadsheetError, match=rf"issue\.json: {reason}"):
        of(path)


def test_a_folder_gives_its_pages_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b/page-02.txt", "b/page-01.txt", "a/1.text", "a/issue.json", "a/truth.json", "a/n.md", ".h/1.txt"):
        write(tmp_path / name, b"{}" if name.endswith("json") else PAGE)
    found = read_sources([tmp_path], IssueOptions(), "issues.raw", 7)
    assert [source.origin for source in found] == [
        str(tmp_path / name) for name in ("a/1.text", "b/page-01.txt", "b/page-02.txt")
    ]


@pytest.mark.parametrize(
    ("value", "kind"), [(b' {"paper": "x"}', "application/json"), (PAGE, "text/plain"), (b"", "text/plain")]
)
def test_standard_input_is_json_when_it_begins_with_a_brace(value: bytes, kind: str) -> None:
    source = from_bytes(value, None, IssueOptions(), "issues.raw", 7)
    assert (source.origin, headers(source)["content-type"]) == ("standard input", kind)
    assert source.record.value == value


def test_a_json_file_is_sent_byte_for_byte_and_takes_no_fields_from_its_name(tmp_path: Path) -> None:
    value = json.dumps({"paper": "渔港日报"}).encode("gb18030")
    (source,) = read_sources([write(tmp_path / "2023-08-15_01.json", value)], IssueOptions(), "issues.raw", 7)
    assert (source.record.value, headers(source)) == (value, {"content-type": "application/json"})


@pytest.mark.parametrize(
    "given", [{"paper": "甲报"}, {"date": "2023-08-15"}, {"page": "3"}, {"revision": "8"}, {"encoding": "gbk"}]
)
def test_every_option_becomes_its_header(tmp_path: Path, given: dict[str, Any]) -> None:
    assert given.items() <= of(write(tmp_path / "x.txt"), **given).items()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match=r"gone\.txt: no such file or folder"):
        read_sources([tmp_path / "gone.txt"], IssueOptions(), "issues.raw", 7)
    with pytest.raises(BroadsheetError, match="no pages in this folder"):
        read_sources([tmp_path], IssueOptions(), "issues.raw", 7)
