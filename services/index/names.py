"""Names of indices, aliases and templates, made from one prefix so that installations can share a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.index.mapping import MAPPING_VERSION

Kind = Literal["articles", "issues", "quarantine"]
KINDS: tuple[Kind, ...] = ("articles", "issues", "quarantine")
FIRST_SERIAL = "000001"


@dataclass(frozen=True, slots=True)
class Names:
    """The names that belong to one kind of document under one prefix, such as `` or `staging-`."""

    prefix: str
    kind: Kind

    @property
    def read(self) -> str:
        """The alias to search: articles without the withdrawn, and what is in quarantine still."""
        return f"{self.prefix}{self.kind}"

    @property
    def write(self) -> str:
        """The alias to write to and to get documents by id from: one index, withdrawn articles included."""
        return f"{self.prefix}{self.kind}-write"

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
