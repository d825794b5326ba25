"""How clients connect to Kafka."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from services.runtime.errors import Unavailable

if TYPE_CHECKING:
    from services.runtime.settings import Settings


def connection(settings: Settings) -> dict[str, Any]:
    """Return the keyword arguments for every aiokafka client: the address, and TLS and SCRAM if they are set."""
    arguments: dict[str, Any] = {"bootstrap_servers": settings.kafka_address}
    if settings.kafka_ca is not None:
        arguments["ssl_context"] = ssl.create_default_context(cafile=str(settings.kafka_ca))
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


def unreachable(settings: Settings, error: BaseException) -> Unavailable:
    """Return the error for a person when Kafka does not answer."""
    return Unavailable(
        f"Kafka does not answer at {settings.kafka_address} ({type(error).__name__}).\n"
        "Start it with `broadsheet run`, or set BROADSHEET_KAFKA to where it is."
    )
