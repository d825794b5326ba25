import socket
from collections.abc import Iterator

import pytest

from services.local import ports
from services.local.errors import PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((ports.HOST, 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def free() -> int:
    with socket.create_server((ports.HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def test_port_0_is_any_free_port_and_no_port_is_given_twice() -> None:
    chosen = ports.choose(0, 0)
    assert len({chosen.kafka, chosen.controller, chosen.elasticsearch}) == 3
    assert all((chosen.kafka, chosen.controller, chosen.elasticsearch))


def test_a_port_asked_for_is_given_if_it_is_free(free: int) -> None:
    assert ports.choose(free, 0).kafka == free


def test_a_taken_kafka_port_is_refused_with_who_has_it_and_the_setting_that_changes_it(taken: int) -> None:
    with pytest.raises(PortTaken) as refusal:
        ports.choose(taken, 0)
    first, second = str(refusal.value).splitlines()
    assert first == f"Kafka needs port {taken}, which another program uses (`lsof -i :{taken}` names it)."
    assert "set BROADSHEET_LOCAL_KAFKA_PORT to another port" in second


def test_a_taken_elasticsearch_port_is_refused_and_named_with_its_own_setting(taken: int) -> None:
    with pytest.raises(PortTaken, match=r"Elasticsearch(.|\n)*BROADSHEET_LOCAL_ELASTICSEARCH_PORT"):
        ports.choose(0, taken)


def test_the_same_port_for_both_servers_is_refused(free: int) -> None:
    with pytest.raises(PortTaken, match="Elasticsearch"):
        ports.choose(free, free)


def test_without_wishes_the_default_ports_are_taken(free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "KAFKA", free)
    assert ports.choose(None, 0).kafka == free


def test_a_taken_controller_port_is_nobodys_trouble(free: int, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "KAFKA", free)
    monkeypatch.setattr(ports, "CONTROLLER", taken)
    assert ports.choose(None, 0).controller not in {0, taken}


def test_ports_that_are_used_later_are_never_given_twice_and_no_client_takes_them() -> None:
    """The fault harness asks for 40 ports, one after another, before it starts the servers that listen there."""
    given = [ports.free(0) for _ in range(200)]
    assert len(set(given)) == 200
    assert set(given) <= set(ports.LASTING)
