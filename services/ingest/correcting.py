"""Is it a correction? From a record of `corrections` to what an editor wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.contract import ContractError, decode
from schemas.correction import Correction
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from services.runtime.messages.records import Record


def read_correction(record: Record) -> Correction:
    """Return the correction that `record` holds.

    Raises:
        Rejected: it is none, or its key names another issue; the text says which field and what to do.
    """
    if not record.value:
        raise Rejected("empty value: send a correction as JSON; what was sent before is undone by a take_back")
    try:
        correction = decode(Correction, record.value)
    except ContractError as error:
        raise Rejected(str(error)) from None
    if record.key and record.key != correction.issue_id.encode():
        shown = record.key.decode("utf-8", "replace")
        raise Rejected(f"key {shown!r} disagrees with article_id, which is of {correction.issue_id!r}; correct one")
    return correction
