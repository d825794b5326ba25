"""Pages of ALTO and METS files, of every version that libraries have in use."""

from __future__ import annotations

import pytest

from services.formats.alto import alto_files, read_alto
from services.formats.markup import kind_of
from services.formats.page import Area, FilePage, FormatError, RefusedPage

VERSIONS = [f"http://www.loc.gov/standards/alto/ns-v{version}#" for version in (2, 3, 4)]
PAGE = """
<Page ID="P1" WIDTH="1200" HEIGHT="1800"><PrintSpace>
  <TextBlock ID="B1">
    <TextLine HPOS="100" VPOS="80.04" WIDTH="600" HEIGHT="60" STYLEREFS="T1">
      <String CONTENT="渔港" HPOS="100" VPOS="80" WIDTH="200" HEIGHT="60"/><SP WIDTH="20"/><String CONTENT="开渔"/>
    </TextLine>
    <TextLine HPOS="100" VPOS="200" WIDTH="300" HEIGHT="24"><String CONTENT="ship"/><HYP CONTENT="-"/></TextLine>
    <TextLine HPOS="100" VPOS="240" WIDTH="0" HEIGHT="0"/>
  </TextBlock>
  <Illustration HPOS="700" VPOS="200" WIDTH="400" HEIGHT="300"/>
  <GraphicalElement HPOS="100" VPOS="600" WIDTH="1000" HEIGHT="2"/>
</PrintSpace></Page>"""


def alto(pages: str = PAGE, namespace: str = VERSIONS[0]) -> bytes:
    style = '<Styles><TextStyle ID="T1" FONTSIZE="48"/></Styles>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="{namespace}">{style}<Layout>{pages}</Layout></alto>'
    return xml.encode()


@pytest.mark.parametrize("namespace", VERSIONS)
def test_a_line_is_a_text_line_with_its_box_and_the_size_of_its_style(namespace: str) -> None:
    (page,) = read_alto(alto(namespace=namespace))
    assert page == FilePage(
        1,
        "渔港 开渔\nship-\n",
        (1200.0, 1800.0),
        ((100.0, 80.0, 600.0, 60.0, 48.0), (100.0, 200.0, 300.0, 24.0, 24.0), None),
        (Area("image", (700.0, 200.0, 400.0, 300.0)), Area("rule", (100.0, 600.0, 1000.0, 2.0))),
    )


def test_a_page_without_text_is_refused_alone() -> None:
    first, second = read_alto(alto(f'{PAGE}<Page ID="P2" WIDTH="10" HEIGHT="10"/>'))
    assert isinstance(first, FilePage)
    assert second == RefusedPage(2, "page 2 has no text; run text recognition over its image first")


def test_a_page_that_does_not_say_its_size_reaches_as_far_as_what_is_on_it() -> None:
    (page,) = read_alto(alto(PAGE.replace(' WIDTH="1200" HEIGHT="1800"', "", 1)))
    assert isinstance(page, FilePage)
    assert page.layout()["size"] == [1100.0, 602.0]


def test_a_character_that_ends_lines_does_not_end_one_inside_a_text_line() -> None:
    (page,) = read_alto(alto(PAGE.replace("ship", "one&#x2028;two&#x85;three")))
    assert isinstance(page, FilePage)
    assert page.text.split("\n")[1] == "one two three-"
    assert page.text.splitlines() == ["渔港 开渔", "one two three-"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html/>", "the root element is html, not alto"),
        (b"<alto><Layout/></alto>", "no Page element"),
        (b"<alto>", "not well-formed XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><alto/>', "declares a document type or entities"),
    ],
)
def test_a_file_that_is_no_alto_is_refused_with_the_reason(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_alto(data))


def test_a_mets_file_names_its_alto_files_in_order() -> None:
    mets = """<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink">
    <mets:fileSec><mets:fileGrp ID="IMGGRP"><mets:file><mets:FLocat xlink:href="file://./i/1.jp2"/></mets:file>
    </mets:fileGrp><mets:fileGrp ID="ALTOGRP">
      <mets:file><mets:FLocat LOCTYPE="URL" xlink:href="file://./alto/2.xml"/></mets:file>
      <mets:file><mets:FLocat LOCTYPE="URL" xlink:href="alto/1.xml"/></mets:file>
    </mets:fileGrp></mets:fileSec></mets:mets>"""
    assert kind_of(mets.encode()) == "mets"
    assert alto_files(mets.encode()) == ["alto/2.xml", "alto/1.xml"]
    with pytest.raises(FormatError, match="no file group of ALTO files"):
        alto_files(mets.replace("ALTOGRP", "OTHER").encode())


@pytest.mark.parametrize(
    ("data", "kind"),
    [(alto(), "alto"), (b"%PDF-1.4", "pdf"), (b'<div class="ocr_page">', "hocr"), (b"<rss/>", None), (b"", None)],
)
def test_a_file_is_told_by_its_content(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind
