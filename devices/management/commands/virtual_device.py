"""`manage.py virtual_device`: one virtual device in a terminal, with its serial log."""

import asyncio
import contextlib
import getpass
import signal
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.kit.tokens import looks_like_token
from devices.virtual import networks, trust
from devices.virtual.board import VirtualBoard
from devices.virtual.edgent import EdgentBoard
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import DEFAULT_HOST, DEFAULT_PORT, Firmware, Kind, Library, UnknownFirmwareError
from devices.virtual.flash import ConfigFile, Flash, Memory, mac_of
from devices.virtual.parts import Parts
from devices.virtual.running import local_host, run_until_stopped
from devices.virtual.terminal import Terminal
from templates_app import hotspot

DEFAULT_NAME = "Virtual Device"


class Command(BaseCommand):
    help = (
        "Run one virtual device until Ctrl-C. It asks for the auth token, so that no list of processes shows it; with "
        "--setup it asks for nothing, opens its setup page instead, and SIGUSR1 holds its button for ten seconds."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=local_host(settings.GATEWAY_HOST), help="the gateway's host")
        parser.add_argument("--port", type=int, default=settings.GATEWAY_PORT, help="the gateway's port, without TLS")
        parser.add_argument("--template-id", default="", help="the TMPL… id that its firmware reports; none by default")
        parser.add_argument("--name", default=DEFAULT_NAME, help="the template's name, part of its hotspot's name")
        parser.add_argument("--fault", choices=list(Fault), help="what goes wrong with it")
        setup = parser.add_argument_group("setup mode")
        setup.add_argument("--setup", action="store_true", help="start as a board that was never configured")
        setup.add_argument("--setup-host", default="127.0.0.1", help="where its setup page is, for 192.168.4.1")
        setup.add_argument("--setup-port", type=int, default=0, help="its port, for 80; a free one by default")
        setup.add_argument("--board", choices=list(Kind), default=Kind.ESP32, help="which board it is")
        setup.add_argument("--library", choices=list(Library), default=Library.V1_4, help="the Blynk library's version")
        setup.add_argument("--mac", default="", help="its MAC address")
        setup.add_argument("--speed", type=float, default=1.0, help="how many times as fast as a real board it is")
        setup.add_argument("--network", action="append", metavar="NAME=PASSWORD", help="a WiFi around it; repeatable")
        setup.add_argument("--tls", action="store_true", help="speak TLS and trust the roots that real boards trust")
        setup.add_argument("--trust", type=Path, metavar="FILE", help="speak TLS and trust this authority alone")
        setup.add_argument("--serial", action="store_true", help="open a pseudo-terminal as its serial port")
        setup.add_argument("--flash", type=Path, metavar="FILE", help="keep its 212 bytes of configuration there")
        setup.add_argument("--default-host", default=DEFAULT_HOST, help="the server it was compiled for")
        setup.add_argument("--default-port", type=int, default=DEFAULT_PORT, help="that server's port")

    def handle(self, *_args: Any, **options: Any) -> None:
        fault = Fault(options["fault"]) if options["fault"] else None
        if options["setup"]:
            self._run_setup(options, fault)
            return
        if fault is not None and fault.needs_setup:
            raise CommandError(f"The fault {fault} shows in setup mode only. Add --setup.")
        token = _asked_token()
        flash = Flash(
            token=token,
            template_id=options["template_id"],
            template_name=options["name"],
            mac=mac_of(token),
            host=options["host"],
            port=options["port"],
        )
        ending = run_until_stopped(self._run(flash, fault))
        if ending is Ending.REFUSED:
            raise CommandError(
                "The gateway refuses this token: it is unknown, expired, cancelled or revoked. "
                "Open a new provisioning session and use its token."
            )

    def _run_setup(self, options: dict[str, Any], fault: Fault | None) -> None:
        try:
            parts = _parts(options)
        except (ValueError, OSError) as error:
            raise CommandError(f"{error}") from error
        if fault is not None and fault.only_on not in {None, parts.firmware.kind}:
            raise CommandError(f"The fault {fault} shows on another board only. Add --board {fault.only_on}.")
        if fault is not None and fault.needs_tls and parts.tls is None:
            raise CommandError(
                f"The fault {fault} shows with TLS only. Add --tls, or --trust with an authority of yours."
            )
        parts.fault = fault
        store = ConfigFile(options["flash"]) if options["flash"] else Memory()
        with contextlib.ExitStack() as stack:
            if options["serial"]:
                parts.terminal = stack.enter_context(Terminal())
                self._say(f"Serial port: {parts.terminal.path}")
            try:
                run_until_stopped(self._live(parts, store))
            except OSError as error:
                raise CommandError(
                    f"Its setup page cannot listen on {parts.setup_host}:{parts.setup_port}: {error.strerror}. "
                    "Choose another --setup-port."
                ) from error

    async def _live(self, parts: Parts, store: ConfigFile | Memory) -> Ending:
        board = EdgentBoard(parts, say=self._say, store=store)

        def hold_button() -> None:
            board.press()
            board.release(held_seconds=10)

        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, hold_button)
        life = asyncio.create_task(board.run())
        told = 0
        try:
            while not life.done():
                if board.setup_port and board.setup_port != told:
                    told = board.setup_port
                    self._say(f"Setup page: http://{parts.setup_host}:{told}/")
                await asyncio.wait([life], timeout=0.05)
            return await life
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)

    async def _run(self, flash: Flash, fault: Fault | None) -> Ending:
        return await VirtualBoard(flash, say=self._say, keep=lambda _flash: None, fault=fault).run()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _parts(options: dict[str, Any]) -> Parts:
    """What the options ask for. Raises ValueError and OSError with a sentence for people."""
    firmware = Firmware(
        template_id=options["template_id"] or "TMPLvirtual00",
        template_name=options["name"],
        kind=Kind(options["board"]),
        library=Library(options["library"]),
        default_host=options["default_host"],
        default_port=options["default_port"],
    )
    if not options["speed"] > 0:
        raise UnknownFirmwareError("A speed is a number above nought.")
    mac = hotspot.parse_mac(options["mac"] or mac_of(options["name"]))
    parts = Parts.made(firmware, mac, speed=options["speed"])
    # The verdict of a gateway does not come sooner because the board is in a hurry.
    parts.times = replace(parts.times, login=6.0, peer=5.0)
    parts.setup_host, parts.setup_port = options["setup_host"], options["setup_port"]
    if options["network"]:
        parts.networks = [networks.parse(text) for text in options["network"]]
    if options["trust"]:
        parts.tls = trust.of_file(options["trust"])
    elif options["tls"]:
        parts.tls = trust.pinned(firmware)
    return parts


def _asked_token() -> str:
    """The token, typed unseen or piped in. Raises CommandError where it can be none."""
    asked = getpass.getpass("Auth token: ") if sys.stdin.isatty() else sys.stdin.readline()
    token = asked.strip()
    if not token.isascii() or not looks_like_token(token.encode()):
        raise CommandError(
            "An auth token has 32 characters of A-Z, a-z, 0-9, - and _. Copy it from the session's page."
        )
    return token
