"""Check that a request to change something comes from the desk's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS: Final = ("same-origin", "none")
"""Values of Sec-Fetch-Site for our own page, and for the user's own action (a reload)."""


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Return whether another site's page made the browser send this request.

    Sec-Fetch-Site says so in browsers that send it. Otherwise the host in Origin must be the requested host. The scheme
    is not compared, because a proxy may end TLS. A program sends neither header. This is the algorithm of Go's
    net/http CrossOriginProtection (https://words.filippo.io/csrf/).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in OURS
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
