"""Ready-to-paste programs for client libraries that log in with an auth token.

Each was written against the library that it names: Blynk 1.4.0 (C++), BlynkLib 0.2.0 and blynklib
0.2.6 (Python), blynk-library 0.5.4 (JavaScript). All of them speak to the gateway's plain port, print
what arrives on virtual pin V1 and write their uptime in seconds to V0 every five seconds. Every value
is escaped for its language, and the code is 7-bit.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from string import Template as Text

from templates_app.boards import Board, BoardKey, by_key
from templates_app.firmware import LibraryVersion, c_string
from templates_app.snippet_meanings import ExplainedLine, explained

TOKEN_MARK = "YOUR_AUTH_TOKEN"  # noqa: S105 - what stands where the token would


@dataclass(frozen=True, slots=True)
class Connection:
    """What a client needs to log in: the template's id and name, the auth token, the gateway."""

    template_id: str
    name: str
    token: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """One program. `install` is the command or the sentence that fetches its library."""

    key: str
    title: str
    language: str
    filename: str
    install: str
    code: str

    @property
    def lines(self) -> tuple[ExplainedLine, ...]:
        """The code line by line, with what the important lines do."""
        return explained(self.code, self.language)


def snippets(
    connection: Connection,
    version: LibraryVersion = LibraryVersion.V1_4,
    board: Board | None = None,
) -> tuple[Snippet, ...]:
    """All programs for this token, C++ first. The C++ one is for the board, else for an ESP32."""
    return (
        _cpp(connection, version, board if board and board.includes else by_key(BoardKey.ESP32)),
        _blynk_library_python(connection),
        _blynklib(connection),
        _javascript(connection),
    )


def token_lines(connection: Connection, version: LibraryVersion, board: Board) -> str:
    """The firmware lines of a sketch without Edgent, its token among them: what stands above its #include lines."""
    sketch = snippets(connection, version, board)[0]
    marks = ("#define BLYNK_TEMPLATE", "#define BLYNK_DEVICE", "#define BLYNK_AUTH")
    return "".join(f"{line}\n" for line in sketch.code.splitlines() if line.startswith(marks))


def _cpp(connection: Connection, version: LibraryVersion, board: Board) -> Snippet:
    return Snippet(
        key="cpp",
        title=f"C++, {board.name}",
        language="cpp",
        filename="device.ino",
        install="Install the library Blynk in the Arduino IDE.",
        code=Text(_CPP).substitute(
            template_id=c_string(connection.template_id),
            name_macro=version.name_macro,
            name=c_string(connection.name),
            token=c_string(connection.token),
            host=c_string(connection.host),
            port=connection.port,
            includes="\n".join(f"#include <{header}>" for header in board.includes),
        ),
    )


def _blynk_library_python(connection: Connection) -> Snippet:
    return Snippet(
        key="python-blynk-library-python",
        title="Python, blynk-library",
        language="python",
        filename="device_blynk_library_python.py",
        install="pip install blynk-library-python==0.2.0",
        code=_filled(_BLYNK_LIBRARY_PYTHON, connection, ascii),
    )


def _blynklib(connection: Connection) -> Snippet:
    return Snippet(
        key="python-blynklib",
        title="Python, blynklib",
        language="python",
        filename="device_blynklib.py",
        install="pip install blynklib==0.2.6",
        code=_filled(_BLYNKLIB, connection, ascii),
    )


def _javascript(connection: Connection) -> Snippet:
    return Snippet(
        key="javascript",
        title="JavaScript",
        language="javascript",
        filename="device.js",
        install="npm install blynk-library@0.5.4",
        code=_filled(_JAVASCRIPT, connection, json.dumps),
    )


def _filled(text: str, connection: Connection, quote: Callable[[str], str]) -> str:
    return Text(text).substitute(token=quote(connection.token), host=quote(connection.host), port=connection.port)


_CPP = """\
#define BLYNK_TEMPLATE_ID $template_id
#define $name_macro $name
#define BLYNK_AUTH_TOKEN $token

#define BLYNK_PRINT Serial

$includes

char ssid[] = "YourNetworkName";
char pass[] = "YourPassword";

BlynkTimer timer;

BLYNK_WRITE(V1) {
  Serial.println(param.asStr());
}

void sendUptime() {
  Blynk.virtualWrite(V0, millis() / 1000);
}

void setup() {
  Serial.begin(115200);
  Blynk.begin(BLYNK_AUTH_TOKEN, ssid, pass, $host, $port);
  timer.setInterval(5000L, sendUptime);
}

void loop() {
  Blynk.run();
  timer.run();
}
"""

_BLYNK_LIBRARY_PYTHON = """\
import time

import BlynkLib

blynk = BlynkLib.Blynk($token, server=$host, port=$port)
started = time.monotonic()
next_write = started


@blynk.ON("connected")
def on_connected(ping=0):
    print("Connected, ping", ping, "ms")


@blynk.ON("disconnected")
def on_disconnected():
    print("Disconnected")


@blynk.VIRTUAL_WRITE(1)
def on_v1(values):
    print("V1:", values)


while True:
    try:
        blynk.run()
        if blynk.state == BlynkLib.CONNECTED and time.monotonic() >= next_write:
            blynk.virtual_write(0, int(time.monotonic() - started))
            next_write = time.monotonic() + 5
    except OSError as error:
        print("Connection lost:", error)
        blynk.disconnect()
    if blynk.state == BlynkLib.DISCONNECTED:
        time.sleep(5)
        try:
            blynk.connect()
        except ValueError as error:
            print(error)
"""

_BLYNKLIB = """\
import time

import blynklib

blynk = blynklib.Blynk($token, server=$host, port=$port, log=print)
started = time.monotonic()
next_write = started


@blynk.handle_event("connect")
def on_connected():
    print("Connected")


@blynk.handle_event("disconnect")
def on_disconnected():
    print("Disconnected")


@blynk.handle_event("write V1")
def on_v1(pin, values):
    print("V1:", values)


while True:
    blynk.run()
    if blynk.connected() and time.monotonic() >= next_write:
        blynk.virtual_write(0, int(time.monotonic() - started))
        next_write = time.monotonic() + 5
"""

_JAVASCRIPT = """\
const Blynk = require("blynk-library");

const blynk = new Blynk.Blynk($token, {
  connector: new Blynk.TcpClient({ addr: $host, port: $port }),
});
const v1 = new blynk.VirtualPin(1);
let isConnected = false;

blynk.on("connect", () => {
  isConnected = true;
  console.log("Connected");
});
blynk.on("disconnect", () => {
  isConnected = false;
  console.log("Disconnected");
});
blynk.on("error", (error) => console.error("Error:", error));
v1.on("write", (values) => console.log("V1:", values));

setInterval(() => {
  if (isConnected) {
    blynk.virtualWrite(0, Math.floor(process.uptime()));
  }
}, 5000);
"""
