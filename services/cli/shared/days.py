"""Days as people type them on the command line: 2023-08-15, 2023-8-15, 2023年8月15日, or a month or a year."""

from __future__ import annotations

from services.runtime.errors import BroadsheetError
from services.search.query.ranges import RangeError, date_range


def first_day(option: str, text: str | None) -> str | None:
    """Return the first day of what the option says, as YYYY-MM-DD; None for None.

    Raises:
        BroadsheetError: it is not a day, a month or a year.
    """
    return None if text is None else _days(option, text)[0]


def last_day(option: str, text: str | None) -> str | None:
    """Return the last day of what the option says, as YYYY-MM-DD; None for None.

    Raises:
        BroadsheetError: it is not a day, a month or a year.
    """
    return None if text is None else _days(option, text)[1]


def _days(option: str, text: str) -> tuple[str, str]:
    try:
        days = date_range(text)
    except RangeError:
        days = None
    if days is None or days.first is None or days.last is None:
        raise BroadsheetError(f"{option}: {text!r} is not a day; write it as 2023-08-15, or 2023-08 for a month")
    return days.first.isoformat(), days.last.isoformat()


def whole_day(text: str | None) -> str | None:
    """Return the day that `text` means as YYYY-MM-DD; anything else comes back as it is, for ingest to refuse."""
    if text is None:
        return None
    try:
        days = date_range(text)
    except RangeError:
        return text
    return days.first.isoformat() if days.first is not None and days.first == days.last else text
