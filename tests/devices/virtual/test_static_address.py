"""A static address of `/config`: used, kept, and used again after the power was off."""

from typing import Any

import pytest

from devices.virtual import blob
from devices.virtual.firmware import Library
from devices.virtual.flash import Memory
from devices.virtual.states import State
from tests.devices.virtual.harness import ScriptedServer
from tests.devices.virtual.setup import setup_board


@pytest.mark.parametrize("library", list(Library))
async def test_a_static_address_is_used_and_outlives_the_power_switch(library: Library) -> None:
    addresses: dict[str, Any] = {
        "ip": "10.0.0.9",
        "mask": "255.0.0.0",
        "gw": "10.0.0.1",
        "dns": "1.1.1.1",
        "dns2": "8.8.8.8",
    }
    store = Memory()
    async with ScriptedServer.listen() as server:
        async with setup_board(library=library, server=("127.0.0.1", server.port), store=store) as board:
            await board.until_open()
            await board.configure(**addresses)
            await board.until_told("Using Static IP: 10.0.0.9")
            await board.until_told("Configuration stored to flash")
        kept = blob.unpack(store.load())
        assert kept is not None
        assert kept.is_static
        octets = (kept.ip, kept.mask, kept.gateway, kept.dns, kept.dns2)
        assert [".".join(map(str, each)) for each in octets] == list(addresses.values())
        async with setup_board(library=library, store=store) as again:
            await again.until_told("Using Static IP: 10.0.0.9")
            await again.until(State.RUNNING)


async def test_what_is_no_address_leaves_it_to_the_network() -> None:
    async with setup_board() as board:
        await board.until_open()
        await board.configure(ip="10.0.0", mask="255.0.0.0", gw="10.0.0.1", dns="1.1.1.1")
        await board.until_told("Using Dynamic IP: ")
