"""A session's USB page, and a test double of `navigator.serial`, wired to a virtual board's real pseudo-terminal.

The double has the shape of the Web Serial API that the page uses; every byte goes through the terminal's own device, as
it would through a USB adapter. As there, an error of the line ends the stream and leaves the port with another one, and
a port that is gone has none.
"""

import base64
import os
import re
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request, expect

from devices.virtual.firmware import Library
from devices.virtual.networks import HOME
from tests.browser.conftest import Visitor
from tests.devices.virtual.setup import ThreadedBoard, running_setup_board
from tests.running import Landfall

GARBLED = "!"
TOKEN = re.compile(r"lfd_[0-9A-Za-z]{28}")
DOUBLE = """
(() => {
  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  class Port {
    #stream = null;
    #isThere = false;
    async open({ baudRate }) {
      if (baudRate !== 115200) throw new Error("wrong speed");
      await window.usbOpen();
      this.#isThere = true;
      this.writable = new WritableStream({
        async write(bytes) { await window.usbWrite(btoa(String.fromCharCode(...bytes))); },
      });
    }
    get readable() {
      if (this.#isThere) this.#stream ??= new ReadableStream({ pull: (controller) => this.#pull(controller) });
      return this.#isThere ? this.#stream : null;
    }
    async #pull(controller) {
      // A pull that brings nothing is not followed by another: it has to wait for something itself.
      for (;;) {
        const text = await window.usbRead();
        if (text === null) return this.#fail(controller, "NetworkError", { isGone: true });
        if (text === "GARBLED") return this.#fail(controller, "FramingError", { isGone: false });
        if (text) return controller.enqueue(bytesOf(text));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    #fail(controller, name, { isGone }) {
      this.#stream = null;
      if (isGone) this.#isThere = false;
      controller.error(new DOMException("The line failed.", name));
    }
    async close() { this.#isThere = false; }
  }
  const serial = { requestPort: async () => new Port() };
  Object.defineProperty(navigator, "serial", { value: serial, configurable: true });
})();
""".replace("GARBLED", GARBLED)


class Cable:
    """A serial port, read on a thread while it is open, so that nothing is lost between two calls of the page."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = -1
        self._read = bytearray()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_unplugged = False
        self._is_garbled = False

    def open(self) -> None:
        self.close()
        self._stop.clear()
        self._is_unplugged = False
        self._file = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._file)
        self._thread = threading.Thread(target=self._follow, name="usb-cable")
        self._thread.start()

    def read(self) -> str | None:
        """What came since the last call, as base64; None once it is unplugged."""
        with self._lock:
            data, self._read = bytes(self._read), bytearray()
        if self._is_garbled and not data:
            self._is_garbled = False
            return GARBLED
        if not data and self._is_unplugged:
            return None
        return base64.b64encode(data).decode()

    def write(self, text: str) -> None:
        os.write(self._file, base64.b64decode(text))

    def garble(self) -> None:
        """Let the line make an error of framing, as a board does that speaks at another speed for a moment."""
        self._is_garbled = True

    def pull_out(self) -> None:
        """Unplug it; it can be opened again."""
        self.close()
        self._is_unplugged = True

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
            self._thread = None
            os.close(self._file)
            self._file = -1

    def _follow(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._file], [], [], 0.02)
            if ready:
                try:
                    data = os.read(self._file, 4096)
                except OSError:
                    self._is_unplugged = True
                    return
                with self._lock:
                    self._read += data


@contextmanager
def plugged(context: BrowserContext, path: str) -> Iterator[Cable]:
    """Pages opened in `context` from now on find the board at `path` on their USB."""
    cable = Cable(path)
    context.expose_function("usbOpen", cable.open)
    context.expose_function("usbRead", cable.read)
    context.expose_function("usbWrite", cable.write)
    context.add_init_script(DOUBLE)
    try:
        yield cable
    finally:
        cable.close()


@dataclass
class UsbPage:
    """A session's USB page with a board plugged in; `told` is every body that the page sent to Landfall."""

    window: Visitor
    board: ThreadedBoard
    cable: Cable
    told: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.window.page

    def notice(self, place: str) -> Any:
        """What the page says of the port, the board's identity, its server, or what became of the network."""
        return expect(self.page.locator(f'[data-usb="{place}"]'))

    def choose_port(self) -> None:
        self.page.get_by_role("button", name="Choose the port").click()
        self.notice("port").to_contain_text("Connected to the board at 115200 baud.")

    def identify(self) -> None:
        self.choose_port()
        self.notice("identity").to_contain_text("The board runs this template's firmware.")

    def fill(self, *, password: str = HOME.password) -> None:
        self.page.get_by_label("WiFi network").fill(HOME.ssid)
        self.page.get_by_label("Password", exact=True).fill(password)

    def connect(self) -> None:
        self.page.get_by_role("button", name="Connect the board").click()

    def says(self, text: str) -> None:
        """Until the board has said it."""
        expect(self.page.locator("#usb-log")).to_contain_text(text)

    def shows_finding(self, title: str, quote: str) -> None:
        """Until a finding stands under Progress, with what shows it."""
        finding = self.page.locator("#progress .session-finding").filter(has_text=title)
        expect(finding.locator(".finding-evidence")).to_contain_text(quote)

    def is_activated(self) -> None:
        expect(self.page.locator("#progress")).to_contain_text("Name the device")
        expect(self.page.locator("[data-route-open]")).to_be_hidden()

    def has_told_no_secret(self, *passwords: str) -> None:
        for text in (self.page.content(), *self.told, self.window.running.log.read_text(errors="replace")):
            assert TOKEN.search(text) is None
            for password in passwords or (HOME.password,):
                assert password not in text

    def note(self, request: Request) -> None:
        if request.post_data and request.url.endswith("/evidence/"):
            self.told.append(request.post_data)


def template_of(window: Visitor) -> tuple[str, str]:
    """The id and the name of the template that a new session is for."""
    window.visit("/sessions/new/")
    chosen = window.page.locator("#template option").first
    return str(chosen.get_attribute("value")), (chosen.text_content() or "").partition(" · ")[0]


@contextmanager
def at_the_board(window: Visitor, running: Landfall, **options: Any) -> Iterator[UsbPage]:
    """The USB page of a fresh session; the board is what its template says, but for `options`."""
    page = window.sign_in()
    template_id, name = template_of(window)
    here = ("127.0.0.1", running.gateway_port)
    made: dict[str, Any] = {"template_id": template_id, "name": name, "server": here, "terminal": True}
    if options.get("library") is not Library.V1_0_1:  # whose server is fixed in its own files
        made["default_server"] = here
    with running_setup_board(**(made | options)) as board, plugged(window.context, board.serial) as cable:
        usb = UsbPage(window, board, cable)
        page.on("request", usb.note)
        window.visit("/sessions/new/")
        page.get_by_role("button", name="Issue token").click()
        page.get_by_role("button", name="Set up by USB").click()
        page.wait_for_url(re.compile(r"/sessions/\d+/usb/"))
        yield usb
