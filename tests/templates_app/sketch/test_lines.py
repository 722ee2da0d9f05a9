"""Sketches and config lines: each finding by an example of it."""

import pytest

from console.kit.findings import Severity
from console.kit.tokens import TOKEN_PREFIX, new_secret
from templates_app.firmware import LibraryVersion, block, firmware_lines
from templates_app.sketch.values import Kind
from tests.templates_app.sketch.examples import (
    EDGENT,
    HOST,
    ID,
    LINES,
    NAME,
    OTHER_ID,
    OTHER_NAME,
    STATIC,
    codes,
    only,
    report,
)

ID_LINE = f'#define BLYNK_TEMPLATE_ID "{ID}"'
NAME_LINE = f'#define BLYNK_TEMPLATE_NAME "{NAME}"'


@pytest.mark.parametrize(("text", "kind"), [(LINES, Kind.LINES), (EDGENT, Kind.SKETCH), (STATIC, Kind.SKETCH)])
def test_what_is_right_has_no_finding(text: str, kind: Kind) -> None:
    found = report(text)

    assert (found.kind, found.findings, found.is_clean) == (kind, (), True)


@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        ("TMPL4fcxk0xNw", "id-not-exact", "only looks like the right one"),
        ("TMPL4fcxkОxNw", "id-not-exact", "only looks like the right one"),
        ("TMPL4fcxkoxnw", "id-not-exact", "capital and small letters"),
        ("TMPL4fcxkOxNw ", "id-not-exact", "a space too many"),
        (" TMPL4fcxkOxNw", "id-not-exact", "a space too many"),
        ("TMPL4fcxk\u200bOxNw", "id-not-exact", "cannot be seen"),
        ("4fcxkOxNw", "id-without-prefix", "TMPL is missing"),
        ("TMP4fcxkOxNw", "id-without-prefix", "TMPL is missing"),
        ("Template1", "id-without-prefix", "begins with TMPL"),
        ("TMPxxxxxx", "id-placeholder", "still the example's"),
        (OTHER_ID, "id-of-other-template", f"another template: {OTHER_NAME}"),
        ("TMPL123456789", "id-unknown", "no template of your team"),
    ],
)
def test_an_id_that_is_not_exactly_the_templates(value: str, code: str, sentence: str) -> None:
    found = only(LINES.replace(ID, value), code)

    assert sentence in found.finding.title
    assert (found.line, found.corrected, found.finding.severity) == (1, ID_LINE, Severity.ERROR)
    assert ID in found.finding.evidence


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("soil sensor", "capital and small letters"),
        ("Soil  Sensor", "in its spaces"),
        ("Soil Sensor ", "in its spaces"),
        ("Soil\u00a0Sensor", "in its spaces"),
        ("SoiI Sens0r", "only looks like the right one"),
        (OTHER_NAME, f"another template: {OTHER_NAME}"),
        ("Tap", "not the template's"),
    ],
)
def test_a_name_that_is_not_exactly_the_templates(value: str, sentence: str) -> None:
    found = only(LINES.replace(NAME, value), "name-not-exact")

    assert sentence in found.finding.title
    assert (found.line, found.corrected) == (2, NAME_LINE)


def test_the_first_character_that_differs_is_named() -> None:
    found = only(LINES.replace("kOx", "k0x"), "id-not-exact")

    assert "Character 10 is “0” (digit zero) and should be “O” (latin capital letter o)." in found.finding.evidence


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('#define BLYNK_TEMPLATE_ID "TMPL4fcxkOxNw";', "define-semicolon"),
        ('#define BLYNK_TEMPLATE_ID = "TMPL4fcxkOxNw"', "define-equals"),
        ("#define BLYNK_TEMPLATE_ID TMPL-fcxkOxNw", "define-unquoted"),
        ("#define BLYNK_TEMPLATE_ID 'TMPL4fcxkOxNw'", "define-single-quotes"),
        ('#define BLYNK_TEMPLATE_ID "TMPL4fcxkOxNw', "define-open-string"),
        ("#define BLYNK_TEMPLATE_ID “TMPL4fcxkOxNw”", "define-smart-quotes"),
        ("#define BLYNK_TEMPLATE_ID", "define-empty"),
        ('#define BLYNK_TEMPLATE_ID ""', "define-empty"),
        ('#define BLYNK_TEMPLATE_Id "TMPL4fcxkOxNw"', "macro-misspelt"),
        ('#define BLYNK_TEMPLATEID "TMPL4fcxkOxNw"', "macro-misspelt"),
        ('#define\u00a0BLYNK_TEMPLATE_ID "TMPL4fcxkOxNw"', "invisible-characters"),
        ('#define BLYNK_TEMPLATE_ID\u200b "TMPL4fcxkOxNw"', "invisible-characters"),
    ],
)
def test_a_line_that_is_written_wrong(line: str, code: str) -> None:
    found = only(LINES.replace(ID_LINE, line), code)

    assert (found.line, found.finding.severity) == (1, Severity.ERROR)
    assert found.corrected == ID_LINE


@pytest.mark.parametrize(
    "line",
    [
        f'  #  define   BLYNK_TEMPLATE_ID   "{ID}"   // from the console',
        f'/* first */ #define BLYNK_TEMPLATE_ID /* the id */ "{ID}"',
        f'#define BLYNK_TEMPLATE_ID \\\n  "{ID}"',
        f'#define BLYNK_TEMPLATE_ID "TMPL" "{ID[4:]}"',
        f'#define BLYNK_TEMPLATE_ID /* spans\n lines */ "{ID}"',
        f'#define MY_ID "{ID}"\n#define BLYNK_TEMPLATE_ID MY_ID',
        f'#define BLYNK_TEMPLATE_ID "\\x54MPL{ID[4:]}"',
        f'\ufeff#define BLYNK_TEMPLATE_ID "{ID}"',
        f'#if 1\n#define BLYNK_TEMPLATE_ID "{ID}"\n#else\n#define BLYNK_TEMPLATE_ID "x"\n#endif',
        f'#define BLYNK_TEMPLATE_ID "x"\n#undef BLYNK_TEMPLATE_ID\n#define BLYNK_TEMPLATE_ID "{ID}"'.replace(
            '"x"', f'"{ID}"'
        ),
    ],
)
def test_every_way_to_write_it_right_counts(line: str) -> None:
    assert codes(LINES.replace(ID_LINE, line)) == set()


@pytest.mark.parametrize(
    "hidden",
    [
        '// #define BLYNK_TEMPLATE_ID "TMPL123456789"',
        '/* #define BLYNK_TEMPLATE_ID "TMPL123456789" */',
        '/* /* nested */\n// */ #define BLYNK_TEMPLATE_ID "TMPL123456789"',
        '/*\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n*/',
        '#if 0\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n#endif',
        '#if 0\n don\'t "count\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n#endif',
        '#if 0\n#if 1\n#endif\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n#endif',
        '#if 1\n#elif 1\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n#endif',
        'const char* a = "\\\n#define BLYNK_TEMPLATE_ID \\"TMPL123456789\\"";',
        'const char* a = R"(\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n)";',
        'const char* a = u8R"x(\n)"\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n)x";',
        '// a comment that goes on \\\n#define BLYNK_TEMPLATE_ID "TMPL123456789"',
        'int a = 1; #define BLYNK_TEMPLATE_ID "TMPL123456789"',
        'int a = 1; \\\n#define BLYNK_TEMPLATE_ID "TMPL123456789"',
    ],
)
def test_what_the_compiler_does_not_see_is_left_alone(hidden: str) -> None:
    assert codes(f"{LINES}\n{hidden}\n") == set()


@pytest.mark.parametrize(
    "before",
    [
        "char a = '\"';",
        "char a = '\\'';",
        "int a = 1'000'000;",
        'auto a = "/*";',
        'auto a = "//\\"";',
        "// it's a comment with /* and \"",
        'auto a = R"(")";',
        'auto aR"not raw( " ;',
        "/* a comment **/",
        "#error don't",
    ],
)
def test_literals_and_comments_before_a_line_do_not_hide_it(before: str) -> None:
    assert "id-unknown" in codes(f'{before}\n#define BLYNK_TEMPLATE_ID "TMPL123456789"\n')


def test_a_line_under_a_condition_is_a_warning() -> None:
    text = f'#ifdef ESP8266\n#define BLYNK_TEMPLATE_ID "{OTHER_ID}"\n#else\n{LINES}\n#endif\n'
    found = only(text, "id-of-other-template")

    assert found.finding.severity is Severity.WARNING
    assert "A condition" in found.finding.evidence
    assert "defined-twice" not in codes(text)


def test_missing_lines_are_given_with_the_place_for_them() -> None:
    sketch = '#include <WiFi.h>\n#include "BlynkEdgent.h"\nvoid setup() {}\n'

    for code, line in [("id-missing", ID_LINE), ("name-missing", NAME_LINE)]:
        found = only(sketch, code)
        assert (found.line, found.corrected) == (None, line)
        assert "above line 2" in found.finding.next_step
    assert only(sketch, "server-missing").corrected == f'#define CONFIG_DEFAULT_SERVER "{HOST}"'
    assert only(sketch, "server-port-missing").corrected == "#define CONFIG_DEFAULT_PORT 9443"


def test_a_line_that_is_still_a_comment_is_the_one_to_replace() -> None:
    found = only(LINES.replace(ID_LINE, '//#define BLYNK_TEMPLATE_ID "TMPxxxxxx"'), "id-missing")

    assert (found.line, found.corrected) == (1, ID_LINE)
    assert "comment" in found.finding.evidence


def test_lines_of_another_file_are_asked_for() -> None:
    found = only('#include "config.h"\n#include "BlynkEdgent.h"\n', "id-missing")

    assert found.finding.severity is Severity.WARNING
    assert "config.h" in found.finding.next_step


@pytest.mark.parametrize("value", ['"blynk.cloud"', '"IOT.example.com"', '"10.0.0.5"'])
def test_another_server(value: str) -> None:
    found = only(LINES.replace(f'"{HOST}"', value), "server-other")

    assert (found.line, found.corrected) == (3, f'#define CONFIG_DEFAULT_SERVER "{HOST}"')


def test_another_port() -> None:
    assert only(LINES.replace("9443", "443"), "server-other-port").corrected == "#define CONFIG_DEFAULT_PORT 9443"


def test_lines_after_the_include_are_to_be_moved() -> None:
    found = only(f'#include "BlynkEdgent.h"\n{LINES}'.replace(NAME_LINE, ""), "name-missing")
    moved = report(f'#include "BlynkEdgent.h"\n{LINES}').findings

    assert found.line is None
    assert [f.finding.code for f in moved] == ["line-after-include"] * 4
    assert (moved[0].line, moved[0].corrected) == (2, ID_LINE)


def test_other_includes_may_stand_above_the_lines() -> None:
    assert codes(f'#include <WiFi.h>\n#include "pins.h"\n{EDGENT}') == set()


def test_two_different_values_contradict_each_other() -> None:
    found = only(f'{LINES}#define BLYNK_TEMPLATE_NAME "Tap"\n', "defined-twice")

    assert (found.line, found.corrected) == (5, NAME_LINE)
    assert "Line 2:" in found.finding.evidence
    assert "Line 5:" in found.finding.evidence


@pytest.mark.parametrize(
    "twice",
    [
        f"{LINES}{LINES}",
        f'#ifdef ESP32\n{NAME_LINE}\n#else\n#define BLYNK_TEMPLATE_NAME "Tap"\n#endif\n{ID_LINE}',
        f'#define BLYNK_TEMPLATE_NAME "Tap"\n#undef BLYNK_TEMPLATE_NAME\n{LINES}',
    ],
)
def test_the_same_twice_is_no_contradiction(twice: str) -> None:
    assert "defined-twice" not in codes(twice)


@pytest.mark.parametrize(
    ("library", "macro", "severity"),
    [
        (LibraryVersion.V1_4, "BLYNK_DEVICE_NAME", Severity.WARNING),
        (LibraryVersion.V1_2, "BLYNK_DEVICE_NAME", Severity.WARNING),
        (LibraryVersion.V1_1, "BLYNK_TEMPLATE_NAME", Severity.ERROR),
    ],
)
def test_the_name_has_another_macro_in_other_libraries(library: LibraryVersion, macro: str, severity: Severity) -> None:
    found = only(LINES.replace("BLYNK_TEMPLATE_NAME", macro), "name-macro", library)

    assert found.finding.severity is severity
    assert found.corrected == f'#define {library.name_macro} "{NAME}"'


@pytest.mark.parametrize("library", LibraryVersion)
def test_the_firmware_lines_of_each_library_are_right_for_it(library: LibraryVersion) -> None:
    lines = block(firmware_lines(ID, NAME, library, HOST, 9443))

    assert report(lines, library).is_clean
    assert report(lines).is_clean


def test_library_one_zero_takes_the_server_from_another_file() -> None:
    found = only(EDGENT.replace("BLYNK_TEMPLATE_NAME", "BLYNK_DEVICE_NAME"), "server-in-settings", LibraryVersion.V1_0)

    assert "Settings.h" in found.finding.title
    assert found.finding.severity is Severity.INFO


def test_a_token_macro_does_not_compile_in_an_edgent_sketch() -> None:
    token = new_secret(TOKEN_PREFIX)
    found = only(
        EDGENT.replace("#define BLYNK_PRINT", f'#define BLYNK_AUTH_TOKEN "{token}"\n#define BLYNK_PRINT'),
        "token-in-edgent",
    )

    assert found.finding.severity is Severity.ERROR
    assert token not in found.finding.evidence
    assert found.corrected.startswith("//")


def test_a_token_of_ours_in_any_text_is_a_finding() -> None:
    token = new_secret(TOKEN_PREFIX)
    found = only(STATIC.replace('"x"', f'"{token}"'), "token-in-text")

    assert (found.line, found.finding.evidence) == (6, "Line 6: lfd_••••")


def test_what_only_looks_like_a_token_of_ours_is_none() -> None:
    assert codes(STATIC.replace('"x"', '"lfd_0000000000000000000000000000"')) == set()


@pytest.mark.parametrize("value", ['"YourAuthToken"', '""', '"lfd_0000000000000000000000000000"'])
def test_a_fixed_token_that_is_none(value: str) -> None:
    assert "token-malformed" in codes(f"#define BLYNK_AUTH_TOKEN {value}\n{STATIC}")


def test_debug_output_prints_passwords() -> None:
    sketch = EDGENT.replace("#include", "#define APP_DEBUG\n#include")
    found = only(sketch, "debug-prints-secrets")

    assert found.corrected == "// #define APP_DEBUG"
    assert report(sketch).is_clean
    assert codes(sketch.replace("#define BLYNK_PRINT Serial", "")) == set()
    assert codes(sketch.replace("#define APP_DEBUG", found.corrected)) == set()


def test_network_debugging_prints_the_token() -> None:
    assert only(f"#define BLYNK_DEBUG\n{STATIC}", "debug-prints-secrets").corrected == "// #define BLYNK_DEBUG"


def test_a_fixed_sketch_that_names_no_server() -> None:
    found = only(STATIC.replace(f', "{HOST}", 8080', ""), "server-missing")

    assert found.line == 8
    assert f'"{HOST}", 8080' in found.corrected
    assert "correct horse" not in found.finding.evidence


def test_a_fixed_sketch_that_names_another_server() -> None:
    assert "server-other" in codes(STATIC.replace(HOST, "blynk.cloud"))
    assert "server-other" in codes(STATIC.replace("8080", "80"))
    assert codes(STATIC.replace(f'"{HOST}", 8080', "host, port")) == set()


def test_typographic_quotes_in_code_are_stray_and_elsewhere_they_are_not() -> None:
    found = only(f"{EDGENT}\nvoid f() {{ Serial.println(“hi”); }}\n", "smart-quotes")

    assert found.corrected == 'void f() { Serial.println("hi"); }'
    assert codes(f'{EDGENT}\n// “quoted”\nauto a = "“quoted”\u00a0";\n') == set()


def test_a_line_that_may_hold_a_password_is_not_given_back() -> None:
    found = only(f"{EDGENT}\nchar pass[] = “correct horse”;\n", "smart-quotes")

    assert found.corrected == ""
    assert "horse" not in found.finding.evidence


def test_a_semicolon_after_any_macro_of_the_library() -> None:
    found = only(EDGENT.replace('"0.1.0"', '"0.1.0";'), "define-semicolon")

    assert found.line == 6


def test_errors_come_first_and_findings_are_bounded() -> None:
    many = LINES + "".join(f"#define BLYNK_X{n} 1;\n" for n in range(500))
    found = report(many)

    assert len(found.findings) == 50
    assert found.left_out > 0


def test_windows_line_ends_count_as_one() -> None:
    assert only(LINES.replace(NAME, "Tap").replace("\n", "\r\n"), "name-not-exact").line == 2


@pytest.mark.parametrize("text", ["", "   ", "hello", "int main;", "[]", "{}", "null"])
def test_what_is_none_of_these_is_said_to_be_none(text: str) -> None:
    found = report(text)

    assert found.kind is Kind.UNKNOWN
    assert [f.finding.code for f in found.findings] == ["text-not-recognised"]
