import ast
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from templates_app.boards import BOARDS, Board, by_key
from templates_app.firmware import LibraryVersion
from templates_app.snippets import Connection, Snippet, snippets
from tests.templates_app.compilers import build_and_run, length_prefixed
from tests.templates_app.strategies import NASTY, drawn_texts

TOKEN = "lfd_0123456789abcdefghijABCDEFGH"
HOST = "gateway.example.org"
PORT = 8080
PYTHON_CLIENTS = [("python-blynk-library-python", "BlynkLib"), ("python-blynklib", "blynklib")]


class FirstRunError(Exception):
    """Raised by the fake clients where the real ones would begin to talk."""


def connection(text: str | None = None) -> Connection:
    """What a client needs; with a text, every field of it is that text."""
    if text is None:
        return Connection("TMPL4fcxkOxNw", "Root Template", TOKEN, HOST, PORT)
    return Connection(text, text, text, text, PORT)


def snippet(key: str, text: str | None = None) -> Snippet:
    return next(found for found in snippets(connection(text)) if found.key == key)


def test_every_client_has_its_own_key_and_file() -> None:
    found = snippets(connection())

    assert [each.language for each in found] == ["cpp", "python", "python", "javascript"]
    assert len({each.key for each in found}) == len({each.filename for each in found}) == 4
    assert all(each.install for each in found)


@pytest.mark.parametrize("text", NASTY)
def test_code_is_seven_bit_whatever_the_values(text: str) -> None:
    assert all(each.code.isascii() and "\x00" not in each.code for each in snippets(connection(text)))


class TestPython:
    def logins(self, code: str, module: ModuleType) -> list[tuple[str, str, int]]:
        """Run the code against a fake library; give token, host and port of each login."""
        seen: list[tuple[str, str, int]] = []

        class FakeClient:
            def __init__(self, token: str, server: str, port: int, log: object = None) -> None:
                seen.append((token, server, port))

            def decorator(self, _event: object) -> object:
                return lambda function: function

            ON = VIRTUAL_WRITE = handle_event = decorator

            def run(self) -> None:
                raise FirstRunError

        module.Blynk = FakeClient  # type: ignore[attr-defined]
        with pytest.raises(FirstRunError):
            exec(compile(code, "device.py", "exec"), {})  # noqa: S102
        return seen

    @pytest.mark.parametrize(("key", "module"), PYTHON_CLIENTS)
    def test_the_client_is_given_exactly_token_host_and_port(
        self, key: str, module: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake = ModuleType(module)
        monkeypatch.setitem(sys.modules, module, fake)

        for text in drawn_texts(100):
            assert self.logins(snippet(key, text).code, fake) == [(text, text, PORT)]

    @pytest.mark.parametrize(("key", "module"), PYTHON_CLIENTS)
    def test_only_names_that_the_real_library_has_are_used(self, key: str, module: str) -> None:
        library = __import__(module)
        tree = ast.parse(snippet(key).code)
        used = {
            (node.value.id, node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }

        assert {name for owner, name in used if owner == module} <= set(dir(library))
        members = {*dir(library.Blynk), "state"}
        assert {name for owner, name in used if owner == "blynk"} <= members


JAVASCRIPT_HARNESS = """\
const codes = JSON.parse(require("fs").readFileSync(0, "utf8"));
const seen = codes.map((code) => {
  let login = null;
  class Emitter { on() {} }
  class TcpClient { constructor(options) { this.options = options; } }
  class Blynk extends Emitter {
    constructor(token, options) {
      super();
      login = [token, options.connector.options.addr, options.connector.options.port];
      this.VirtualPin = Emitter;
    }
  }
  new Function("require", "setInterval", code)(() => ({ Blynk, TcpClient }), () => {});
  return login;
});
console.log(JSON.stringify(seen));
"""


class TestJavaScript:
    def test_the_client_is_given_exactly_token_host_and_port(self) -> None:
        texts = drawn_texts(100)
        codes = [snippet("javascript", text).code for text in texts]

        finished = subprocess.run(
            ["node", "-e", JAVASCRIPT_HARNESS],
            input=json.dumps(codes),
            capture_output=True,
            text=True,
            check=True,
        )

        assert json.loads(finished.stdout) == [[text, text, PORT] for text in texts]

    def test_node_accepts_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / snippet("javascript").filename
        file.write_text(snippet("javascript", "".join(NASTY[:-1])).code)

        subprocess.run(["node", "--check", file], check=True, capture_output=True)


CPP_BOARD = """\
#include <stdio.h>
#include <string.h>
#define BLYNK_WRITE(pin) void onWrite_##pin(const Value &param)
#define V0 0
struct Value { const char *asStr() const { return ""; } };
struct BlynkTimer { void setInterval(long, void (*)()) {} void run() {} };
struct FakeSerial { void begin(long) {} void println(const char *) {} };
[[maybe_unused]] static FakeSerial Serial;
[[maybe_unused]] static unsigned long millis() { return 0; }
static void show(const char *text, size_t length) {
  printf("%zu:", length);
  fwrite(text, 1, length, stdout);
}
struct FakeBlynk {
  template <size_t Token, size_t Host>
  void begin(const char (&token)[Token], const char *, const char *,
             const char (&host)[Host], int port) {
    show(token, Token - 1);
    show(host, Host - 1);
    if (port != 8080) { show("wrong port", 10); }
  }
  void virtualWrite(int, unsigned long) {}
  void run() {}
};
[[maybe_unused]] static FakeBlynk Blynk;
"""
CPP_SKETCH = """\
namespace sketch{number} {{
{code}
static void check() {{
  show(BLYNK_TEMPLATE_ID, sizeof BLYNK_TEMPLATE_ID - 1);
  show({name_macro}, sizeof {name_macro} - 1);
}}
#undef BLYNK_PRINT
#undef BLYNK_TEMPLATE_ID
#undef {name_macro}
#undef BLYNK_AUTH_TOKEN
}}
"""


class TestCpp:
    def sketch(self, number: int, text: str, version: LibraryVersion) -> str:
        code = snippets(connection(text), version)[0].code
        return CPP_SKETCH.format(number=number, code=code, name_macro=version.name_macro)

    @pytest.mark.parametrize("version", LibraryVersion)
    def test_the_compiled_sketch_logs_in_with_exactly_these_values(
        self, version: LibraryVersion, tmp_path: Path
    ) -> None:
        texts = drawn_texts(60)
        for header in by_key("esp32").includes:
            (tmp_path / header).write_text("")
        sketches = "".join(self.sketch(n, text, version) for n, text in enumerate(texts))
        calls = "".join(f"sketch{n}::setup(); sketch{n}::check();\n" for n in range(len(texts)))

        output = build_and_run(
            f"{CPP_BOARD}{sketches}int main() {{\n{calls}}}\n",
            tmp_path,
            ["g++", "-std=gnu++17"],
            f"-I{tmp_path}",
        )

        expected = [text for text in texts for _ in range(4)]
        assert [raw.decode() for raw in length_prefixed(output)] == expected

    @pytest.mark.parametrize("board", [board for board in BOARDS if board.includes])
    def test_each_board_gets_its_own_headers(self, board: Board) -> None:
        code = snippets(connection(), board=board)[0].code

        assert [line for line in code.splitlines() if line.startswith("#include")] == [
            f"#include <{header}>" for header in board.includes
        ]

    def test_a_board_without_arduino_gets_the_esp32s_sketch(self) -> None:
        found = snippets(connection(), board=by_key("raspberry-pi-linux"))[0]

        assert "BlynkSimpleEsp32.h" in found.code

    def test_the_macros_stand_above_the_includes(self) -> None:
        code = snippets(connection())[0].code

        assert code.index("BLYNK_AUTH_TOKEN") < code.index("#include")
