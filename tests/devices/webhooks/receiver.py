"""What webhooks call in tests: a real HTTP server on loopback that keeps what it got and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One request: its headers, its body as bytes and as JSON."""

    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]


class Receiver:
    """`status` is what it answers next, `location` where a redirect points, `is_mute` that it never answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.status = 200
        self.location = ""
        self.is_mute = False
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=landfall"


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            found.calls.append(Call(dict(self.headers), raw, json.loads(raw)))
            if found.is_mute:
                found.released.wait(20)
                return
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Tests read the calls, not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
