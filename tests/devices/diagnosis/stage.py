"""One session opened through the API, a gateway on the real store, and what boards do to it."""

import contextlib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from devices import tasks
from devices.actions import sessions
from devices.actions.sessions import Opened
from devices.gateway.store import DjangoStore
from devices.models import AuthToken, FailedConnection, ProvisioningSession, RefusedLogin
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import Caller, caller
from tests.devices.gateway.certificates import Authority
from tests.devices.gateway.harness import PATIENCE, Device, RunningGateway, quick, until


@dataclass(slots=True)
class Stage:
    """`session_id` and `token` are those of the session that findings are asked of."""

    authority: Authority
    template: Template
    cast: Cast
    who: Caller
    session_id: int = 0
    token: str = ""
    boards: list[Device] = field(default_factory=list)
    _running: RunningGateway | None = None

    @property
    def running(self) -> RunningGateway:
        """The gateway, from when it is first needed."""
        if self._running is None:
            certificate, key = self.authority.certificate, self.authority.key
            options = quick(tls_cert=certificate, tls_key=key, login_deadline_seconds=1.0, refusals_per_hint=2)
            self._running = RunningGateway(DjangoStore(), options).__enter__()
        return self._running

    def close(self) -> None:
        for board in self.boards:
            board.close()
        if self._running:
            self._running.stop()
            assert self._running.faults == []

    def open(self, who: Caller | None = None) -> None:
        """Open a session as an app does; it becomes the one that is asked about."""
        self.who = who or self.who
        answer = self.who.post("provisioning-sessions/", {"template_id": self.template.template_id})
        assert answer.status == 201, answer
        self.session_id, self.token = answer.data["id"], answer.data["token"]

    def earlier(self) -> str:
        """The token of another session of the team, opened before."""
        opened: Opened = sessions.open_session(template=self.template, by=self.cast.alice)
        return opened.token or ""

    @property
    def path(self) -> str:
        return f"provisioning-sessions/{self.session_id}/"

    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.who.get(self.path).data["findings"]
        return found

    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.findings()]

    def tell(self, kind: str, value: object) -> None:
        answer = self.who.post(f"{self.path}evidence/", {"kind": kind, "value": value})
        assert answer.status == 201, answer

    def log_in(self, token: str) -> int:
        """One login; the board hangs up after the answer."""
        with Device(self.running.port) as board:
            return board.log_in(token)

    def refused(self, token: str) -> None:
        assert self.log_in(token) in (0, 9)
        until(lambda: RefusedLogin.objects.exists() or FailedConnection.objects.exists())

    def expire(self) -> None:
        """The deadline passes, and the worker finds out."""
        past = timezone.now()
        ProvisioningSession.objects.filter(pk=self.session_id).update(expires_at=past)
        AuthToken.objects.filter(session=self.session_id).update(expires_at=past)
        tasks.expire_sessions()

    def send(self, words: bytes, *, tls: bool = False) -> None:
        """Bytes of something that is no board."""
        with Device(self.running.tls_port if tls else self.running.port) as peer:
            peer.sock.sendall(words)
            peer.expect_close()
        self.failed()

    def shake_hands(self, port: int, context: ssl.SSLContext, name: str) -> None:
        """A TLS handshake that the client does not like."""
        sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        try:
            with context.wrap_socket(sock, server_hostname=name) as peer:
                peer.recv(1)
        except OSError:
            pass
        finally:
            sock.close()
        self.failed()

    def hello(self, then: bytes) -> None:
        """A TLS 1.2 hello, and after the server's answer these bytes."""
        context = ssl.create_default_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        with Device(self.running.tls_port) as peer:
            peer.sock.sendall(outgoing.read())
            assert peer.sock.recv(65_536)
            peer.sock.sendall(then)
        self.failed()

    def failed(self) -> None:
        until(FailedConnection.objects.exists)


def stage_of(authority: Authority, template: Template, cast: Cast) -> Stage:
    return Stage(authority, template, cast, caller(cast.alice))
