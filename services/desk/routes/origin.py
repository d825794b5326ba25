"""Whether a request that would change something comes from the desk's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS: Final = ("same-origin", "none")
"""Of Sec-Fetch-Site: our own page, or the person's own doing (a reload); both are no other site's."""


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Tell whether another site's page made the browser send this request.

    Sec-Fetch-Site says so where the browser knows it; else Origin's host must be the one asked for. Its scheme is not
    compared, since a proxy may end TLS. A program that is no browser sends neither. This is the algorithm of Go's
    net/http CrossOriginProtection (https://words.filippo.io/csrf/).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in OURS
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
