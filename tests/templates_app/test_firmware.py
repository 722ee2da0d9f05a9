import re
from pathlib import Path

import pytest
from hypothesis import given

from templates_app.firmware import LibraryVersion, Place, block, c_string, firmware_lines, header, of_place
from templates_app.hotspot import Generation
from tests.templates_app.compilers import build_and_run, length_prefixed
from tests.templates_app.strategies import any_text, drawn_texts

ID = "TMPL4fcxkOxNw"
C_MAIN = """\
#include <stdio.h>
static void show(const char *text, size_t length) {{
  printf("%zu:", length);
  fwrite(text, 1, length, stdout);
}}
{blocks}
int main(void) {{
{calls}
  return 0;
}}
"""
ID_MACRO = "BLYNK_TEMPLATE_ID"
NAMED_BEFORE_1_2 = [LibraryVersion.V1_0, LibraryVersion.V1_1]


def macros_of(version: LibraryVersion) -> list[str]:
    """The macros that a library of this version reads, in the order of the lines."""
    name = "BLYNK_DEVICE_NAME" if version in NAMED_BEFORE_1_2 else "BLYNK_TEMPLATE_NAME"
    if version is LibraryVersion.EDGENT_0_9:
        return [ID_MACRO, name, "BLYNK_DEFAULT_SERVER"]
    return [ID_MACRO, name, "CONFIG_DEFAULT_SERVER", "CONFIG_DEFAULT_PORT"]


def c_block(number: int, text: str, version: LibraryVersion) -> str:
    """The firmware lines of one name, its id and host, as three named arrays and a port."""
    macros = macros_of(version)
    lines = block(firmware_lines(ID, text, version, host=text, port=8080))
    arrays = "".join(f"static const char s{number}_{i}[] = {m};\n" for i, m in enumerate(macros[:3]))
    check = "".join(f'_Static_assert({macro} == 8080, "port");\n' for macro in macros[3:])
    return lines + arrays + check + "".join(f"#undef {macro}\n" for macro in macros)


def c_program(texts: list[str], version: LibraryVersion) -> str:
    return C_MAIN.format(
        blocks="".join(c_block(n, text, version) for n, text in enumerate(texts)),
        calls="".join(f"  show(s{n}_{i}, sizeof s{n}_{i} - 1);\n" for n in range(len(texts)) for i in range(3)),
    )


@pytest.mark.parametrize("version", LibraryVersion)
def test_the_compiler_yields_exactly_the_name_and_host(version: LibraryVersion, tmp_path: Path) -> None:
    texts = drawn_texts(300)

    output = build_and_run(c_program(texts, version), tmp_path, ["gcc", "-std=gnu11"])

    expected = [value for text in texts for value in (ID, text, text)]
    assert [raw.decode() for raw in length_prefixed(output)] == expected


def header_use(folder: Path, number: int, text: str, version: LibraryVersion) -> str:
    """Writes the `.h` file of one name, and gives the lines of a sketch that includes it."""
    lines = firmware_lines(ID, text, version, host=text, port=8080)
    (folder / f"landfall_{number}.h").write_text(header(lines, version), encoding="ascii")
    name = macros_of(version)[1]
    return f'#include "landfall_{number}.h"\nstatic const char name_{number}[] = {name};\n' + "".join(
        f"#undef {line.macro}\n" for line in lines
    )


@pytest.mark.parametrize("language", [["gcc", "-std=gnu11"], ["g++", "-std=gnu++17"]])
@pytest.mark.parametrize("version", LibraryVersion)
def test_the_header_compiles_in_c_and_c_plus_plus(version: LibraryVersion, language: list[str], tmp_path: Path) -> None:
    texts = list(dict.fromkeys(drawn_texts(60)))  # compilers take two files alike for one that is included once
    uses = "".join(header_use(tmp_path, number, text, version) for number, text in enumerate(texts))
    calls = "".join(f"  show(name_{n}, sizeof name_{n} - 1);\n" for n in range(len(texts)))

    output = build_and_run(C_MAIN.format(blocks=uses, calls=calls), tmp_path, language, f"-I{tmp_path}")

    assert [raw.decode() for raw in length_prefixed(output)] == texts


@given(any_text)
def test_a_literal_is_one_line_of_seven_bit_characters_without_trigraphs(text: str) -> None:
    literal = c_string(text)

    assert re.fullmatch(r"[ -~]*", literal)
    assert "??" not in literal


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("Root Template", '"Root Template"'),
        ('a "b" \\', '"a \\"b\\" \\\\"'),
        ("what?", '"what?"'),
        ("???=", '"?\\?\\?="'),
        ("é1", '"\\303\\2511"'),
        ("\n", '"\\012"'),
    ],
)
def test_a_literal_is_as_plain_as_it_can_be(text: str, literal: str) -> None:
    assert c_string(text) == literal


def test_text_without_bytes_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        c_string("\ud800")


@pytest.mark.parametrize("version", LibraryVersion)
def test_the_lines_are_those_of_the_library_version(version: LibraryVersion) -> None:
    lines = firmware_lines(ID, "Root Template", version, host="gw.example.org", port=9443)

    expected = [ID, "Root Template", "gw.example.org", "9443"]
    assert [line.macro for line in lines] == macros_of(version)
    assert [line.value for line in lines] == expected[: len(lines)]
    assert all(line.meaning.endswith(".") for line in lines)


def test_the_block_is_ready_to_paste() -> None:
    lines = firmware_lines(ID, "Root Template", LibraryVersion.V1_4, "gw.example.org", 9443)

    assert block(lines) == (
        '#define BLYNK_TEMPLATE_ID "TMPL4fcxkOxNw"\n'
        '#define BLYNK_TEMPLATE_NAME "Root Template"\n'
        '#define CONFIG_DEFAULT_SERVER "gw.example.org"\n'
        "#define CONFIG_DEFAULT_PORT 9443\n"
    )


def test_server_lines_of_library_1_0_belong_into_settings_h() -> None:
    lines = firmware_lines(ID, "Pump", LibraryVersion.V1_0, "gw.example.org", 9443)

    assert [line.place for line in lines] == [Place.SKETCH, Place.SKETCH, Place.SETTINGS, Place.SETTINGS]
    assert [line.macro for line in of_place(lines, Place.SETTINGS)] == ["CONFIG_DEFAULT_SERVER", "CONFIG_DEFAULT_PORT"]
    assert all("Settings.h" in line.meaning for line in lines[2:])


@pytest.mark.parametrize("version", [version for version in LibraryVersion if version is not LibraryVersion.V1_0])
def test_every_line_of_the_other_versions_belongs_into_the_sketch(version: LibraryVersion) -> None:
    lines = firmware_lines(ID, "Pump", version, "gw.example.org", 9443)

    assert of_place(lines, Place.SKETCH) == lines


def test_the_header_of_library_1_0_keeps_the_server_lines_as_comments() -> None:
    lines = firmware_lines(ID, "Pump", LibraryVersion.V1_0, "gw.example.org", 9443)

    written = header(lines, LibraryVersion.V1_0).splitlines()

    assert [text for text in written if text.startswith("#define")] == [line.text for line in lines[:2]]
    assert written[-2:] == [f"//   {line.text}" for line in lines[2:]]


def test_each_version_has_a_name_and_a_rule_for_the_hotspot() -> None:
    assert LibraryVersion.V1_2.label == "Blynk library 1.2 and 1.3"
    assert {version: version.generation for version in LibraryVersion} == {
        LibraryVersion.V1_4: Generation.V1_2,
        LibraryVersion.V1_2: Generation.V1_2,
        LibraryVersion.V1_1: Generation.V1_1,
        LibraryVersion.V1_0: Generation.V1_0,
        LibraryVersion.EDGENT_0_9: Generation.EDGENT_0_9,
    }
