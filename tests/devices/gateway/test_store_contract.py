"""One contract for the real store and the one in memory, so that tests on the latter mean something."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from console.kit.tokens import digest, hint
from devices.actions import activation, sessions
from devices.actions import devices as device_actions
from devices.actions.values import (
    Activated,
    Attach,
    Batch,
    Claim,
    Detach,
    LiveToken,
    Login,
    Meta,
    Refused,
    Superseded,
    Written,
)
from devices.gateway.port import Store
from devices.gateway.store import DjangoStore
from devices.models import AuthToken, Device
from devices.status import Refusal
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.gateway.fake_store import FakeStore

UNKNOWN = "lfd_" + "0" * 28


@dataclass
class World:
    """A store, and how to bring its tokens about."""

    store: Store
    issue: Callable[[], str]
    kill: Callable[[str], None]
    template_id: str


@pytest.fixture(params=["real", "fake"])
def world(request: pytest.FixtureRequest, fake: FakeStore, template: Template, cast: Cast) -> World:
    if request.param == "fake":
        return World(
            fake,
            lambda: fake.issue(template.template_id),
            lambda token: fake.revoke(token, Refusal.DELETED),
            template.template_id,
        )

    def issue() -> str:
        return sessions.open_session(template=template, by=cast.alice).token or ""

    def kill(token: str) -> None:
        found = AuthToken.objects.get(digest=digest(token)).device
        assert found
        device_actions.delete(device=found, by=cast.alice)

    return World(DjangoStore(), issue, kill, template.template_id)


pytestmark = pytest.mark.django_db(transaction=True)


def login(token: str) -> Login:
    return Login(digest(token), hint(token), "192.0.2.9")


def live(world: World, token: str) -> LiveToken:
    (verdict,) = world.store.look_up([login(token)])
    assert isinstance(verdict, LiveToken)
    return verdict


def activated(world: World, token: str) -> Activated:
    (outcome,) = world.store.activate([Claim(live(world, token).token_id, "192.0.2.9")])
    assert isinstance(outcome, Activated)
    return outcome


def test_verdicts_stand_in_the_order_asked(world: World) -> None:
    pending = world.issue()
    first, second, third = world.store.look_up([login(UNKNOWN), login(pending), login(UNKNOWN)])
    assert first == third == Refused(Refusal.UNKNOWN)
    assert isinstance(second, LiveToken)
    assert (second.template_id, second.device_id) == (world.template_id, None)


def test_activation_gives_the_token_its_device(world: World) -> None:
    token = world.issue()
    outcome = activated(world, token)
    assert outcome.is_new
    assert live(world, token).device_id == outcome.device_id
    assert world.store.activate([Claim(outcome.token_id, "192.0.2.9")]) == [
        Activated(outcome.token_id, outcome.device_id, is_new=False)
    ]


def test_own_template_id_activates(world: World) -> None:
    token_id = live(world, world.issue()).token_id
    (outcome,) = world.store.activate([Claim(token_id, "192.0.2.9", world.template_id)])
    assert isinstance(outcome, Activated)


def test_another_template_id_is_refused_and_kills_the_token(world: World) -> None:
    token = world.issue()
    claim = Claim(live(world, token).token_id, "192.0.2.9", "TMPLother0000")
    assert world.store.activate([claim]) == [Refused(Refusal.TEMPLATE_MISMATCH)]
    assert world.store.look_up([login(token)]) == [Refused(Refusal.TEMPLATE_MISMATCH)]


def test_dead_tokens_are_told_from_live_ones(world: World) -> None:
    token, other = world.issue(), world.issue()
    ids = [activated(world, token).token_id, live(world, other).token_id]
    assert world.store.live_tokens(ids).keys() == set(ids)
    world.kill(token)
    assert world.store.live_tokens(ids).keys() == {ids[1]}
    assert world.store.look_up([login(token)]) == [Refused(Refusal.DELETED)]


def test_newer_connections_supersede_older_ones(world: World) -> None:
    device_id = activated(world, world.issue()).device_id

    def attach(connection_id: int, gateway: str) -> list[Superseded]:
        return world.store.flush(Batch(attached=[Attach(device_id, connection_id, gateway, "192.0.2.9", 23)]))

    assert attach(1, "here") == []
    assert attach(1, "here") == []
    assert attach(2, "there") == [Superseded(device_id, 1, "here")]
    world.store.flush(Batch(detached=[Detach(device_id, 1, "late")]))
    assert attach(3, "here") == [Superseded(device_id, 2, "there")]
    world.store.flush(Batch(detached=[Detach(device_id, 3, "gone")]))
    assert attach(4, "here") == []


def test_the_latest_value_of_each_pin_is_kept(world: World) -> None:
    device_id = activated(world, world.issue()).device_id
    rows = [Written(device_id, pin, value) for pin, value in ((9, "a"), (1, "b"), (9, "c"))]
    assert world.store.flush(Batch(written=rows)) == []
    assert world.store.pin_values(device_id, None) == [(1, "b"), (9, "c")]
    assert world.store.pin_values(device_id, [9, 10]) == [(9, "c")]
    assert world.store.pin_values(device_id, []) == []


def test_metadata_is_kept_by_name(world: World) -> None:
    device_id = activated(world, world.issue()).device_id
    world.store.flush(Batch(meta=[Meta(device_id, "Room", "Kitchen"), Meta(device_id, "Hotspot Name", "Blynk-9A4R")]))
    assert world.store.metadata(device_id, "Room") == "Kitchen"
    assert world.store.metadata(device_id, "Hotspot Name") == "Blynk-9A4R"
    assert world.store.metadata(device_id, "Nothing") is None


def test_the_name_of_a_device_is_metadata(template: Template, cast: Cast) -> None:
    opened = sessions.open_session(template=template, by=cast.alice)
    activation.activate([Claim(opened.session.token.pk, "192.0.2.9")])
    device = Device.objects.get()
    assert DjangoStore().metadata(device.pk, "Device Name") == device.name


def test_nothing_asked_is_nothing_answered(world: World) -> None:
    assert world.store.look_up([]) == []
    assert world.store.activate([]) == []
    assert world.store.flush(Batch()) == []
    assert world.store.live_tokens([]) == {}
