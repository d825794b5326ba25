"""Days as people type them."""

from __future__ import annotations

import pytest

from services.cli.shared.days import first_day, last_day, whole_day
from services.runtime.errors import BroadsheetError


@pytest.mark.parametrize("text", ["2023-08-15", "2023-8-15", "2023/8/15", "2023年8月15日"])
def test_a_day_may_be_written_without_noughts(text: str) -> None:
    assert first_day("--since", text) == last_day("--until", text) == whole_day(text) == "2023-08-15"


def test_a_month_or_year_stands_for_its_first_or_last_day() -> None:
    assert (first_day("--since", "2023-8"), last_day("--until", "2024-2")) == ("2023-08-01", "2024-02-29")
    assert (first_day("--since", "2023"), last_day("--until", "2023")) == ("2023-01-01", "2023-12-31")


def test_an_option_that_is_not_given_is_no_day() -> None:
    assert first_day("--since", None) is None
    assert whole_day(None) is None


@pytest.mark.parametrize("text", ["yesterday", "2023-13-01", "2023-02-30", "", ">=2023"])
def test_anything_else_is_refused_with_the_option_and_the_remedy(text: str) -> None:
    with pytest.raises(BroadsheetError, match=r"--since: .*write it as 2023-08-15"):
        first_day("--since", text)


def test_a_date_for_publishing_that_is_no_day_is_left_to_ingest() -> None:
    assert [whole_day(text) for text in ("2023-08", "soon")] == ["2023-08", "soon"]
