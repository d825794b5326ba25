"""Reading: what is an issue, and what every kind of bad input is told."""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.issue import Page
from services.arrivals.limits import MAX_PAGE_BYTES, MAX_PAGE_LINES
from services.arrivals.reading import read_arrival
from services.runtime.errors import Rejected
from services.runtime.messages.records import Record
from tests.unit.ingest.records import TIMESTAMP, json_record, page_record, text_record

LINE = "渔港开渔"


def test_plain_text_with_headers_is_an_arrival() -> None:
    arrival = read_arrival(page_record(LINE, revision="3", complete="true", date_assumed="yes"))
    assert (arrival.paper, arrival.date, arrival.revision) == ("渔港日报", dt.date(2023, 8, 4), 3)
    assert (arrival.complete, arrival.date_assumed, arrival.withdrawn) == (True, True, False)
    assert arrival.pages == (Page(page=1, revision=3, text=LINE),)
    assert arrival.issue_id == "渔港日报/2023-08-04"


def test_json_is_an_arrival_with_its_pages_in_order() -> None:
    arrival = read_arrival(json_record(pages=[{"page": 4, "text": "四"}, {"page": 1, "text": "一"}], revision=9))
    assert [(page.page, page.revision, page.text) for page in arrival.pages] == [(1, 9, "一"), (4, 9, "四")]


def test_without_a_revision_the_timestamp_counts() -> None:
    assert read_arrival(page_record(LINE)).revision == TIMESTAMP
    assert read_arrival(json_record()).revision == TIMESTAMP


def test_a_key_can_stand_for_the_headers_paper_and_date() -> None:
    arrival = read_arrival(text_record(LINE, key="渔港日报/2023-08-04".encode(), page="2"))
    assert arrival.issue_id == "渔港日报/2023-08-04"


def test_form_feeds_separate_the_pages_that_a_header_lists() -> None:
    record = text_record("一\f二\f五\f", paper="渔港日报", date="2023-08-04", pages="1-2, 5")
    assert [(page.page, page.text) for page in read_arrival(record).pages] == [(1, "一"), (2, "二"), (5, "五")]


@pytest.mark.parametrize(
    ("record", "pages"),
    [
        (page_record(LINE, page="A01"), ["A1"]),
        (page_record(LINE, page="1", section="b"), ["B1"]),
        (text_record("一\f二\f三", paper="渔港日报", date="2023-08-04", pages="A1-A2,b3"), ["A1", "A2", "B3"]),
        (
            json_record(pages=[{"page": "B01", "text": LINE}, {"page": "A2", "text": LINE}, {"page": 9, "text": LINE}]),
            ["9", "A2", "B1"],
        ),
        (json_record(pages=[{"page": 1, "section": "T", "text": LINE}]), ["T1"]),
    ],
)
def test_a_page_is_known_by_its_section_and_number(record: Record, pages: list[str]) -> None:
    """A01 and B01 of one issue are two pages, however they are named."""
    assert [str(page.page) for page in read_arrival(record).pages] == pages


def test_pages_of_two_sections_are_no_range() -> None:
    """A1-B2 says nothing about how many pages section A has."""
    with pytest.raises(Rejected, match="goes from one section to another"):
        read_arrival(text_record("一\f二", paper="渔港日报", date="2023-08-04", pages="A1-B2"))


def test_each_page_keeps_the_encoding_it_came_in() -> None:
    arrival = read_arrival(page_record("渔港昨日开渔，渔船出海".encode("gb18030")))
    assert arrival.pages[0].encoding == "gb18030"


def test_a_withdrawal_takes_no_pages() -> None:
    arrival = read_arrival(json_record(pages=None, withdrawn=True, revision=5))
    assert (arrival.withdrawn, arrival.pages) == (True, ())


def test_a_content_type_says_that_a_value_which_begins_with_a_brace_is_text() -> None:
    record = page_record("{图为渔港}", **{"content-type": "text/plain; charset=utf-8"})
    assert read_arrival(record).pages[0].text == "{图为渔港}"


def test_a_byte_order_mark_is_no_hindrance_in_json() -> None:
    record = json_record()
    marked = Record(record.topic, 0, 7, TIMESTAMP, None, b"\xef\xbb\xbf" + (record.value or b""))
    assert read_arrival(marked).paper == "渔港日报"


def test_one_line_of_half_a_megabyte_is_a_page() -> None:
    line = "渔" * (MAX_PAGE_BYTES // 3)
    assert read_arrival(page_record(line)).pages[0].text == line


def test_mixed_line_ends_in_json_become_line_feeds() -> None:
    assert read_arrival(json_record(pages=[{"page": 1, "text": "一\r\n二\r三"}])).pages[0].text == "一\n二\n三"


def raw_json(value: bytes) -> Record:
    return Record("issues.raw", 0, 7, TIMESTAMP, None, value)


BAD_TEXT = {
    "an empty value": (page_record(b""), "empty value"),
    "no value": (page_record(None), "empty value"),
    "no known encoding": (page_record(b"\xff\xff\x00\x01\xff"), "not text in UTF-8, GB18030 or Big5"),
    "binary junk": (page_record(bytes(range(1, 9)) * 9), "binary: 72 of 72 characters"),
    "blank lines only": (page_record(" \n\n　\t\n"), "page 1: nothing but blank lines"),
    "a page of 50 MB": (page_record(b"x" * 50 * 1024 * 1024), "the value has 50.0 MB, the most is 9.0 MB"),
    "a page just too long": (page_record(b"x" * (MAX_PAGE_BYTES + 1)), "page 1: 0.5 MB of text"),
    "a page of blank lines": (page_record("渔" + "\n" * 50_001), "page 1: 50,001 line feeds, the most is 50,000"),
    "a page of line feeds": (page_record("渔" + "\n" * (MAX_PAGE_BYTES // 2)), "page 1: 0.5 MB of text"),
    "a page of short lines": (page_record("渔\n" * (MAX_PAGE_LINES + 1)), "page 1: 5,001 lines with text"),
    "page number 0": (page_record(LINE, page="0"), "header page: '0' is not a page; give a number from 1 to 999"),
    "page number 1000": (page_record(LINE, page="1000"), "header page: '1000' is not a page"),
    "a page that is no number": (page_record(LINE, page="一"), "header page: '一' is not a page; .* such as A1"),
    "no page": (text_record(LINE, paper="渔港日报", date="2023-08-04"), "header page: missing"),
    "no paper": (text_record(LINE, date="2023-08-04", page="1"), "header paper: missing"),
    "no date": (text_record(LINE, paper="渔港日报", page="1"), "header date: missing"),
    "a slash in the paper": (page_record(LINE, paper="渔港/日报"), "header paper: "),
    "a date that does not exist": (page_record(LINE, date="2023-02-30"), "header date: .*got '2023-02-30'"),
    "a date in another form": (page_record(LINE, date="04/08/2023"), "header date: "),
    "both page and pages": (page_record(LINE, pages="1-2"), "headers page and pages: give one"),
    "a page twice": (
        text_record("一\f二", paper="渔港日报", date="2023-08-04", pages="1,1"),
        "page 1 is given twice",
    ),
    "another number of pages": (
        text_record("一\f二", paper="渔港日报", date="2023-08-04", pages="1-3"),
        "header pages names 3 pages, but form feeds separate 2",
    ),
    "no list of pages": (
        text_record("一", paper="渔港日报", date="2023-08-04", pages="all"),
        "header pages: 'all' is not a list",
    ),
    "too many pages": (
        text_record("一", paper="渔港日报", date="2023-08-04", pages="1-500,A1-A500"),
        "more than 999 pages",
    ),
    "a revision below zero": (page_record(LINE, revision="-1"), "header revision: '-1' is not a whole number"),
    "a revision out of range": (page_record(LINE, revision=str(2**42)), "header revision: .*less than or equal"),
    "a flag that is neither": (page_record(LINE, complete="maybe"), "header complete: 'maybe' is neither"),
    "a key of another issue": (
        text_record(LINE, key=b"other/2023-08-04", paper="渔港日报", date="2023-08-04", page="1"),
        "key 'other/2023-08-04' disagrees with the value",
    ),
}

BAD_JSON = {
    "not JSON": (raw_json(b'{"paper": '), "not valid JSON"),
    "not an object": (Record("t", 0, 7, 0, None, b"[]", (("content-type", b"application/json"),)), "message: "),
    "a missing field": (json_record(paper=None), "paper: missing; add this field"),
    "an unknown field": (json_record(papre="x"), "papre: unknown field; remove it or correct its spelling"),
    "an unknown field of a page": (json_record(pages=[{"page": 1, "text": LINE, "titel": ""}]), r"pages\.0\.titel"),
    "a wrong type": (json_record(pages=[{"page": 1.5, "text": LINE}]), r"pages\.0\.page: .*integer, got 1.5"),
    "an empty paper": (json_record(paper="  "), "paper: "),
    "a long paper": (json_record(paper="报" * 61), "paper: "),
    "page number 0": (json_record(pages=[{"page": 0, "text": LINE}]), r"pages\.0\.page: .*equal to 1, got 0"),
    "no page number": (json_record(pages=[{"text": LINE}]), r"pages\.0\.page: missing"),
    "a page twice": (json_record(pages=[{"page": 2, "text": LINE}] * 2), "page 2 is given twice"),
    "no pages": (json_record(pages=[]), "pages is empty"),
    "a withdrawal with pages": (json_record(withdrawn=True), "a withdrawal takes no pages"),
    "a date that does not exist": (json_record(date="2023-02-30"), "date: .*got '2023-02-30'"),
    "only blank lines": (json_record(pages=[{"page": 1, "text": " \n　"}]), "page 1: nothing but blank lines"),
    "binary junk": (json_record(pages=[{"page": 1, "text": "\x00\x01" * 50}]), "page 1: binary: 100 of 100"),
    "a lone surrogate": (json_record(pages=[{"page": 1, "text": "渔\ud83d港"}]), "not valid JSON: .*surrogate"),
    "GB18030": (raw_json('{"paper": "渔港日报"}'.encode("gb18030")), "not valid JSON"),
    "a page too long": (json_record(pages=[{"page": 1, "text": "渔" * 1_500_000}]), "page 1: 4.3 MB of text"),
    "a timestamp before 1970": (
        Record("t", 0, 7, -1, None, json_record().value),
        "revision: the record's timestamp -1 is out of range",
    ),
    "a key of another issue": (json_record(key="渔港日报/2023-08-05".encode()), "disagrees with the value"),
    "a key that is no text": (json_record(key=b"\xff\xfe"), "disagrees with the value"),
}


@pytest.mark.parametrize(("record", "said"), BAD_TEXT.values(), ids=BAD_TEXT)
def test_bad_plain_text_is_refused_in_words(record: Record, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        read_arrival(record)


@pytest.mark.parametrize(("record", "said"), BAD_JSON.values(), ids=BAD_JSON)
def test_bad_json_is_refused_in_words(record: Record, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        read_arrival(record)


def test_a_long_wrong_value_is_shortened_in_the_message() -> None:
    with pytest.raises(Rejected) as refused:
        read_arrival(json_record(date="2023-08-04" * 500))
    assert len(str(refused.value)) < 300
