"""One board against a server of scripts: it does what Edgent on Blynk library 1.4.0 does."""

from dataclasses import replace

import pytest

from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import Kind, Library
from devices.virtual.sketch import FOREIGN_TEMPLATE_ID
from devices.virtual.timings import Timings
from devices.wire import build, push
from devices.wire.commands import PinKind, SendOutcome, Status
from devices.wire.connection import ServerConnection
from devices.wire.info import Info
from devices.wire.messages import EventLog, Login, MetaSet, PinWrite
from tests.devices.virtual.harness import QUICK, TOKEN, ScriptedServer, board_on, flash_for, info_of, until

SLOW_READINGS = replace(QUICK, reading=1000.0)


async def test_it_logs_in_and_says_what_edgent_says() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)):
        info = await info_of(server)
    assert server.of(Login)[0].token == TOKEN.encode()
    assert not server.of(Login)[0].is_legacy
    assert list(info.pairs) == ["mcu", "fw-type", "build", "blynk", "h-beat", "buff-in", "dev", "tmpl"]
    assert (info.template_id, info.library_version, info.board) == ("TMPLabcdefghi", "1.4.0", "ESP32")
    assert (info.heartbeat, info.buffer_in, info.firmware_version) == (40, 1024, "0.1.0")


async def test_without_a_template_id_it_reports_none() -> None:
    async with ScriptedServer.listen() as server, board_on(replace(flash_for(server.port), template_id="")):
        info = await info_of(server)
    assert not {"tmpl", "fw-type"} & set(info.pairs)


async def test_the_first_time_it_tells_its_hotspot_name_and_stores_that_it_works() -> None:
    async with ScriptedServer.listen() as server:
        flash = flash_for(server.port)
        async with board_on(flash) as board:
            (meta,) = await until(lambda: server.of(MetaSet))
        assert (meta.name, meta.value) == ("Hotspot Name", flash.hotspot_name)
        assert board.kept == [replace(flash, is_valid=True)]
        assert board.says("Configuration stored to flash")


async def test_a_wio_terminal_with_library_1_0_1_says_what_that_says() -> None:
    async with ScriptedServer.listen() as server:
        flash = replace(flash_for(server.port), kind=Kind.WIO, library=Library.V1_0_1)
        async with board_on(flash, timings=SLOW_READINGS) as board:
            info = await info_of(server)
            await server.push(lambda wire: push.console_command(wire, "config erase"))
            # Its console knows no other "config" than the one that opens the hotspot.
            assert await board.ending() is Ending.SET_UP_MODE
    assert (info.board, info.library_version, info.heartbeat) == ("Wio Terminal", "1.0.1", 45)
    assert server.of(MetaSet) == []
    assert board.lines[0].endswith("Blynk v1.0.1 on Wio Terminal")


async def test_later_it_does_neither() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port, is_valid=True)) as board:
        await until(lambda: server.of(PinWrite))
    assert server.of(MetaSet) == []
    assert board.kept == []


async def test_readings_come_in() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)):
        await until(lambda: len(server.values_of(0)) > 2 and len(server.values_of(1)) > 2)
    assert all(value.isdigit() for value in server.values_of(0))
    assert all(15 <= float(value) <= 29 for value in server.values_of(1))


async def test_the_switch_reports_what_the_server_wrote() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port), timings=SLOW_READINGS):
        assert await server.push(lambda wire: push.virtual_write(wire, 2, ["1"])) is SendOutcome.SENT
        await until(lambda: server.values_of(2) == ["1"])


async def test_a_written_value_can_be_read_back() -> None:
    def write_and_read(wire: ServerConnection) -> None:
        push.virtual_write(wire, 7, ["blue"])
        wire.outbox.add(build.pin_read(99, PinKind.VIRTUAL, 7))

    async with ScriptedServer.listen() as server, board_on(flash_for(server.port), timings=SLOW_READINGS):
        await server.push(write_and_read)
        answer = (await until(lambda: [write for write in server.of(PinWrite) if write.pin == 7]))[0]
    assert answer == PinWrite(99, PinKind.VIRTUAL, 7, ("blue",))


async def test_a_boot_is_an_event_and_a_reconnect_is_none() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)) as board:
        await until(lambda: server.of(EventLog))
        server.hang_up()
        await until(lambda: len(server.of(Info)) == 2 and server.is_settled)
        assert board.says("RUNNING => CONNECTING_CLOUD")
        assert [event.code for event in server.of(EventLog)] == ["boot"]


async def test_a_reboot_on_request_starts_anew() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)) as board:
        await server.push(lambda wire: push.console_command(wire, "reboot"))
        await until(lambda: len(server.of(EventLog)) == 2)
    assert sum("INIT => CONNECTING_NET" in line for line in board.lines) == 2
    assert len(server.of(MetaSet)) == 1


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("config start", Ending.SET_UP_MODE),
        ("config", Ending.SET_UP_MODE),
        ("config erase", Ending.ERASED),
    ],
)
async def test_console_commands_end_in_setup_mode(command: str, ending: Ending) -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)) as board:
        await server.push(lambda wire: push.console_command(wire, command))
        assert await board.ending() is ending


async def test_an_unknown_console_command_changes_nothing() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)):
        await server.push(lambda wire: push.console_command(wire, "dance"))
        before = len(server.of(PinWrite))
        await until(lambda: len(server.of(PinWrite)) > before + 4)
    assert len(server.of(Login)) == 1


async def test_an_invalid_token_ends_the_board() -> None:
    async with ScriptedServer.listen() as server:
        server.verdicts = [Status.INVALID_TOKEN]
        async with board_on(flash_for(server.port)) as board:
            assert await board.ending() is Ending.REFUSED
    assert board.says("Invalid auth token")
    assert board.lines[-1].endswith("CONNECTING_CLOUD => WAIT_CONFIG")


@pytest.mark.parametrize("status", [Status.SERVER_ERROR, Status.NOT_REGISTERED, Status.NOT_AUTHENTICATED])
async def test_any_other_refusal_is_tried_again(status: Status) -> None:
    async with ScriptedServer.listen() as server:
        server.verdicts = [status]
        async with board_on(flash_for(server.port)) as board:
            await info_of(server)
    assert board.says(f"Connect failed. code: {status}")
    assert len(server.of(Login)) == 2


async def test_nobody_there_is_tried_again() -> None:
    async with ScriptedServer.listen() as server:
        port = server.port
    async with board_on(flash_for(port)) as board:
        await until(lambda: sum("Connection failed" in line for line in board.lines) > 1)


async def test_no_verdict_is_tried_again() -> None:
    async with ScriptedServer.listen() as server:
        server.is_mute = True
        async with board_on(flash_for(server.port), timings=replace(QUICK, login=0.05)) as board:
            await until(lambda: len(server.of(Login)) > 1)
    assert board.says("Login timeout")


async def test_a_quiet_connection_is_pinged_and_lives_on() -> None:
    timings = Timings(heartbeat=0.02, ping_pause=0.01, reading=1000.0, patience=15.0)
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port), timings=timings):
        await until(lambda: server.pings_count > 2)
    assert len(server.of(Login)) == 1


async def test_a_server_that_falls_silent_is_given_up() -> None:
    timings = replace(QUICK, heartbeat=0.02, ping_pause=1000.0, patience=0.02, reading=1000.0)
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port), timings=timings) as board:
        await until(lambda: len(server.of(Login)) > 1)
    assert board.says("Heartbeat timeout")


async def test_it_follows_a_redirect() -> None:
    async with (
        ScriptedServer.listen() as first,
        ScriptedServer.listen() as second,
        board_on(flash_for(first.port)) as board,
    ):
        await first.push(lambda wire: push.redirect(wire, "127.0.0.1", second.port))
        await info_of(second)
    assert board.says(f"Redirecting to 127.0.0.1:{second.port}")


async def test_it_prints_what_the_server_says() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)) as board:
        await server.push(lambda wire: push.debug_print(wire, "mind the gap"))
        await until(lambda: board.says("Server: mind the gap"))


async def test_the_address_of_an_update_changes_nothing() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)) as board:
        await server.push(lambda wire: push.firmware_update(wire, f"http://127.0.0.1:{server.port}/firmware.bin"))
        await server.push(lambda wire: push.debug_print(wire, "after the update"))
        await until(lambda: board.says("Server: after the update"))
        assert len(server.of(Login)) == 1


async def test_a_frame_it_cannot_read_makes_it_connect_again() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port)):
        await server.push(lambda wire: wire.outbox.add(b"\x63\x00\x01\x00\x00"))
        await until(lambda: len(server.of(Login)) > 1)


async def test_the_log_reads_as_the_boards_and_hides_the_token() -> None:
    async with ScriptedServer.listen() as server:
        flash = flash_for(server.port)
        async with board_on(flash) as board:
            await until(lambda: server.of(MetaSet))
    told = [line.partition("] ")[2] for line in board.lines if line.startswith("[")]
    assert [line for line in told if not line.startswith("Ready (ping: ")] == [
        "Blynk v1.4.0 on ESP32",
        "INIT => CONNECTING_NET",
        "CONNECTING_NET => CONNECTING_CLOUD",
        f"Connecting to 127.0.0.1:{server.port}",
        "CONNECTING_CLOUD => RUNNING",
        "Configuration stored to flash",
    ]
    assert f" Device:    {flash.hotspot_name}" in board.lines
    assert " Token:     lfd_ - **** - **** - ****" in board.lines
    assert not board.says(TOKEN)


async def test_wrong_template_is_what_it_reports_on_request() -> None:
    async with ScriptedServer.listen() as server, board_on(flash_for(server.port), fault=Fault.WRONG_TEMPLATE):
        assert (await info_of(server)).template_id == FOREIGN_TEMPLATE_ID


async def test_a_board_that_dies_after_login_says_nothing_more() -> None:
    async with (
        ScriptedServer.listen() as server,
        board_on(flash_for(server.port), fault=Fault.DIES_AFTER_LOGIN) as board,
    ):
        await until(lambda: board.says("Ready"))
        server.hang_up()
        assert await board.ending() is Ending.DIED
    assert [type(event) for event in server.events] == [Login]
