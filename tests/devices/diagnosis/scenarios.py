"""What boards and people do to bring each cause about: real bytes, real TLS, and the API; by the finding's code."""

import ssl
import warnings
from collections.abc import Callable
from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from console.teams.models import Grant
from devices.actions import sessions
from devices.models import Device as DeviceRow
from devices.models import ProvisioningSession
from devices.wire.messages import Response
from templates_app.actions import templates as template_actions
from templates_app.models import Template
from templates_app.sketch.last_error import MEANINGS
from tests.console.api.caller import caller
from tests.devices.diagnosis.stage import Stage
from tests.devices.gateway.harness import Device, device_at, until

type Scenario = Callable[[Stage], None]
SCENARIOS: dict[str, Scenario] = {}
LONG_HOST = "gateway-of-the-greenhouse.example.com"


def brings(*codes: str) -> Callable[[Scenario], Scenario]:
    """The scenario brings these findings about."""

    def keep(scenario: Scenario) -> Scenario:
        for code in codes:
            assert code not in SCENARIOS
            SCENARIOS[code] = scenario
        return scenario

    return keep


# What the gateway sees of tokens


@brings("template_mismatch")
def firmware_of_another_template(stage: Stage) -> None:
    stage.open()
    with device_at(stage.running.port, stage.token, tmpl="TMPLother9999") as board:
        board.expect_close()


@brings("no_permission")
def grant_that_is_gone(stage: Stage) -> None:
    grant = Grant.objects.create(member=stage.cast.ines, template_id=stage.template.template_id)
    stage.open(caller(stage.cast.ines))
    grant.delete()
    stage.refused(stage.token)


@brings("token_cut")
def token_with_a_wrong_end(stage: Stage) -> None:
    stage.open()
    stage.refused(stage.token[:20] + "x" * 12)


@brings("token_expired")
def login_after_the_deadline(stage: Stage) -> None:
    stage.open()
    stage.expire()
    stage.refused(stage.token)


@brings("token_cancelled")
def token_of_a_cancelled_session(stage: Stage) -> None:
    token = stage.earlier()
    stage.open()
    sessions.cancel(session=ProvisioningSession.objects.exclude(pk=stage.session_id).get())
    stage.refused(token)


@brings("token_used")
def token_that_another_firmware_spent(stage: Stage) -> None:
    token = stage.earlier()
    stage.open()
    with device_at(stage.running.port, token, tmpl="TMPLother9999") as board:
        board.expect_close()
    stage.refused(token)


@brings("device_deleted")
def token_of_a_deleted_device(stage: Stage) -> None:
    token = stage.earlier()
    stage.open()
    with device_at(stage.running.port, token) as board:
        board.expect(Response)
        assert stage.who.delete(f"devices/{DeviceRow.objects.get().pk}/").status == 204
        board.expect_close()
    stage.refused(token)


@brings("token_of_other_team")
def token_of_another_team(stage: Stage) -> None:
    other = template_actions.create(
        team=stage.cast.sam.team, name="Boiler", board="esp32", description="", by=stage.cast.sam
    )
    opened = sessions.open_session(template=other, by=stage.cast.sam)
    sessions.cancel(session=opened.session)
    stage.open()
    stage.refused(opened.token or "")


@brings("token_malformed")
def placeholder_in_the_sketch(stage: Stage) -> None:
    stage.open()
    stage.refused("YourAuthToken")


@brings("token_unknown")
def token_of_another_server(stage: Stage) -> None:
    stage.open()
    stage.refused("x" * 32)


@brings("came_back")
def board_that_kept_its_token(stage: Stage) -> None:
    token = stage.earlier()
    with device_at(stage.running.port, token) as board:
        board.expect(Response)
    until(lambda: DeviceRow.objects.filter(presence__is_connected=False).exists())
    stage.open()
    with device_at(stage.running.port, token) as board:
        board.expect(Response)
        until(lambda: DeviceRow.objects.filter(presence__is_connected=True).exists())
    stage.expire()


@brings("seen_then_expired")
def board_that_dies_after_its_login(stage: Stage) -> None:
    stage.open()
    assert stage.log_in(stage.token) == 200
    stage.expire()


@brings("online_without_info")
def board_without_an_info_block(stage: Stage) -> None:
    stage.open()
    board = Device(stage.running.port)
    stage.boards.append(board)
    assert board.log_in(stage.token) == 200
    until(lambda: DeviceRow.objects.filter(presence__is_connected=True).exists())
    DeviceRow.objects.update(activated_at=timezone.now() - timedelta(minutes=1))


# What it sees of connections


@brings("tls_not_trusted")
def board_without_our_root(stage: Stage) -> None:
    stage.open()
    stage.shake_hands(stage.running.tls_port, ssl.create_default_context(), "localhost")


@brings("tls_other_name")
def board_that_calls_by_another_name(stage: Stage) -> None:
    stage.open()
    context = ssl.create_default_context(cafile=str(stage.authority.root))
    stage.shake_hands(stage.running.tls_port, context, "gateway.example.com")


@brings("tls_no_common")
def board_with_an_old_tls(stage: Stage) -> None:
    stage.open()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    stage.shake_hands(stage.running.tls_port, context, "localhost")


@brings("tls_cut")
def board_that_hangs_up_in_the_handshake(stage: Stage) -> None:
    stage.open()
    stage.hello(b"")


@brings("tls_failed")
def board_that_sends_an_alert_of_its_own(stage: Stage) -> None:
    stage.open()
    stage.hello(bytes([0x15, 3, 3, 0, 2, 2, 80]))


@brings("plain_on_tls")
def login_without_tls_on_the_tls_port(stage: Stage) -> None:
    stage.open()
    stage.send(b"\x1d\x00\x01\x00\x20" + stage.token.encode(), tls=True)


@brings("tls_on_plain")
def tls_on_the_plain_port(stage: Stage) -> None:
    stage.open()
    stage.shake_hands(stage.running.port, ssl.create_default_context(), "localhost")


@brings("turned_away")
def board_that_calls_again_and_again(stage: Stage) -> None:
    stage.open()
    for _ in range(4):
        stage.log_in("y" * 32)
    stage.failed()


@brings("never_seen", "undecided", "gateway_unreachable")
def silence(stage: Stage) -> None:
    stage.open()
    stage.expire()


@brings("closed_before_login")
def connection_that_says_nothing_and_goes(stage: Stage) -> None:
    stage.open()
    Device(stage.running.port).close()
    stage.failed()


@brings("no_login")
def connection_that_says_nothing_and_stays(stage: Stage) -> None:
    stage.open()
    stage.send(b"")


@brings("not_the_protocol")
def browser_at_the_gateway(stage: Stage) -> None:
    stage.open()
    stage.send(b"GET / HTTP/1.1\r\n\r\n")


# What a board says that no virtual one does; the others are in board_scenarios.


@brings("preprovisioned")
def board_whose_firmware_was_patched(stage: Stage) -> None:
    stage.open()
    stage.tell("serial", "[100] Firmware is preprovisioned")


def describes(**fields: object) -> Scenario:
    """A board that describes itself so."""

    def scenario(stage: Stage) -> None:
        stage.open()
        own = {"board": stage.template.name, "tmpl_id": stage.template.template_id, "fw_ver": "0.1.0"}
        stage.tell("board_info", own | fields)

    return scenario


@brings("name_too_long", "name_lint", "name_cut")
def board_whose_hotspot_has_no_room(stage: Stage) -> None:
    Template.objects.update(name="Soil Sensor of the Greenhouse")
    stage.template.refresh_from_db()
    stage.open()


for _number in MEANINGS:
    brings(f"last_error_{_number}")(describes(last_error=_number))
brings("last_error_unknown")(describes(last_error=999))


# What people see


def sees(kind: str, value: str) -> Scenario:
    def scenario(stage: Stage) -> None:
        stage.open()
        stage.tell(kind, value)

    return scenario


for _led in ("dark", "breathing", "waiting", "configuring", "joining", "calling", "error"):
    brings(f"led_{_led}")(sees("led", _led))
brings("phone_left")(sees("answer", "phone_left"))
brings("settings_not_sent")(sees("answer", "phone_joined"))


@brings("not_found")
def phone_that_does_not_show_the_hotspot(stage: Stage) -> None:
    stage.open()
    stage.tell("led", "waiting")
    stage.tell("answer", "hotspot_not_seen")


@brings("gateway_lint")
def gateway_without_a_certificate(stage: Stage) -> None:
    stage.open()


@brings("others_fail")
def template_that_never_came_online(stage: Stage) -> None:
    for _ in range(3):
        stage.open()
        stage.expire()
    stage.open()
    stage.tell("led", "other")


@brings("others_succeed")
def template_that_others_came_online_with(stage: Stage) -> None:
    with device_at(stage.running.port, stage.earlier()) as board:
        board.expect(Response)
    stage.open()
    stage.tell("led", "other")


AT_END: dict[str, Scenario] = {
    "name_too_long": lambda stage: stage.tell("serial", "[2700] AP IP:   0.0.0.0"),
    "name_lint": Stage.expire,
    "name_cut": Stage.expire,
    "gateway_lint": Stage.expire,
}
"""What follows, for those that have their beginning in common with others."""

PUBLIC = override_settings(GATEWAY_PUBLIC_HOST=LONG_HOST)
UNDER = {"host_cut": PUBLIC, "gateway_lint": PUBLIC}
"""Settings of the installation that a cause needs."""
