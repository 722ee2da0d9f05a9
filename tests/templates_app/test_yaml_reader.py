"""YAML from strangers: plain values with their lines, and refusals where more is tried."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from templates_app.yaml_reader import DEPTH_LIMIT, VALUES_LIMIT, Unreadable, read

TEXTS = st.text(st.characters(exclude_characters="\x85\u2028\u2029", exclude_categories=["Cs"]), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value.problem.line, caught.value.problem.message


@given(PLAIN)
@example("1e3")
@example("yes")
@example("012")
@example("0x1f")
@example("1:30")
@example("2026-11-23")
@example("-.5")
@example(".inf")
@example("1_000")
@example("")
@example("😀")
@example("=")
@example("<<")
def test_what_pyyaml_writes_is_read_back(value: object) -> None:
    assert read(yaml.safe_dump({"v": value}, allow_unicode=True)).value == {"v": value}


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 5)))
def test_decimals_are_read_back(number: float) -> None:
    assert read(yaml.safe_dump({"v": number})).value == {"v": number}


@given(st.text(max_size=200) | st.text("[]{}:,-&*!|>'\"%@`#?~ \n\tab1", max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    line = 1
    try:
        read(text)
    except Unreadable as refused:
        line = refused.problem.line
    assert 1 <= line <= len(text.splitlines()) + 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (BOMB, 1, "Anchors and aliases"),
        ("a: 1\nb: *a\n", 2, "Anchors and aliases"),
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "Tags"),
        ("a: !!str 1\n", 1, "Tags"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: [1\nb: 2\n", 2, "no YAML"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "single word"),
        ("a: \x00\n", 1, "character"),
        ("a: 1\nb: \x07\n", 2, "character"),
        ("[" * 100_000, 1, "nested"),
        ("{a: " * 100_000, 1, "nested"),
        ("- " * 100_000, 1, "nested"),
        ("- x\n" * (VALUES_LIMIT + 1), VALUES_LIMIT, "values"),
    ],
)
def test_refusals_say_where_and_why(text: str, line: int, words: str) -> None:
    found, message = refusal(text)

    assert (found, words in message) == (line, True), message


def test_depth_is_taken_up_to_the_limit() -> None:
    assert read("[" * (DEPTH_LIMIT - 1) + "]" * (DEPTH_LIMIT - 1)).value is not None


def test_a_field_that_stands_twice_is_named_and_the_first_is_kept() -> None:
    tree = read("a: 1\nb:\n- c: 1\n  c: 2\na: 3\n")

    assert tree.value == {"a": 1, "b": [{"c": 1}]}
    assert [(problem.line, problem.path) for problem in tree.problems] == [(4, "b.0.c"), (5, "a")]


def test_lines_are_known_by_path_and_by_the_nearest_thing_around() -> None:
    tree = read("# head\na: 1\nb:\n- c: 1\n- d: 2\n")

    assert [tree.line_of(path) for path in ("a", "b", "b.1", "b.1.d", "b.1.missing", "nothing", "")] == [
        2,
        3,
        5,
        5,
        5,
        2,
        2,
    ]


def test_numbers_too_long_for_numbers_stay_texts() -> None:
    assert read(f"a: {'9' * 5000}").value == {"a": "9" * 5000}
