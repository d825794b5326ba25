"""The record of an issue comes back from the index as segment sent it."""

from __future__ import annotations

from schemas.correction import KindChange
from services.desk.archive.records import read_record
from services.index.document import document
from tests.unit.desk.edition import applied, record


def test_a_record_is_read_as_it_was_sent() -> None:
    homeless = applied(1, KindChange(change="kind", kind="brief"))
    for sent in (record(), record(furniture=()), record(corrections=(homeless,))):
        assert read_record(document(sent)) == sent


def test_a_record_of_an_older_release_is_read_with_what_it_counted() -> None:
    """Counts that it did not know are nought."""
    older = {name: value for name, value in document(record()).items() if name != "damaged_text"}
    assert read_record(older) == record()
