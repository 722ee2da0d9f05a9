"""The list of refused logins: pages and API."""

import pytest
from django.urls import reverse

from console.kit.tokens import TOKEN_PREFIX, digest, hint, new_secret
from devices.actions import activation, devices, logins, sessions
from devices.actions.values import Claim, Login, Refused
from devices.models import Device, RefusedLogin
from devices.presenters.refused import NEXT_STEPS
from devices.status import Refusal
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller
from tests.selectors import has, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("devices:refused")


def call(token: str, times: int = 1) -> None:
    for _ in range(times):
        (verdict,) = logins.look_up([Login(digest(token), hint(token), "192.0.2.9")])
        assert isinstance(verdict, Refused)


@pytest.fixture
def gone(template: Template, cast: Cast) -> str:
    """The token of a device that was deleted and still calls."""
    opened = sessions.open_session(template=template, by=cast.alice)
    activation.activate([Claim(opened.session.token.pk, "192.0.2.7")])
    devices.rename(device=Device.objects.get(), name="Old pump", by=cast.alice)
    devices.delete(device=Device.objects.get(), by=cast.alice)
    assert opened.token
    call(opened.token, times=3)
    return opened.token


def test_deleted_device_that_still_calls_is_shown_with_its_name(gone: str, cast: Cast) -> None:
    page = signed_in(cast.vic).get(LIST)
    row = text_of(page, "tbody tr")
    for part in ("Old pump", "Device deleted", gone[:8], "192.0.2.9", "3", "switch it off"):
        assert part in row
    assert gone not in page.text


def test_every_reason_has_its_next_step() -> None:
    assert set(NEXT_STEPS) == set(Refusal)


def test_filter_by_reason(gone: str, cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert "Old pump" in text_of(client.get(LIST, {"reason": "device deleted"}))
    assert "No login refused for this reason" in text_of(client.get(LIST, {"reason": "token expired"}))
    assert "Old pump" in text_of(client.get(LIST, {"reason": "\0"}))


def test_token_of_nobody_and_of_another_team_is_not_shown(gone: str, cast: Cast) -> None:
    call(new_secret(TOKEN_PREFIX))
    assert RefusedLogin.objects.count() == 2
    assert not has(signed_in(cast.sam).get(LIST), "tbody tr")
    assert text_of(signed_in(cast.alice).get(LIST), "tbody").count("Old pump") == 1


def test_cancelled_session_is_linked(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    sessions.cancel(session=opened.session)
    call(opened.token or "")
    url = reverse("sessions:detail", args=[opened.session.pk])
    assert has(signed_in(cast.alice).get(LIST), f'tbody a[href="{url}"]')


def test_empty_list_says_what_will_be_here(cast: Cast) -> None:
    assert "No refused logins" in text_of(signed_in(cast.alice).get(LIST))


def test_list_is_bounded_and_costs_the_same(gone: str, cast: Cast, django_assert_max_num_queries: object) -> None:
    row = RefusedLogin.objects.get()
    RefusedLogin.objects.bulk_create(
        RefusedLogin(
            hint=f"x{number}",
            address="192.0.2.1",
            reason=row.reason,
            token=row.token,
            team_id=cast.team.pk,
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for number in range(250)
    )
    client = signed_in(cast.alice)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        page = client.get(LIST)
    assert page.text.count('data-label="Token"') == 200
    assert "251 refused logins; the 200 that called last are shown" in text_of(page)


def test_api_lists_them(gone: str, cast: Cast) -> None:
    (row,) = caller(cast.vic).get("refused-logins/?reason=device+deleted").data["results"]
    assert row["device_name"] == "Old pump"
    assert row["device_id"] is None
    assert (row["hint"], row["attempts_count"]) == (gone[:8], 3)
    assert "switch it off" in row["next_step"]
    assert caller(cast.sam).get("refused-logins/").data["results"] == []
    assert caller(cast.vic).get("refused-logins/?reason=x").status == 400
