"""Any text is answered, in time proportional to its length; corrected lines are right, for us and for the compiler."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from console.kit.findings import Severity
from templates_app.firmware import LibraryVersion
from templates_app.sketch.checking import check
from templates_app.sketch.scanner import Define, Undefine, scan
from templates_app.sketch.values import Context, Kind, Report
from tests.templates_app.sketch.examples import CONTEXT, EDGENT, HOST, ID, LINES, NAME, report
from tests.templates_app.strategies import any_text, drawn_texts

PIECES = st.sampled_from(
    [
        *LINES.splitlines(keepends=True),
        "#if 0\n", "#if 1\n", "#ifdef X\n", "#elif 1\n", "#else\n", "#endif\n", "#undef BLYNK_TEMPLATE_ID\n",
        '#include "BlynkEdgent.h"\n', "#include <BlynkSimpleEsp32.h>\n", "#define BLYNK_PRINT Serial\n",
        "/*", "*/", "//", '"', "'", 'R"(', ')"', "\\", "\n", "\\\n", ";", "=", "#", "#define ", "{", "}", "TMPL",
        "\u00a0", "\u200b", "\ufeff", "“", "”", "’", "\x00", "Blynk.begin(", ")", ",", "Pass: ", "Connecting to ",
        "[1] ", "AP IP: 0.0.0.0\n", '{"tmpl_id":', '"board"', "Device: ", "lfd_", "é", "\N{SEEDLING}", "\ud800",
    ]
)  # fmt: skip
anything = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))
libraries = st.one_of(st.none(), st.sampled_from(LibraryVersion))

DAMAGES = [
    (ID, "TMPL4fcxk0xNw"), (ID, ID[4:]), (ID, "TMPL7other-ID"), (ID, f"{ID} "), (f'"{ID}"', ""), (f'"{ID}"', f"“{ID}”"),
    (NAME, "soil sensor"), (NAME, "Soil\u00a0Sensor"), (f'"{NAME}"', f'"{NAME}";'), (f'"{NAME}"', NAME),
    ("BLYNK_TEMPLATE_NAME", "BLYNK_TEMPLATE_Name"), ("BLYNK_TEMPLATE_NAME", "BLYNK_DEVICE_NAME"),
    (HOST, "blynk.cloud"), ("9443", "= 9443"), ("9443", "443"), ("#define CONFIG", "//#define CONFIG"),
    ("#define BLYNK_PRINT", '#define BLYNK_AUTH_TOKEN "x"\n#define BLYNK_PRINT'),
    ("#define BLYNK_PRINT", "#define APP_DEBUG\n#define BLYNK_PRINT"),
    ('"0.1.0"', '"0.1.0";'), ("#define BLYNK_FIRMWARE", "\u200b#define BLYNK_FIRMWARE"),
]  # fmt: skip


@settings(max_examples=400)
@given(anything, libraries)
def test_any_text_is_answered(text: str, library: LibraryVersion | None) -> None:
    found = report(text, library)

    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(f.line is None or 1 <= f.line <= lines for f in found.findings)
    assert all(f.finding.title and f.finding.evidence and f.finding.next_step for f in found.findings)
    assert all("\n" not in f.corrected for f in found.findings)


def applied(text: str, found: Report) -> str:
    """The text with every corrected line in its place, and lines that are missing on top."""
    lines = text.split("\n")
    added = []
    for f in found.findings:
        if f.corrected and f.line:
            lines[f.line - 1] = f.corrected
        elif f.corrected:
            added.append(f.corrected)
    return "\n".join([*added, *lines])


@settings(max_examples=200)
@given(st.lists(st.sampled_from(DAMAGES), max_size=5), libraries)
def test_a_text_with_every_corrected_line_in_place_is_right(
    damages: list[tuple[str, str]], library: LibraryVersion | None
) -> None:
    if library is LibraryVersion.V1_0:
        library = LibraryVersion.V1_1
    text = EDGENT
    for old, new in damages:
        text = text.replace(old, new, 1)

    for _ in range(2):
        text = applied(text, report(text, library))

    assert [f for f in report(text, library).findings if f.finding.severity is not Severity.INFO] == []


@given(any_text.filter(lambda name: name.strip() and "\x00" not in name), libraries)
def test_corrected_lines_for_any_name_have_no_finding(name: str, library: LibraryVersion | None) -> None:
    context = Context(ID, name, HOST, port=9443, plain_port=8080, library=library)
    lines = "\n".join(f.corrected for f in check("#define X 1\n", context).findings if f.corrected)

    assert [f for f in check(lines, context).findings if f.finding.severity is not Severity.INFO] == []


def test_the_compiler_takes_corrected_lines(tmp_path: Path) -> None:
    names = [name for name in drawn_texts(60) if name.strip()]
    source = ""
    for number, name in enumerate(names):
        context = Context(ID, name, HOST, port=9443, plain_port=8080)
        corrected = [f.corrected for f in check("#define BLYNK_TEMPLATE_ID 7;\n#define X\n", context).findings]
        source += (
            "\n".join(dict.fromkeys(corrected)) + f"\nconst char *n{number} = BLYNK_TEMPLATE_ID BLYNK_TEMPLATE_NAME;\n"
        )
        source += f"const char *s{number} = CONFIG_DEFAULT_SERVER; int p{number} = CONFIG_DEFAULT_PORT;\n"
        source += "".join(f"#undef {line.split()[1]}\n" for line in dict.fromkeys(corrected))
    file = tmp_path / "lines.c"
    file.write_text(source)

    done = subprocess.run(
        ["gcc", "-fsyntax-only", "-Wall", "-Werror", "-trigraphs", file], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr[:2000]


MARKS = st.sampled_from([f"#define M{n} 1\n" for n in range(4)] + [f"#undef M{n}\n" for n in range(2)])
LEXICAL = st.sampled_from(
    [
        "/*",
        "*/",
        "//",
        '"',
        "'",
        'R"(',
        ')"',
        "u8R",
        "\\",
        "\n",
        "\\\n",
        "\\ \n",
        "#",
        " ",
        "\t",
        "a",
        "1'0",
        "x'y'",
        "\\'",
    ]
)
PIECES_OF_C = st.recursive(
    st.lists(st.one_of(MARKS, MARKS, LEXICAL, st.just("\n")), max_size=8).map("".join),
    lambda inner: st.tuples(st.sampled_from(["#if 0\n", "#if 1\n", "#if 0\n#elif 1\n", "#if (0)\n"]), inner, inner).map(
        lambda parts: f"\n{parts[0]}{parts[1]}\n#else\n{parts[2]}\n#endif\n"
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.lists(PIECES_OF_C, max_size=4).map("".join))
def test_macros_are_those_that_the_compiler_sees(text: str) -> None:
    done = subprocess.run(
        ["g++", "-std=gnu++17", "-x", "c++", "-E", "-dM", "-undef", "-w", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assume(done.returncode == 0)
    known = {name for name in ("M0", "M1", "M2", "M3") if f"#define {name} 1\n" in done.stdout}

    seen: set[str] = set()
    for directive in scan(text).directives:
        if isinstance(directive, Define):
            seen.add(directive.macro)
        elif isinstance(directive, Undefine):
            seen.discard(directive.macro)

    assert {name for name in seen if name[0] == "M"} == known


HOSTILE = {
    "quotes": '"', "apostrophes": "1'", "hashes": " #", "conditions": "#if X\n", "dead conditions": "#if 0\n",
    "comments": "/**/#", "open comments": "/* ", "raw strings": 'R"a(', "splices": "\\\n", "spaces": " ",
    "same macro": "#define BLYNK_TEMPLATE_ID\n", "undefined": "#define BLYNK_TEMPLATE_ID 1\n#undef BLYNK_TEMPLATE_ID\n",
    "stray": "\u00a0", "smart": "x“\n", "calls": "Blynk.begin(", "passwords": "WiFi SSID:",
    "servers": "Connecting to a:1 ",
    "long device": " a", "tokens": "lfd_" + "a" * 28 + " ", "ids": "TMPL123456789 ", "braces": "{[", "zeroes": "\x00",
    "one server": "[1] Connecting to b:1\n",
}  # fmt: skip
BEGINNINGS = (LINES, f"#include <BlynkSimpleEsp32.h>\n{LINES}", "[1] INIT => WAIT_CONFIG\n Device: ", '{"tmpl_id":"')


def steps(text: str) -> int:
    """How many lines of Python the check runs; what regular expressions do inside is possessive or bounded."""
    count = 0
    monitoring = sys.monitoring

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    monitoring.use_tool_id(monitoring.PROFILER_ID, "steps")
    try:
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, counted)
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.LINE)
        check(text, CONTEXT)
    finally:
        monitoring.set_events(monitoring.PROFILER_ID, 0)
        monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.LINE, None)
        monitoring.free_tool_id(monitoring.PROFILER_ID)
    return count


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=["lines", "static", "log", "info"])
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_cost_in_proportion_to_their_length(piece: str, beginning: str) -> None:
    once, four_times = (steps(beginning + piece * count) for count in (400, 1600))

    assert four_times <= 4 * once + 2000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_large_hostile_text_is_answered_with_a_bounded_report(piece: str) -> None:
    for beginning in BEGINNINGS:
        found = check((beginning + piece * 200_000)[:200_000], CONTEXT)
        assert found.kind in Kind
        assert len(found.findings) <= 50
        assert all(len(f.finding.evidence) < 1500 for f in found.findings)
