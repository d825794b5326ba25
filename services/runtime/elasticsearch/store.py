"""How stages reach Elasticsearch: one client that waits while the server is down, slow, full or refusing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, TlsError
from elasticsearch import ApiError, AsyncElasticsearch

from services.runtime.elasticsearch.outcome import reason_of
from services.runtime.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""Too many requests or a block (a full disk also answers 429), and a cluster that is not up."""

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0

Answer = TypeVar("Answer")


def connect(settings: Settings) -> AsyncElasticsearch:
    """Return a client; it connects at its first request."""
    arguments: dict[str, Any] = {"hosts": [settings.elasticsearch_address], "request_timeout": 30}
    if settings.elasticsearch_user is not None:
        password = settings.elasticsearch_password
        arguments["basic_auth"] = (settings.elasticsearch_user, password.get_secret_value() if password else "")
    if settings.elasticsearch_ca is not None:
        arguments["ca_certs"] = str(settings.elasticsearch_ca)
    return AsyncElasticsearch(**arguments)


def is_passing(error: BaseException) -> bool:
    """Return whether the same request may succeed later."""
    if isinstance(error, ApiError):
        return error.meta.status in RETRIED_STATUSES
    return isinstance(error, NoConnection | ConnectionTimeout) and not isinstance(error, TlsError)


def unreachable(settings: Settings, error: BaseException) -> Unavailable:
    """Return the error for a person when Elasticsearch does not answer."""
    return Unavailable(
        f"Elasticsearch does not answer at {settings.elasticsearch_address} ({type(error).__name__}).\n"
        "Start it with `broadsheet run`, or set BROADSHEET_ELASTICSEARCH to where it is."
    )


async def patiently(
    request: Callable[[], Awaitable[Answer]],
    pause: Callable[[float], Awaitable[None]],
    *,
    answered: Collection[int] = (),
) -> Answer:
    """Return the answer to `request`; repeat the request while the server is down or refuses for now.

    Args:
        request: makes a new request at each call.
        pause: waits that many seconds, or raises `Abandoned` (see `Delivery.pause`).
        answered: HTTP statuses that the caller handles itself, although they may pass.

    Raises:
        Abandoned: from `pause`.
        elasticsearch.ApiError: waiting will not change the answer, or its status is in `answered`.
    """
    seconds = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await request()
        except Exception as error:
            if not is_passing(error) or (isinstance(error, ApiError) and error.meta.status in answered):
                raise
            log.warning("waiting for Elasticsearch", reason=reason_of(error), seconds=seconds)
            await pause(seconds)
            seconds = min(seconds * 2, LONGEST_PAUSE_SECONDS)
