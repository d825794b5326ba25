"""Names of indices and templates, made from one prefix so that installations can share a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from services.index.mapping import MAPPING_VERSION
from services.runtime.names import Aliases, Kind

__all__ = ["FIRST_SERIAL", "KINDS", "Kind", "Names"]

KINDS: tuple[Kind, ...] = ("articles", "issues", "quarantine")
FIRST_SERIAL = "000001"


@dataclass(frozen=True, slots=True)
class Names(Aliases):
    """The names that belong to one kind of document under one prefix, such as `` or `staging-`."""

    @property
    def template(self) -> str:
        """The index template."""
        return f"{self.prefix}{self.kind}"

    @property
    def pattern(self) -> str:
        """Every index of this kind, of this mapping's version."""
        return f"{self.prefix}{self.kind}-v{MAPPING_VERSION}-*"

    @property
    def every_version(self) -> str:
        """Every index of this kind, of any version."""
        return f"{self.prefix}{self.kind}-v*"

    def index(self, serial: str = FIRST_SERIAL) -> str:
        """Return the name of a physical index: the version of the mapping, then a date or serial number."""
        return f"{self.prefix}{self.kind}-v{MAPPING_VERSION}-{serial}"
