"""Names of indices; all begin with a prefix, so that installations can share a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from services.index.mapping import MAPPING_VERSION
from services.runtime.names import Aliases, Kind

__all__ = ["FIRST_SERIAL", "KINDS", "Kind", "Names"]

KINDS: tuple[Kind, ...] = ("articles", "issues", "quarantine")
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
        return f"{self.prefix}{self.kind}-v{MAPPING_VERSION}-{serial}"
