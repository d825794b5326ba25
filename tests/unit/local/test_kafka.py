import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.local.kafka import is_ready, settings
from services.local.ports import HOST, Ports


def properties(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_the_configuration_listens_on_this_machine_only_at_the_chosen_ports() -> None:
    rendered = properties(settings(Ports(1001, 1002, 1003)))
    assert rendered["listeners"] == "PLAINTEXT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002"
    assert rendered["advertised.listeners"] == rendered["listeners"]
    assert rendered["controller.quorum.bootstrap.servers"] == "127.0.0.1:1002"


def test_the_configuration_is_ascii_whatever_the_home_directory_is_called() -> None:
    rendered = settings(Ports(1, 2, 3))
    assert rendered.isascii()
    assert properties(rendered)["log.dirs"] == "log"


def test_no_topic_comes_into_being_by_a_slip_in_a_name() -> None:
    assert properties(settings(Ports(1, 2, 3)))["auto.create.topics.enable"] == "false"


@contextmanager
def fake_kafka(brokers: int) -> Iterator[Ports]:
    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            (length,) = struct.unpack(">i", connection.recv(4))
            correlation = struct.unpack(">hhi", connection.recv(length)[:8])[2]
            connection.sendall(struct.pack(">iii", 8, correlation, brokers))

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        yield Ports(listener.getsockname()[1], 0, 0)
        thread.join()


@pytest.mark.parametrize(("brokers", "ready"), [(1, True), (0, False)])
def test_kafka_is_ready_when_its_metadata_names_a_broker(brokers: int, ready: bool) -> None:  # noqa: FBT001
    with fake_kafka(brokers) as ports:
        assert is_ready(ports) is ready


def test_kafka_is_not_ready_when_nothing_listens() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    assert not is_ready(Ports(port, 0, 0))
