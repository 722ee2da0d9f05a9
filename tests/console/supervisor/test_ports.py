"""Whether ports are free."""

import socket
from collections.abc import Iterator

import pytest

from console.supervisor.options import Listener
from console.supervisor.ports import check_free
from console.supervisor.refusal import RefusedError
from tests.ports import free_ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def web(port: int, host: str = "127.0.0.1") -> Listener:
    return Listener(host=host, port=port, setting="WEB_PORT")


def test_a_taken_port_is_refused(taken: int) -> None:
    with pytest.raises(
        RefusedError,
        match=rf"^Port {taken} on 127\.0\.0\.1 is taken: stop the program that uses it, or set WEB_PORT to another",
    ):
        check_free([web(taken)])


def test_a_free_port_can_be_had_afterwards() -> None:
    (port,) = free_ports(1)
    check_free([web(port)])
    check_free([web(port)])


def test_one_port_for_two_purposes_is_refused() -> None:
    (port,) = free_ports(1)
    with pytest.raises(RefusedError, match="set GATEWAY_PORT to another port"):
        check_free([web(port), Listener(host="127.0.0.1", port=port, setting="GATEWAY_PORT")])


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(RefusedError, match="is on no address of this machine: set WEB_HOST"):
        check_free([web(8000, host="192.0.2.1")])


def test_a_host_that_is_no_address_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"WEB_HOST is 'no such\.host', which is not an address"):
        check_free([web(8000, host="no such.host")])
