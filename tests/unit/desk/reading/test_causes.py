"""Who or what made a version, told from the one before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.article import Withdrawal
from schemas.difference import Difference
from schemas.kept_version import KeptVersion
from services.desk.reading.causes import Cause, causes_of
from tests.unit.desk.edition import IDENTITY, TEA_CORRECTIONS, TEA_HEADLINE, VERSION, applied, article, teas

NOON = dt.datetime(2023, 8, 4, 4, tzinfo=dt.UTC)


def version(number: int = 0, **changes: Any) -> KeptVersion:
    """Return the `number`th version after the first."""
    return KeptVersion.of(article(version=VERSION + number, **changes), time=number, caused=NOON)


def gone(number: int, **changes: Any) -> KeptVersion:
    identity = IDENTITY | {"version": VERSION + number, **changes}
    return KeptVersion.of(Withdrawal(article_id=article().article_id, **identity), time=number, caused=NOON)


def test_the_first_version_says_whether_older_ones_were_not_kept() -> None:
    assert causes_of(version(difference=Difference(kind="created")), None) == (Cause("first"),)
    assert causes_of(version(difference=Difference(kind="restated")), None) == (Cause("earliest"),)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (version(2048, revision=4), "revision"),
        (version(1), "pages"),
        (version(0, generation=1, taxonomy_version="2"), "topics"),
        (version(0, generation=1), "release"),
        (gone(2048, revision=4), "revision"),
        (gone(1), "pages"),
        (gone(0, generation=1), "topics"),
    ],
)
def test_what_changed_beside_the_text_says_what_made_a_version(after: KeptVersion, kind: str) -> None:
    assert causes_of(after, version()) == (Cause(kind),)  # type: ignore[arg-type]  # a cause's kind


def test_an_editors_correction_is_named_and_so_is_taking_it_back() -> None:
    before = version()
    corrected = version(1, corrections=(TEA_HEADLINE,))
    assert causes_of(corrected, before) == (Cause("correction", TEA_HEADLINE),)
    taken = TEA_HEADLINE.model_copy(update={"state": "taken_back", "taken_back_by": "吴启明"})
    assert causes_of(version(2, corrections=(taken,)), corrected) == (Cause("taken_back", taken),)


def test_a_correction_that_another_one_replaces_is_not_made_again() -> None:
    """Only its state changed: the later correction made this version."""
    first = applied(1, TEA_CORRECTIONS[0].change)
    replaced = first.model_copy(update={"state": "superseded"})
    before, after = version(1, corrections=(first,)), version(2, corrections=(replaced, TEA_HEADLINE))
    assert causes_of(after, before) == (Cause("correction", TEA_HEADLINE),)


def test_a_new_revision_that_also_brings_a_correction_names_both() -> None:
    after = version(2048, revision=4, corrections=(TEA_HEADLINE,))
    assert causes_of(after, version()) == (Cause("revision"), Cause("correction", TEA_HEADLINE))


def test_an_article_that_comes_back_says_so() -> None:
    assert causes_of(version(4096, revision=5), gone(2048, revision=4)) == (Cause("returned"), Cause("revision"))


def test_every_correction_of_an_article_can_be_told() -> None:
    kept = KeptVersion.of(teas(version=VERSION + 1), time=1, caused=NOON)
    found = causes_of(kept, KeptVersion.of(teas(corrections=()), time=0, caused=NOON))
    assert [cause.correction for cause in found] == list(TEA_CORRECTIONS)
