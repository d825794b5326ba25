"""What a program posts becomes the record that `broadsheet publish` would send, or is refused with the same words."""

from __future__ import annotations

import json

import pytest

from services.arrivals.reading import read_arrival
from services.desk.publishing.submission import JSON, TEXT, submission
from services.runtime.errors import Rejected

NOW = 1_755_000_000_000
TOPIC = "issues.raw"
ISSUE = {"paper": "渔港日报", "date": "2023-08-04", "pages": [{"page": 1, "text": "渔港昨日开渔。"}]}
GIVEN = {"paper": "渔港日报", "date": "2023-08-04", "page": "A1"}
ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="100" HEIGHT="200"><PrintSpace>
<TextBlock><TextLine HPOS="10" VPOS="20" WIDTH="70" HEIGHT="8"><String CONTENT="渔港昨日开渔。"/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>"""


def test_json_is_sent_as_it_came() -> None:
    """Byte for byte."""
    body = json.dumps(ISSUE).encode()
    made = submission(body, JSON, {}, TOPIC, NOW)
    assert (made.record.value, made.record.timestamp) == (body, NOW)
    assert (made.arrival.issue_id, made.arrival.revision) == ("渔港日报/2023-08-04", NOW)


def test_a_text_takes_its_fields_from_the_address() -> None:
    """They become the headers of the record, which ingest reads again."""
    made = submission("渔港昨日开渔。".encode("gb18030"), TEXT, {**GIVEN, "revision": "3"}, TOPIC, NOW)
    assert read_arrival(made.record) == made.arrival
    assert (str(made.arrival.pages[0].page), made.arrival.pages[0].text) == ("A1", "渔港昨日开渔。")
    assert made.arrival.revision == 3


def test_alto_keeps_the_place_of_each_line() -> None:
    """As publishing the file does."""
    made = submission(ALTO.encode(), "application/xml", {**GIVEN, "complete": "true"}, TOPIC, NOW)
    (page,) = made.arrival.pages
    assert (str(page.page), page.text.strip()) == ("A1", "渔港昨日开渔。")
    assert page.geometry is not None
    assert made.arrival.complete


@pytest.mark.parametrize(
    ("body", "kind", "given", "said"),
    [
        (b"{}", JSON, {}, "paper: missing"),
        (b"{}", JSON, {"paper": "x"}, "JSON has all its fields in the body"),
        (b"", TEXT, GIVEN, "empty value"),
        ("渔".encode(), TEXT, {"paper": "渔港日报"}, "date: missing"),
        ("渔".encode(), TEXT, {**GIVEN, "pape": "x"}, "pape: no such parameter"),
        (b"<html>", "application/xml", GIVEN, "not well-formed"),
        (ALTO.encode(), "text/xml", {"date": "2023-08-04"}, "paper: missing"),
        (("渔港\n" * 5001).encode(), TEXT, GIVEN, "the most is 5,000"),
    ],
)
def test_what_is_no_issue_is_refused_by_its_field(body: bytes, kind: str, given: dict[str, str], said: str) -> None:
    """The limits are those of ingest."""
    with pytest.raises(Rejected, match=said):
        submission(body, kind, given, TOPIC, NOW)


def test_two_submissions_have_one_digest_only_if_they_are_the_same() -> None:
    """The time does not count, the parameters do."""
    made = [submission("渔港".encode(), TEXT, {**GIVEN, "page": page}, TOPIC, now) for page, now in
            (("1", NOW), ("1", NOW + 5), ("2", NOW))]  # fmt: skip
    assert made[0].digest == made[1].digest != made[2].digest
