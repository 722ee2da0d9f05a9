"""The gateway's store on Django: the only place in the gateway that knows the database."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from console.kit.transactions import DEADLOCK, atomic_again
from devices.actions import activation, connections, facts, logins, presence, readings
from devices.actions.values import Activated, Batch, Claim, LiveToken, Login, Refused, Superseded
from devices.gateway.port import StoreUnavailable


def _guarded[**P, T](call: Callable[P, T]) -> Callable[P, T]:
    """Each call stands alone: a connection that broke is thrown away, so that the next call opens a new one."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return call(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            raise StoreUnavailable(str(error)) from error

    return guarded


class DjangoStore:
    """See `devices.gateway.port.Store`."""

    @_guarded
    def look_up(self, logins_: Sequence[Login]) -> list[LiveToken | Refused]:
        return logins.look_up(logins_)

    @_guarded
    def activate(self, claims: Sequence[Claim]) -> list[Activated | Refused]:
        return activation.activate(claims)

    @_guarded
    @atomic_again(DEADLOCK)
    def flush(self, batch: Batch) -> list[Superseded]:
        superseded = presence.attach(batch.attached)
        facts.report(batch.facts)
        facts.set_metadata(batch.meta)
        readings.write(batch.written)
        facts.log_events(batch.logged)
        connections.record(batch.failures)
        presence.heard(batch.heard)
        presence.detach(batch.detached)
        return superseded

    @_guarded
    def live_tokens(self, token_ids: Collection[int]) -> dict[int, int | None]:
        return logins.live_tokens(token_ids)

    @_guarded
    def pin_values(self, device_id: int, pins: Sequence[int] | None) -> list[tuple[int, str]]:
        return readings.latest(device_id=device_id, pins=pins)

    @_guarded
    def metadata(self, device_id: int, name: str) -> str | None:
        return facts.metadata(device_id=device_id, name=name)

    def close(self) -> None:
        connection.close()
