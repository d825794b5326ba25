"""Files of printed pages on the command line: what is read of a folder, and what its pages are called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.cli.publish import printed_files
from services.cli.publish.inputs import IssueOptions, left_out, read_sources
from services.cli.publish.preview import known_issues
from services.runtime.errors import BroadsheetError
from tests.unit.formats.pdfs import Line, pdf
from tests.unit.formats.test_alto import alto
from tests.unit.formats.test_hocr import hocr

if TYPE_CHECKING:
    from pathlib import Path

    from services.cli.publish.inputs import Source

GIVEN = IssueOptions(paper="渔港日报", date="2023-08-04")
PAGE = (Line("渔港昨日开渔", 40, 500, 36), Line("本报讯昨日正午渔港三百余艘渔船鸣笛出海", 40, 460, 10))
METS = """<mets xmlns:xlink="http://www.w3.org/1999/xlink"><fileSec><fileGrp ID="ALTOGRP">
<file><FLocat xlink:href="alto/b.xml"/></file><file><FLocat xlink:href="alto/a.xml"/></file></fileGrp></fileSec>
</mets>"""


def write(path: Path, value: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value.encode() if isinstance(value, str) else value)
    return path


def read(path: Path, given: IssueOptions = GIVEN) -> list[Source]:
    return read_sources([path], given, "issues.raw", 7)


def pages(sources: list[Source]) -> list[str | None]:
    return [source.record.header("page") for source in sources]


def geometry(source: Source) -> Any:
    return json.loads(source.record.header("geometry") or "null")


def test_every_page_of_a_pdf_is_a_record_that_ingest_takes(tmp_path: Path) -> None:
    sources = read(write(tmp_path / "issue.pdf", pdf(PAGE, PAGE)))
    assert pages(sources) == ["1", "2"]
    (issue,), refused = known_issues(sources)
    assert refused == []
    for page in issue.pages.values():
        assert page.geometry is not None
        assert page.geometry.size == (400.0, 600.0)
        assert page.text.split("\n")[0].strip() == PAGE[0].text


@pytest.mark.parametrize(("name", "numbers"), [("渔港日报_2023-08-04_A03.pdf", ["A3", "A4"]), ("甲.pdf", ["1", "2"])])
def test_pages_are_counted_from_the_one_that_the_name_gives(tmp_path: Path, name: str, numbers: list[str]) -> None:
    assert pages(read(write(tmp_path / name, pdf(PAGE, PAGE)))) == numbers


def test_a_page_that_cannot_be_read_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    sources = read(write(tmp_path / "issue.pdf", pdf(PAGE, (), PAGE)))
    issues, refused = known_issues(sources)
    assert list(issues[0].pages) == [1, 3]
    ((origin, reason),) = refused
    assert origin.endswith("issue.pdf, page 2")
    assert "it is a scan or empty" in reason


def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    write(tmp_path / "1.pdf", pdf(PAGE, encrypted=True))
    write(tmp_path / "2.pdf", pdf(PAGE))
    issues, refused = known_issues(read(tmp_path))
    assert list(issues[0].pages) == [2]
    assert [reason for _, reason in refused] == ["the PDF is encrypted; save it without a password"]


def test_without_the_extra_a_pdf_is_refused_by_name_and_in_a_folder_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed_files, "find_spec", lambda _: None)
    file = write(tmp_path / "issue.pdf", pdf(PAGE))
    write(tmp_path / "text" / "page-02.txt", "第二版")
    (refused,) = read(file)
    assert refused.refused == "reading a PDF needs pypdfium2; install it with: pip install 'broadsheet[pdf]'"
    assert pages(read(tmp_path)) == ["2"]
    assert left_out([tmp_path]) == {file: refused.refused}


def test_a_pdf_beside_pages_of_text_is_their_source_and_left_out(tmp_path: Path) -> None:
    file = write(tmp_path / "issue.pdf", pdf(PAGE))
    write(tmp_path / "page-01.txt", "第一版")
    assert len(read(tmp_path)) == 1
    assert left_out([tmp_path]) == {file: "its folder has pages as text, which are taken"}


def test_places_beside_a_page_of_text_go_with_it(tmp_path: Path) -> None:
    places = {"size": [10, 20], "lines": [[1, 2, 3, 4, 5]], "boxes": []}
    write(tmp_path / "page-01.txt", "第一版")
    write(tmp_path / "page-01.lines.json", json.dumps(places, indent=2))
    (source,) = read(tmp_path)
    assert geometry(source) == places
    assert left_out([tmp_path]) == {}


def test_places_that_do_not_fit_the_text_are_refused_with_both_counts(tmp_path: Path) -> None:
    write(tmp_path / "page-01.txt", "第一版\n两行")
    write(tmp_path / "page-01.lines.json", '{"size": [10, 20], "lines": [null]}')
    _, ((_, reason),) = known_issues(read(tmp_path))
    assert "page 1: lines: 1 entries for 2 lines of text" in reason


def test_places_that_are_no_json_are_named(tmp_path: Path) -> None:
    write(tmp_path / "page-01.txt", "第一版")
    write(tmp_path / "page-01.lines.json", "{")
    with pytest.raises(BroadsheetError, match=r"page-01\.lines\.json: not valid JSON"):
        read(tmp_path)


def test_alto_and_hocr_are_read_and_other_markup_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "page-01.xml", alto())
    write(tmp_path / "page-02.html", hocr())
    feed = write(tmp_path / "feed.xml", "<rss/>")
    sources = read(tmp_path)
    assert pages(sources) == ["1", "2"]
    assert [geometry(source)["size"] for source in sources] == [[1200.0, 1800.0]] * 2
    assert left_out([tmp_path]) == {feed: "neither ALTO, METS nor hOCR"}
    (refused,) = read(feed)
    assert refused.refused.startswith("neither ALTO, METS nor hOCR")


def test_a_mets_file_gives_its_alto_files_as_pages_in_its_order(tmp_path: Path) -> None:
    write(tmp_path / "mets.xml", METS)
    write(tmp_path / "alto" / "a.xml", alto().replace("渔港".encode(), "甲".encode()))
    write(tmp_path / "alto" / "b.xml", alto().replace("渔港".encode(), "乙".encode()))
    sources = read(tmp_path)
    assert pages(sources) == ["1", "2"]
    assert [(source.record.value or b"").decode()[0] for source in sources] == ["乙", "甲"]
    assert left_out([tmp_path]) == {}


@pytest.mark.parametrize("name", ["../b.xml", "alto/none.xml"])
def test_a_mets_file_reaches_no_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path / "b.xml", alto())
    file = write(tmp_path / "issue" / "mets.xml", METS.replace("alto/b.xml", name))
    (refused,) = read(file)
    assert refused.refused.startswith(f"it names {name!r}, which is not in its folder")
