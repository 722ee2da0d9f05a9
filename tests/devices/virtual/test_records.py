"""A receive buffer of 2 kB: records by their headers, and real servers with short and long certificates."""

from pathlib import Path

import pytest

from devices.virtual import trust
from devices.virtual.endings import Fault
from devices.virtual.firmware import Kind
from devices.virtual.records import CIPHER_BYTES, RECEIVE_BYTES, Records
from devices.virtual.states import State
from tests.devices.gateway.certificates import authority
from tests.devices.virtual.setup import setup_board
from tests.devices.virtual.test_trust import tls_server
from tests.templates_app.server_check.servers import Signed

MOST = RECEIVE_BYTES + CIPHER_BYTES


def record(length: int) -> bytes:
    return b"\x16\x03\x03" + length.to_bytes(2) + bytes(length)


@pytest.mark.parametrize("step", [1, 3, 5, 4096])
@pytest.mark.parametrize(
    ("lengths", "is_too_large"),
    [([], False), ([0, MOST, 7], False), ([MOST + 1], True), ([7, 0, MOST + 1], True)],
)
def test_records_are_measured_however_their_bytes_come(lengths: list[int], is_too_large: bool, step: int) -> None:
    records = Records()
    stream = b"".join(record(length) for length in lengths)
    for position in range(0, len(stream), step):
        records.take(stream[position : position + step])
    assert records.is_too_large is is_too_large


@pytest.mark.parametrize(("kind", "line"), [(Kind.ESP8266, "SSL error: 6"), (Kind.ESP32, "Secure connection failed")])
async def test_a_record_that_does_not_fit_ends_the_connection(kind: Kind, line: str, tmp_path: Path) -> None:
    made = authority(tmp_path, others=[f"greenhouse-number-{number}.gateways.example.com" for number in range(100)])
    tls = trust.of_file(made.root)
    async with (
        tls_server(Signed(made.certificate, made.key)) as server,
        setup_board(kind=kind, tls=tls, fault=Fault.NO_MFLN) as board,
    ):
        await board.until_open()
        await board.configure(host="localhost", port=server.port)
        await board.until_told(line)
        assert not server.events


async def test_short_records_fit_and_bring_it_online(tmp_path: Path) -> None:
    made = authority(tmp_path)
    async with (
        tls_server(Signed(made.certificate, made.key)) as server,
        setup_board(kind=Kind.ESP8266, tls=trust.of_file(made.root), fault=Fault.NO_MFLN) as board,
    ):
        await board.until_open()
        await board.configure(host="localhost", port=server.port)
        await board.until(State.RUNNING)
        server.hang_up()
        await board.until_told("RUNNING => CONNECTING_CLOUD")
        await board.until(State.RUNNING)


async def test_a_server_that_is_not_there_is_said_as_ever() -> None:
    tls = trust.nobody()
    async with setup_board(kind=Kind.ESP8266, tls=tls, fault=Fault.NO_MFLN) as board:
        await board.until_open()
        await board.configure()
        await board.until_told("Connection failed")
