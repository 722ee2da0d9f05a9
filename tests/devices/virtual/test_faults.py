"""What boards do wrong on request."""

import asyncio
from dataclasses import replace

from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import Kind
from devices.virtual.sketch import FOREIGN_TEMPLATE_ID
from tests.devices.virtual.harness import PATIENCE, ScriptedServer, info_of
from tests.devices.virtual.setup import HURRIED, setup_board


async def test_a_board_that_calls_blynk_cloud_is_refused_there_and_no_token_leaves() -> None:
    async with (
        ScriptedServer.listen() as server,
        setup_board(fault=Fault.OTHER_SERVER, server=("127.0.0.1", server.port)) as board,
    ):
        await board.until_open()
        await board.configure()
        await board.until_told("Last error code: 703")
        assert board.says("Connecting to blynk.cloud:443")
        assert not server.events


async def test_a_wrong_template_and_a_death_after_login() -> None:
    async with ScriptedServer.listen() as server:
        address = ("127.0.0.1", server.port)
        async with setup_board(fault=Fault.WRONG_TEMPLATE, server=address) as board:
            await board.until_open()
            await board.configure()
            assert (await info_of(server)).template_id == FOREIGN_TEMPLATE_ID
        async with setup_board(fault=Fault.DIES_AFTER_LOGIN, server=address) as board:
            await board.until_open()
            await board.configure()
            await board.until_told("Ready (ping")
            server.hang_up()
            async with asyncio.timeout(PATIENCE):
                assert await board.task is Ending.DIED


async def test_an_esp8266_that_no_time_server_answers_waits_until_somebody_types_on_its_console() -> None:
    times = replace(HURRIED, cloud=0.0)
    async with setup_board(kind=Kind.ESP8266, fault=Fault.NO_CLOCK, times=times) as board:
        await board.until_open()
        await board.configure()
        await board.until_told("CONNECTING_NET => CONNECTING_CLOUD")
        for _ in range(100):
            await asyncio.sleep(0)
        assert board.told[-1] == "CONNECTING_NET => CONNECTING_CLOUD"
        board.board.obey(b"config start")
        await board.until_open()
        assert not board.says("Current time")
        assert not board.says("Timeout")
