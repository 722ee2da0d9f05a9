"""What the page of a checked sketch says of where a corrected line goes."""

import pytest
from django.urls import reverse

from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import text_of

pytestmark = pytest.mark.django_db


def checked(template: Template, cast: Cast, text: str) -> str:
    page = signed_in(cast.vic).post(reverse("templates:check", args=[template.template_id]), {"text": text})
    return text_of(page)


def test_line_below_the_include_goes_above_it(template: Template, cast: Cast) -> None:
    lines = [
        f'#define BLYNK_TEMPLATE_ID "{template.template_id}"',
        '#include "BlynkEdgent.h"',
        f'#define BLYNK_TEMPLATE_NAME "{template.name}"',
        "void setup() { BlynkEdgent.begin(); }",
    ]
    assert "Above the include, and delete line 3" in checked(template, cast, "\n".join(lines))


def test_wrong_line_is_replaced_where_it_stands(template: Template, cast: Cast) -> None:
    lines = ['#define BLYNK_TEMPLATE_ID "TMPLwrong1234"', f'#define BLYNK_TEMPLATE_NAME "{template.name}"']
    assert "In place of line 1" in checked(template, cast, "\n".join(lines))
