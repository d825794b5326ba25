"""How stages reach Elasticsearch: one client that waits while the server is down, slow, full or refusing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from elastic_transport import AsyncTransport, ConnectionTimeout, TlsError
from elastic_transport import ConnectionError as NoConnection
from elasticsearch import ApiError, AsyncElasticsearch

from services.runtime.elasticsearch.outcome import reason_of
from services.runtime.errors import NotAdmitted, NotAllowed, Unavailable
from services.runtime.kafka.connection import trusting, untrusted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator

    from elastic_transport import TransportApiResponse

    from services.runtime.settings import Settings

log = structlog.get_logger(__name__)

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""Too many requests or a block (a full disk also answers 429), and a cluster that is not up."""

UNAUTHORIZED, FORBIDDEN = 401, 403
SECURITY = "security_exception"
SHOWN_CHARACTERS = 300

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0

Answer = TypeVar("Answer")


def connect(settings: Settings) -> AsyncElasticsearch:
    """Return a client; it connects at its first request.

    Each of its requests raises `NotAdmitted` when Elasticsearch does not let us in, or does not allow the request.

    Raises:
        NotAdmitted: BROADSHEET_ELASTICSEARCH_CA is not a file with certificates.
    """
    arguments: dict[str, Any] = {
        "hosts": [settings.elasticsearch_address],
        "request_timeout": 30,
        "transport_class": _transport(settings),
    }
    if settings.elasticsearch_user is not None:
        password = settings.elasticsearch_password
        arguments["basic_auth"] = (settings.elasticsearch_user, password.get_secret_value() if password else "")
    if settings.elasticsearch_ca is not None:
        arguments["ssl_context"] = trusting(settings.elasticsearch_ca, "BROADSHEET_ELASTICSEARCH_CA")
    return AsyncElasticsearch(**arguments)


def _transport(settings: Settings) -> type[AsyncTransport]:
    class Door(AsyncTransport):
        """Says in one line why Elasticsearch does not let us in."""

        async def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:  # type: ignore[override]  # passed on as it is
            try:
                answer = await super().perform_request(method, target, **options)
            except TlsError as error:
                raise _untrusted(settings, error) from error
            refused = not_admitted(settings, answer.meta.status, answer.body)
            if refused is not None:
                raise refused
            return answer

    return Door


def _untrusted(settings: Settings, error: TlsError) -> NotAdmitted:
    cause: BaseException = error
    # After its last try, the client drops the error that it wraps from `errors`; then only the context still has it.
    while deeper := cause.__cause__ or next(iter(getattr(cause, "errors", ())), None) or cause.__context__:
        cause = deeper
    return untrusted("Elasticsearch", settings.elasticsearch_address, "BROADSHEET_ELASTICSEARCH_CA", cause)


def not_admitted(settings: Settings, status: int, body: Any) -> NotAdmitted | None:
    """Return the error for a person if an answer says that Elasticsearch does not let us in; None: it does.

    Args:
        settings: who we are.
        status: the answer's HTTP status.
        body: the answer; a bulk request is answered with 200 even if no document may be written.
    """
    place, user = settings.elasticsearch_address, settings.elasticsearch_user
    if status == UNAUTHORIZED:
        who = f"refuses the password of {user}" if user else "refuses a client without a user"
        return NotAdmitted(
            f"Elasticsearch at {place} {who}: "
            "correct BROADSHEET_ELASTICSEARCH_USER and BROADSHEET_ELASTICSEARCH_PASSWORD."
        )
    for error in _errors(status, body):
        if error.get("type") == SECURITY:
            reason = str(error.get("reason", ""))[:SHOWN_CHARACTERS]
            return NotAllowed(
                f"Elasticsearch at {place} does not allow {user or 'a client without a user'} what this needs "
                f"({reason}): give its role that right, or correct BROADSHEET_ELASTICSEARCH_USER."
            )
    return None


def _errors(status: int, body: Any) -> Iterator[dict[str, Any]]:
    """Yield the errors in an answer: of the request, of documents in a bulk request, of documents asked for by id."""
    if not isinstance(body, dict):
        return
    if status == FORBIDDEN:
        found = [body.get("error")]
    elif body.get("errors") is True:
        found = [result.get("error") for item in body.get("items", ()) for result in item.values()]
    else:
        found = [document.get("error") for document in body.get("docs", ())]
    yield from (error for error in found if isinstance(error, dict))


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


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[AsyncElasticsearch]:
    """Give a client for the length of a command, and close it.

    Raises:
        Unavailable: Elasticsearch does not answer.
    """
    client = connect(settings)
    try:
        yield client
    except Exception as error:
        if is_passing(error):
            raise unreachable(settings, error) from error
        raise
    finally:
        await client.close()


async def create_unless_there(client: AsyncElasticsearch, index: str, **body: Any) -> bool:
    """Create an index with `body` (mappings, settings, aliases); return false if it exists already.

    Raises:
        elasticsearch.ApiError: Elasticsearch refuses.
        elasticsearch.TransportError: Elasticsearch does not answer.
    """
    try:
        await client.indices.create(index=index, **body)
    except ApiError as error:
        if error.error != "resource_already_exists_exception":
            raise
        return False
    return True


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
