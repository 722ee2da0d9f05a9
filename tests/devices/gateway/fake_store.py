"""A store in memory, held to the same contract as the real one, that can be away or hang."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from console.kit.tokens import TOKEN_PREFIX, digest, new_secret
from devices.actions.values import Activated, Attach, Batch, Claim, LiveToken, Login, Refused, Superseded
from devices.gateway.port import StoreUnavailable
from devices.status import Refusal

TEAM = 1


@dataclass(slots=True)
class FakeToken:
    token_id: int
    template_id: str
    device_id: int | None = None
    refusal: Refusal | None = None


class FakeStore:
    """See `devices.gateway.port.Store`. `is_away` makes every call fail, `gate.clear()` makes every call hang."""

    def __init__(self) -> None:
        self.is_away = False
        self.gate = threading.Event()
        self.gate.set()
        self.batches: list[Batch] = []
        self.poison: str = ""
        self._tokens: dict[bytes, FakeToken] = {}
        self._attached: dict[int, Attach] = {}
        self._pins: dict[int, dict[int, str]] = {}
        self._meta: dict[tuple[int, str], str] = {}
        self._device_count = 0

    # What tests arrange

    def issue(self, template_id: str = "TMPLfake00001", *, device_id: int | None = None) -> str:
        """A live token, pending unless it has a device."""
        token = new_secret(TOKEN_PREFIX)
        self._tokens[digest(token)] = FakeToken(len(self._tokens) + 1, template_id, device_id)
        self._device_count = max(self._device_count, device_id or 0)
        return token

    def revoke(self, token: str, reason: Refusal) -> None:
        self._tokens[digest(token)].refusal = reason

    # What the gateway asks

    def look_up(self, logins: Sequence[Login]) -> list[LiveToken | Refused]:
        self._answer()
        return [self._verdict(self._tokens.get(login.digest)) for login in logins]

    def activate(self, claims: Sequence[Claim]) -> list[Activated | Refused]:
        self._answer()
        by_id = {token.token_id: token for token in self._tokens.values()}
        return [self._outcome(by_id.get(claim.token_id), claim) for claim in claims]

    def flush(self, batch: Batch) -> list[Superseded]:
        self._answer()
        if self.poison and any(row.value == self.poison for row in batch.written):
            raise ValueError("a row that cannot be stored")
        self.batches.append(batch)
        superseded = [row for row in map(self._attach, batch.attached) if row]
        for written in batch.written:
            self._pins.setdefault(written.device_id, {})[written.pin] = written.value
        for meta in batch.meta:
            self._meta[meta.device_id, meta.name] = meta.value
        for detach in batch.detached:
            attached = self._attached.get(detach.device_id)
            if attached and attached.connection_id == detach.connection_id:
                del self._attached[detach.device_id]
        return superseded

    def live_tokens(self, token_ids: Collection[int]) -> dict[int, int | None]:
        self._answer()
        live = [t for t in self._tokens.values() if t.token_id in token_ids and t.refusal is None]
        return {token.token_id: token.device_id for token in live}

    def pin_values(self, device_id: int, pins: Sequence[int] | None) -> list[tuple[int, str]]:
        self._answer()
        values = self._pins.get(device_id, {})
        return sorted((pin, value) for pin, value in values.items() if pins is None or pin in pins)

    def metadata(self, device_id: int, name: str) -> str | None:
        self._answer()
        return self._meta.get((device_id, name))

    def close(self) -> None:
        pass

    def _answer(self) -> None:
        self.gate.wait(30)
        if self.is_away:
            raise StoreUnavailable

    def _verdict(self, token: FakeToken | None) -> LiveToken | Refused:
        if token is None:
            return Refused(Refusal.UNKNOWN)
        if token.refusal:
            return Refused(token.refusal)
        return LiveToken(token.token_id, TEAM, token.template_id, token.device_id)

    def _outcome(self, token: FakeToken | None, claim: Claim) -> Activated | Refused:
        if token is None:
            return Refused(Refusal.UNKNOWN)
        if token.refusal is None and claim.template_id not in (None, token.template_id):
            token.refusal = Refusal.TEMPLATE_MISMATCH
        if token.refusal:
            return Refused(token.refusal)
        if token.device_id is not None:
            return Activated(token.token_id, token.device_id, is_new=False)
        self._device_count += 1
        token.device_id = self._device_count
        return Activated(token.token_id, token.device_id, is_new=True)

    def _attach(self, row: Attach) -> Superseded | None:
        before, self._attached[row.device_id] = self._attached.get(row.device_id), row
        if before is None or before.connection_id == row.connection_id:
            return None
        return Superseded(row.device_id, before.connection_id, before.gateway)
