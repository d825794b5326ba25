"""Read an editor's correction from a record of `corrections`."""

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
        Rejected: the record holds no correction, or its key names another issue. The text names the field and
            the remedy.
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
