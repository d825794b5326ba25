"""How clients connect to Kafka, and why they cannot."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)

from services.runtime.errors import NotAdmitted, NotAllowed, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.settings import Settings

KNOCK_SECONDS: Final = 5.0
"""How long Kafka may take to let us in when we only want to know whether it would."""

EXPIRED: Final = 10
"""OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED: another authority would not help."""

WRONG_PASSWORD: Final = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
WRONG_RIGHT: Final = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)


def connection(settings: Settings) -> dict[str, Any]:
    """Return the keyword arguments for every aiokafka client: the address, and TLS and SCRAM if they are set.

    Raises:
        NotAdmitted: BROADSHEET_KAFKA_CA is not a file with certificates.
    """
    arguments: dict[str, Any] = {"bootstrap_servers": settings.kafka_address}
    if settings.kafka_ca is not None:
        arguments["ssl_context"] = trusting(settings.kafka_ca, "BROADSHEET_KAFKA_CA")
    if settings.kafka_user is not None:
        password = settings.kafka_password
        arguments |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.kafka_user,
            "sasl_plain_password": password.get_secret_value() if password else "",
        }
    tls, sasl = settings.kafka_ca is not None, settings.kafka_user is not None
    arguments["security_protocol"] = {
        (False, False): "PLAINTEXT",
        (True, False): "SSL",
        (False, True): "SASL_PLAINTEXT",
        (True, True): "SASL_SSL",
    }[tls, sasl]
    return arguments


def trusting(authority: Path, setting: str) -> ssl.SSLContext:
    """Return a TLS context that trusts only the authority in this PEM file.

    Raises:
        NotAdmitted: the file cannot be read, or holds no certificate; the text names the setting.
    """
    try:
        return ssl.create_default_context(cafile=str(authority))
    except OSError as error:
        reason = error.strerror if error.filename or error.errno else str(error)
        raise NotAdmitted(f"{setting}: {authority} is not a PEM file of certificates ({reason}).") from None


def untrusted(server: str, place: str, setting: str, error: BaseException) -> NotAdmitted:
    """Return the error for a person when TLS does not trust a server's certificate.

    Args:
        server: Kafka or Elasticsearch.
        place: its address.
        setting: the variable that names the authority.
        error: what OpenSSL says; an `ssl.SSLCertVerificationError` says it best.
    """
    if getattr(error, "verify_code", None) == EXPIRED:
        return NotAdmitted(f"{server}'s certificate at {place} has expired: renew it at the server.")
    reason = getattr(error, "verify_message", None) or getattr(error, "reason", None) or str(error)
    return NotAdmitted(
        f"{server}'s certificate at {place} is not trusted ({reason}): "
        f"{setting} must name the authority that signed it."
    )


async def knock(settings: Settings) -> None:
    """Connect to Kafka once and sign in, because aiokafka's clients do not tell why they cannot.

    Raises:
        NotAdmitted: Kafka refuses the password, or its certificate is not trusted.
        KafkaError, OSError, TimeoutError: Kafka does not answer.
    """
    arguments = connection(settings)
    failure: BaseException | None = None
    for host, port, _ in collect_hosts(arguments.pop("bootstrap_servers")):
        try:
            async with asyncio.timeout(KNOCK_SECONDS):
                door = await create_conn(host, port, **arguments)
        except (KafkaError, OSError, TimeoutError) as error:
            failure = error
        else:
            door.close()
            return
    if failure is not None:
        raise not_admitted(settings, failure) or failure


def not_admitted(settings: Settings, error: BaseException) -> NotAdmitted | None:
    """Return the error for a person if `error` says that Kafka does not let us in; None: it says something else."""
    place, user = settings.kafka_address, settings.kafka_user
    if isinstance(error, ssl.SSLCertVerificationError):
        return untrusted("Kafka", place, "BROADSHEET_KAFKA_CA", error)
    if isinstance(error, ssl.SSLError):
        return NotAdmitted(f"Kafka at {place} does not speak TLS as we do ({error.reason}): see BROADSHEET_KAFKA_CA.")
    if isinstance(error, WRONG_PASSWORD):
        return NotAdmitted(
            f"Kafka at {place} refuses the password of {user}: "
            "correct BROADSHEET_KAFKA_USER and BROADSHEET_KAFKA_PASSWORD."
        )
    if isinstance(error, WRONG_RIGHT):
        what = " ".join(str(part) for part in error.args if part) or type(error).__name__
        return NotAllowed(
            f"Kafka at {place} does not allow {user or 'a client without a user'} what this needs ({what}): "
            "give the user that right, or correct BROADSHEET_KAFKA_USER."
        )
    return None


async def unreachable(settings: Settings, error: BaseException) -> Unavailable:
    """Return the error for a person when a request to Kafka failed: knock again to find out why.

    Returns:
        `NotAdmitted` if Kafka does not let us in or does not allow the request; else Kafka does not answer.
    """
    known = error if isinstance(error, NotAdmitted) else not_admitted(settings, error)
    if known is not None:
        return known
    try:
        await knock(settings)
    except NotAdmitted as refused:
        return refused
    except (KafkaError, OSError, TimeoutError):
        pass  # it does not answer, as the first error says
    return Unavailable(
        f"Kafka does not answer at {settings.kafka_address} ({type(error).__name__}).\n"
        "Start it with `broadsheet run`, or set BROADSHEET_KAFKA to where it is."
    )
