"""The hotspot page's service worker against a network that is slow, or silent."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from console.supervisor.options import ROOT
from tests.ports import free_ports

pytestmark = pytest.mark.xdist_group("browser")
PAGE = "/sessions/1/hotspot/"
WORKER = "/static/hotspot-worker.js"
SILENT = "/static/silent"
PATIENCE = "PATIENCE_MS = 5000"
BEGINNING = f"""<!doctype html><title>Hotspot</title>
<script>fetch("{SILENT}").then((kept) => kept.text()).then((text) => fetch("/go-on/" + text))</script>"""
"""Once the worker has given the silent address up, the page itself would have been given up, too."""
END = "<p>fresh</p>"
PUT_ASIDE = f"""async () => {{
  const cache = await caches.open("landfall.hotspot.1");
  await cache.put("{PAGE}", new Response("old"));
  await cache.put("{SILENT}", new Response("kept"));
  const {{ installing }} = await navigator.serviceWorker.register("{WORKER}", {{ scope: "/sessions/" }});
  await new Promise((resolve) => {{
    installing.addEventListener("statechange", () => installing.state === "activated" && resolve());
  }});
}}"""


class Network(ThreadingHTTPServer):
    """Sends the beginning of the page at once, and its end when it is told; never answers at the silent address."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.go_on = threading.Event()
        self.over = threading.Event()


class Answer(BaseHTTPRequestHandler):
    server: Network

    def do_GET(self) -> None:
        if self.path == SILENT:
            self.server.over.wait()
        elif self.path == WORKER:
            script = (ROOT / "static" / "js" / "hotspot-worker.js").read_text()
            assert PATIENCE in script
            self._begin("text/javascript", script.replace(PATIENCE, "PATIENCE_MS = 300"))
        elif self.path == PAGE:
            self._begin("text/html", BEGINNING)
            self.server.go_on.wait()
            self.wfile.write(END.encode())
        else:
            if self.path == "/go-on/kept":
                self.server.go_on.set()
            self._begin("text/html", "")

    def _begin(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Service-Worker-Allowed", "/sessions/")
        self.end_headers()
        self.wfile.write(text.encode())
        self.wfile.flush()

    def log_message(self, *_args: object) -> None:
        """Nothing is told on the terminal."""


@pytest.fixture
def address() -> Iterator[str]:
    (port,) = free_ports(1)
    with Network(port) as network:
        threading.Thread(target=network.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        network.go_on.set()
        network.over.set()
        network.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(PUT_ASIDE)
        yield page


def test_answer_that_has_begun_is_waited_for_and_silence_is_not(page: Page) -> None:
    page.goto(PAGE)
    expect(page.locator("p")).to_have_text("fresh")
