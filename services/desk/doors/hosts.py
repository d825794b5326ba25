"""The hosts for which the desk answers.

Another site can make its own name resolve to this machine (DNS rebinding), so that a browser takes the desk for a part
of that site. Such a request names the other site in Host, and the desk refuses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
EVERY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104  # compared, never listened on
NAME_AND_PORT: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")


def allowed_hosts(listens_on: str, named: Iterable[str]) -> frozenset[str]:
    """Return the hosts to answer for: loopback names, the address to listen on, and the `named` hosts.

    It leaves out an address that means all of a machine's addresses.
    """
    own = () if listens_on in EVERY_ADDRESS else (f"[{listens_on}]" if ":" in listens_on else listens_on,)
    return frozenset(name.lower().rstrip(".") for name in (*LOOPBACK, *own, *named))


def host_in(header: str) -> str:
    """Return the host of a Host header in lower case, without port or last dot; empty if the header is malformed."""
    found = NAME_AND_PORT.fullmatch(header.strip().lower())
    return found[1].rstrip(".") if found else ""
