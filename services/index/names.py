"""Names of indices; all begin with a prefix, so that installations can share a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.index.mapping import VERSIONS
from services.runtime.names import Aliases, Kind

__all__ = ["FIRST_SERIAL", "KEPT", "KINDS", "REBUILT", "Kind", "Names"]

REBUILT: Final[tuple[Kind, ...]] = ("articles", "issues", "quarantine")
"""The kinds that a rebuild fills anew from their topics."""
KEPT: Final[tuple[Kind, ...]] = ("history",)
"""The kinds that hold what topics forget: nothing deletes them, and a rebuild only adds to them."""
KINDS: Final[tuple[Kind, ...]] = (*REBUILT, *KEPT)
FIRST_SERIAL = "000001"


@dataclass(frozen=True, slots=True)
class Names(Aliases):
    """The names for one kind of document under a prefix, such as `` or `staging-`."""

    @property
    def every_version(self) -> str:
        """The pattern for every index of this kind with any version."""
        return f"{self.prefix}{self.kind}-v*"

    def index(self, serial: str = FIRST_SERIAL) -> str:
        """Return the name of a physical index: the version of the mapping, then a date or serial number."""
        return f"{self.prefix}{self.kind}-v{VERSIONS[self.kind]}-{serial}"
