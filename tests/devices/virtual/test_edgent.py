"""From the hotspot to the cloud and back, against a server of scripts."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from devices.virtual import blob
from devices.virtual.blob import ErrorCode
from devices.virtual.endings import Fault
from devices.virtual.firmware import Firmware, Kind, Library
from devices.virtual.flash import ConfigFile, Memory
from devices.virtual.networks import HOME, Network
from devices.virtual.states import State
from devices.virtual.timings import SetupTimings
from devices.wire import push
from devices.wire.commands import Status
from devices.wire.info import Info
from devices.wire.messages import Login, MetaSet
from tests.devices.virtual.harness import TOKEN, ScriptedServer, info_of, until
from tests.devices.virtual.setup import HURRIED, SetupBoard, setup_board

IMPATIENT = replace(HURRIED, network=0.05, cloud=0.05)
LIBRARIES = pytest.mark.parametrize("library", list(Library))


async def error_after_restart(board: SetupBoard) -> int:
    await board.until_told("Restarting after error.")
    await board.until_open()
    _, body = await board.get("/board_info.json")
    return int(json.loads(body)["last_error"])


@LIBRARIES
async def test_a_configured_board_comes_online_and_keeps_it(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "board.bin"
    async with ScriptedServer.listen() as server:
        async with setup_board(library=library, server=("127.0.0.1", server.port), store=kept) as board:
            await board.until_open()
            await board.configure()
            info = await info_of(server)
            await board.until(State.RUNNING)
            await until(lambda: blob.unpack(kept.read_bytes()) is not None)
        assert server.of(Login)[0].token == TOKEN.encode()
        assert (info.template_id, info.library_version) == ("TMPLabcdefghi", library)
        assert info.heartbeat == (40 if library is Library.V1_4 else 45)
        metas = [] if library is Library.V1_0_1 else [board.board.hotspot_name]
        await until(lambda: [meta.value for meta in server.of(MetaSet)] == metas)
        server.events.clear()
        async with setup_board(library=library, store=kept) as again:
            await info_of(server)
            await again.until(State.RUNNING)
        assert not server.of(MetaSet)
        assert again.told[-1 if again.told[-1].endswith("RUNNING") else -2].endswith("=> RUNNING")
        assert kept.stat().st_mode & 0o777 == 0o600


OPENING = {
    Library.V1_0_1: ["AP SSID: Blynk Soil Sensor-11504", "AP IP:   192.168.4.1", "AP URL:  blynk.setup"],
    Library.V1_2: ["AP URL:  blynk.setup"],
    Library.V1_4: ["AP URL:  blynk.setup"],
}


@LIBRARIES
async def test_the_log_has_the_lines_of_its_version_in_order_and_no_secret(library: Library) -> None:
    async with (
        ScriptedServer.listen() as server,
        setup_board(library=library, server=("127.0.0.1", server.port)) as board,
    ):
        await board.until_open()
        await board.get("/board_info.json")
        await board.configure()
        await board.until_told("Configuration stored to flash")
    first = board.told.index("Using default config.")
    told = [line for line in board.told[first:] if not line.startswith("Ready (ping: ")]
    where = f"127.0.0.1:{server.port}"
    assert told == [
        "Using default config.",
        "INIT => WAIT_CONFIG",
        *OPENING[library],
        "WAIT_CONFIG => CONFIGURING",
        "Sending board info...",
        "Applying configuration...",
        "WiFi SSID: Home Pass: ****",
        f"Blynk cloud: lfd_**** @ {where}",
        "CONFIGURING => SWITCH_TO_STA",
        "Switching to STA...",
        "SWITCH_TO_STA => CONNECTING_NET",
        "Connecting to WiFi: Home",
        "Using Dynamic IP: 192.168.1.77",
        "CONNECTING_NET => CONNECTING_CLOUD",
        f"Connecting to {where}",
        "CONNECTING_CLOUD => RUNNING",
        "Configuration stored to flash",
    ]
    assert not board.says(TOKEN)
    assert not board.says(HOME.password)
    assert board.says("Product:  Soil Sensor" if library is Library.V1_0_1 else " Device:    Blynk Soil Sensor-9A4R")


@LIBRARIES
@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"ssid": "Nowhere"}])
async def test_a_network_that_does_not_let_it_in_is_701(library: Library, wrong: dict[str, str]) -> None:
    store = Memory()
    async with setup_board(library=library, times=IMPATIENT, store=store) as board:
        await board.until_open()
        await board.configure(**wrong)  # type: ignore[arg-type] # all are texts
        assert await error_after_restart(board) == ErrorCode.NETWORK
    assert board.says("Last error code: 701")
    kept = blob.unpack(store.load())
    assert kept == blob.default(board.parts.firmware, last_error=ErrorCode.NETWORK)


@LIBRARIES
async def test_a_server_that_does_not_answer_is_702(library: Library) -> None:
    async with setup_board(library=library, times=IMPATIENT) as board:
        await board.until_open()
        await board.configure()
        assert await error_after_restart(board) == ErrorCode.CLOUD
    assert board.says("Timeout")
    assert board.says("Last error code: 702")


@LIBRARIES
async def test_a_refused_token_is_703_and_setup_mode_at_once(library: Library) -> None:
    async with ScriptedServer.listen() as server:
        server.verdicts = [Status.INVALID_TOKEN]
        async with setup_board(library=library, server=("127.0.0.1", server.port)) as board:
            await board.until_open()
            await board.configure()
            await board.until_told("CONNECTING_CLOUD => WAIT_CONFIG")
            await board.until_open()
            _, body = await board.get("/board_info.json")
    assert json.loads(body)["last_error"] == 703
    assert not board.says("Restarting after error.")


@pytest.mark.parametrize("fault", [None, Fault.NO_HOTSPOT])
async def test_an_esp8266_whose_hotspot_does_not_open_has_704_and_reboots(fault: Fault | None) -> None:
    store = Memory()
    long_or_short = "A Name That Is Far Too Long" if fault is None else "Soil"
    options = {"kind": Kind.ESP8266, "library": Library.V1_0_1, "name": long_or_short}
    async with setup_board(store=store, fault=fault, **options) as board:  # type: ignore[arg-type]
        await board.until_told("Restarting after error.")
    assert board.says("AP IP:   0.0.0.0")
    kept = blob.unpack(store.load())
    assert kept is not None
    assert kept.last_error == 704


async def test_a_long_name_leaves_an_esp32_on_1_0_without_a_hotspot_and_none_on_1_2() -> None:
    async with setup_board(library=Library.V1_0_1, name="A Name That Is Far Too Long") as board:
        await board.until_told("AP IP:   0.0.0.0")
    async with setup_board(library=Library.V1_2, name="A Name That Is Far Too Long") as board:
        await board.until_open()
    assert board.board.hotspot_name == "Blynk A Name That Is Far T-9A4R"


async def test_errors_of_a_board_that_once_worked_are_not_noted() -> None:
    firmware = Firmware(template_id="TMPLabcdefghi", template_name="Soil Sensor", library=Library.V1_0_1)
    config = replace(blob.default(firmware), is_valid=True, ssid=b"Gone", token=TOKEN.encode())
    store = Memory(config.pack())
    async with setup_board(library=Library.V1_0_1, times=IMPATIENT, store=store) as board:
        await board.until_told("Restarting after error.")
    assert not board.says("Last error code")
    assert blob.unpack(store.load()) == config


async def test_a_board_that_once_worked_keeps_trying_since_1_1() -> None:
    firmware = Firmware(template_id="TMPLabcdefghi", template_name="Soil Sensor")
    config = replace(blob.default(firmware), is_valid=True, ssid=b"Gone", token=TOKEN.encode())
    async with setup_board(times=IMPATIENT, store=Memory(config.pack())) as board:
        await until(lambda: sum("Connecting to WiFi: Gone" in line for line in board.lines) > 3)
    assert board.state is State.CONNECTING_NET


async def test_a_long_provisioned_board_whose_token_is_revoked_keeps_its_credentials() -> None:
    store = Memory()
    async with (
        ScriptedServer.listen() as server,
        setup_board(server=("127.0.0.1", server.port), store=store) as board,
    ):
        await board.until_open()
        await board.configure()
        await until(lambda: server.is_settled and board.says("Configuration stored to flash"))
        server.verdicts = [Status.INVALID_TOKEN]
        server.hang_up()
        await board.until_told("CONNECTING_CLOUD => WAIT_CONFIG")
        await board.until_open()
    kept = blob.unpack(store.load())
    assert kept is not None
    assert (kept.is_valid, kept.last_error, kept.ssid) == (True, 0, b"Home")


async def test_a_lost_connection_is_made_again() -> None:
    async with (
        ScriptedServer.listen() as server,
        setup_board(server=("127.0.0.1", server.port)) as board,
    ):
        await board.until_open()
        await board.configure()
        await info_of(server)
        await board.until(State.RUNNING)
        server.hang_up()
        await until(lambda: len(server.of(Info)) == 2)
        await board.until(State.RUNNING)
    assert board.says("RUNNING => CONNECTING_CLOUD")


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("config start", "RUNNING => WAIT_CONFIG"),
        ("config erase", "RESET_CONFIG => WAIT_CONFIG"),
        ("reboot", "INIT => CONNECTING_NET"),
    ],
)
async def test_the_server_commands_it(command: str, line: str) -> None:
    async with (
        ScriptedServer.listen() as server,
        setup_board(server=("127.0.0.1", server.port)) as board,
    ):
        await board.until_open()
        await board.configure()
        await until(lambda: server.is_settled and board.says("Configuration stored to flash"))
        await server.push(lambda wire: push.console_command(wire, command))
        await board.until_told(line)


async def test_the_button_held_for_ten_seconds_resets_and_less_does_not() -> None:
    store = Memory()
    async with (
        ScriptedServer.listen() as server,
        setup_board(server=("127.0.0.1", server.port), store=store) as board,
    ):
        await board.until_open()
        await board.configure()
        await until(lambda: server.is_settled and board.says("Configuration stored to flash"))
        board.board.press()
        board.board.release(held_seconds=9.9)
        assert board.state is State.RUNNING
        board.board.press()
        board.board.release(held_seconds=10.0)
        await board.until_told("Resetting configuration!")
        await board.until_open()
    assert blob.unpack(store.load()) == blob.default(board.parts.firmware)
    assert board.says("Hold the button for 10 seconds to reset configuration...")


async def test_the_address_of_an_update_changes_nothing() -> None:
    async with ScriptedServer.listen() as server, setup_board(server=("127.0.0.1", server.port)) as board:
        await board.until_open()
        await board.configure()
        await server.push(lambda wire: push.firmware_update(wire, f"http://127.0.0.1:{server.port}/firmware.bin"))
        await server.push(lambda wire: push.debug_print(wire, "after the update"))
        await board.until_told("Server: after the update")
        assert board.state is State.RUNNING
        assert len(server.of(Login)) == 1


async def test_an_open_and_a_hidden_network_let_it_in() -> None:
    around = [Network(ssid="Café ☕", password="geheim!!", is_hidden=True)]
    async with setup_board(networks=around) as board:
        await board.until_open()
        await board.configure(ssid="Café ☕", password="geheim!!")
        await board.until(State.CONNECTING_CLOUD)


async def test_a_sketch_without_a_template_id_stops_for_ever_since_1_2() -> None:
    async with setup_board(template_id="YourTemplateID") as board:
        await board.until_told("Invalid configuration of TEMPLATE_ID / TEMPLATE_NAME")
        await asyncio.sleep(0)
        assert not board.board.is_open


async def test_a_flash_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with setup_board(store=ConfigFile(tmp_path / "file" / "board.bin"), times=IMPATIENT) as board:
        await board.until_open()
        await board.configure(save="1")
        await board.until_told("Config write failed")


async def test_faults_show_as_they_do_on_a_board() -> None:
    for fault, error, line in (
        (Fault.WRONG_PASSWORD, 701, "Last error code: 701"),
        (Fault.NO_DNS, 702, "Connection failed"),
        (Fault.TLS_REFUSED, 702, "Secure connection failed"),
    ):
        async with (
            ScriptedServer.listen() as server,
            setup_board(times=IMPATIENT, fault=fault, server=("127.0.0.1", server.port)) as board,
        ):
            await board.until_open()
            await board.configure()
            assert await error_after_restart(board) == error
            assert board.says(line)
            assert not server.of(Login)


def test_the_times_are_those_of_the_version_and_can_be_sped_up() -> None:
    def times(kind: Kind, library: Library) -> tuple[float, float]:
        found = SetupTimings.of(Firmware(template_id="TMPLx", template_name="N", kind=kind, library=library))
        return found.network, found.cloud

    assert times(Kind.ESP32, Library.V1_0_1) == (30.0, 30.0)
    assert times(Kind.ESP8266, Library.V1_0_1) == times(Kind.MKR, Library.V1_0_1) == (30.0, 60.0)
    assert times(Kind.ESP32, Library.V1_2) == times(Kind.ESP8266, Library.V1_4) == (50.0, 50.0)
    assert SetupTimings().sped_up(10).cloud == 5.0
    older = Firmware(template_id="TMPLx", template_name="N", library=Library.V1_2)
    assert (SetupTimings.of(older).heartbeat, SetupTimings().heartbeat) == (45, 40)
