import pytest

from templates_app.template_ids import ALPHABET, LENGTH, is_template_id, new_template_id


def test_a_new_id_has_the_form_that_boards_insist_on() -> None:
    made = new_template_id()

    assert made.startswith("TMPL")
    assert len(made) == LENGTH == 13
    assert set(made[4:]) <= set(ALPHABET)
    assert is_template_id(made)


def test_ids_do_not_repeat() -> None:
    assert len({new_template_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["TMPL4fcxkOxNw", "TMPL3c52u_IhW", "TMPL-_-_-_-_-"])
def test_published_ids_are_recognised(text: str) -> None:
    assert is_template_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TMPL",
        "TMPL4fcxkOxN",
        "TMPL4fcxkOxNww",
        "tmpl4fcxkOxNw",
        "TMPL4fcxkOxN\n",
        "TMPL4fcxkOxNw\n",
        " TMPL4fcxkOxN",
        "TMPL4fcxkOx.w",
        "TMPL4fcxkOxNé",
    ],
)
def test_anything_else_is_not_an_id(text: str) -> None:
    assert not is_template_id(text)
