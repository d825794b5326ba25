"""`broadsheet deliver`: send what changes to those who subscribed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from services.cli.shared.console import out
from services.cli.shared.stopping import run_until_told
from services.outlets.following import deliver
from services.outlets.subscriptions import read_subscriptions
from services.runtime.errors import BroadsheetError
from services.runtime.logs import configure_logging

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.settings import Settings


def deliver_to(settings: Settings, file: Path, *, check: bool) -> None:
    """Deliver to the subscriptions in a file until stopped, or only check the file.

    Raises:
        BroadsheetError: the file cannot be read, or is not valid.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BroadsheetError(f"{file}: cannot be read: {error}") from None
    found = read_subscriptions(text, str(file), os.environ)
    if check:
        for one in found.subscriptions:
            what = "what a search finds" if one.search() else "every article"
            out.print(f"{one.name}: {what}, as {one.sent_as} to {one.to}", markup=False, soft_wrap=True)
        return
    configure_logging(settings, "deliver")
    run_until_told(deliver(settings, found))
