"""How often a client may ask: a token bucket for each client, in bounded memory."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from typing import Final

MOST_CLIENTS: Final = 10_000
MINUTE: Final = 60.0
IPV6_NETWORK: Final = 64
"""The number of leading bits of an IPv6 address that identify a provider's customer."""
LONGEST_NAME: Final = 64


class Rate:
    """Limits each client's requests per minute, whether they come all at once or spread out.

    Args:
        per_minute: how many requests; 0 means any number.
        most_clients: how many clients to remember; the client that has been silent longest is forgotten first.
    """

    def __init__(self, per_minute: int, most_clients: int = MOST_CLIENTS) -> None:
        self._most = float(per_minute)
        self._most_clients = most_clients
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, now: float) -> int:
        """Count a request at `now` (seconds of a steady clock); return the seconds to wait, 0 if it is granted.

        A request that is not granted does not count.
        """
        if not self._most:
            return 0
        left, before = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - before) * self._most / MINUTE)
        granted = left >= 1
        self._left[client] = (left - 1 if granted else left, now)
        if len(self._left) > self._most_clients:
            self._left.popitem(last=False)
        return 0 if granted else math.ceil((1 - left) * MINUTE / self._most)

    def __len__(self) -> int:
        """Return the number of remembered clients."""
        return len(self._left)


def client_of(address: str) -> str:
    """Return the client of an address: the address itself, or the network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:LONGEST_NAME]
    if parsed.version == 6:  # noqa: PLR2004  # the protocol's name
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, IPV6_NETWORK), strict=False))
    return str(parsed)
