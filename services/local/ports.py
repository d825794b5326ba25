"""The servers' ports on 127.0.0.1."""

import random
import socket
from dataclasses import dataclass
from typing import Self

from services.local.errors import PortTaken

HOST = "127.0.0.1"
KAFKA = 19092
CONTROLLER = 19093
ELASTICSEARCH = 19200
KAFKA_SETTING = "BROADSHEET_LOCAL_KAFKA_PORT"
ELASTICSEARCH_SETTING = "BROADSHEET_LOCAL_ELASTICSEARCH_PORT"
LASTING = range(20_000, 32_768)
"""Linux gives outgoing connections the ports from 32768 (net.ipv4.ip_local_port_range), so that nobody takes a port
below while its server restarts."""
TRIES = 100
_given: set[int] = set()
"""What was given as a free port, so that a server that starts later does not find its port given twice."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one run; only Kafka itself uses the controller's port."""

    kafka: int
    controller: int
    elasticsearch: int


def choose(kafka: int | None, elasticsearch: int | None) -> Ports:
    """Choose the ports: None means the default port, 0 means any free port.

    Raises:
        PortTaken: another program listens on the chosen port.
    """
    with _Holder() as holder:
        kafka_port = holder.hold(KAFKA if kafka is None else kafka)
        if not kafka_port:
            raise PortTaken("Kafka", KAFKA if kafka is None else kafka, KAFKA_SETTING)
        elasticsearch_port = holder.hold(ELASTICSEARCH if elasticsearch is None else elasticsearch)
        if not elasticsearch_port:
            wanted = ELASTICSEARCH if elasticsearch is None else elasticsearch
            raise PortTaken("Elasticsearch", wanted, ELASTICSEARCH_SETTING)
        controller_port = (holder.hold(CONTROLLER) if kafka is None else 0) or holder.hold(0)
        return Ports(kafka_port, controller_port, elasticsearch_port)


def free(preferred: int) -> int:
    """Return `preferred` if nothing listens on it, or else any free port."""
    with _Holder() as holder:
        return holder.hold(preferred) or holder.hold(0)


class _Holder:
    """Listens on chosen ports until all are chosen, so that no two are the same."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def hold(self, port: int) -> int:
        """Bind a port (0: any free port) and return it; return 0 if it is taken."""
        if not port:
            candidates = [one for one in random.SystemRandom().sample(LASTING, TRIES) if one not in _given]
            found = next((one for one in candidates if self._bind(one)), 0) or self._bind(0)
            _given.add(found)
            return found
        return self._bind(port)

    def _bind(self, port: int) -> int:
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # As for the servers, closed connections of an earlier run do not make a port count as taken.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sockets.append(held)
        try:
            held.bind((HOST, port))
            held.listen()
        except OSError:
            return 0
        return int(held.getsockname()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for held in self._sockets:
            held.close()
